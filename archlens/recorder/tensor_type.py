"""What a user says of the inputs of a model: shapes, types and values, by the names of the arguments."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from archlens.ops import Shape

__all__ = ["DTYPES", "Inputs", "TensorType", "Value"]

DTYPES = (
    "bool", "uint8", "int8", "int16", "int32", "int64",
    "float16", "bfloat16", "float32", "float64", "complex64", "complex128",
)  # fmt: skip
"""What an input may hold, as PyTorch calls it."""


@dataclass(frozen=True, slots=True)
class TensorType:
    """What goes in: the shape of one image or sample, and what it holds.

    dtype     one of DTYPES; "" is the type of the weights, or the one that a program was exported with
    batched   whether an axis for the batch comes before the others
    elements  nested lists of numbers, where a forward looks at them; the shape is then theirs
    """

    shape: Shape
    dtype: str = ""
    batched: bool = True
    elements: Any = None

    def sized(self, batch: int) -> Shape:
        """The shape of a batch."""
        return (batch, *self.shape) if self.batched else self.shape


@dataclass(frozen=True, slots=True)
class Value:
    """An argument that is no tensor: a number, a word, a list, nothing."""

    value: Any


Inputs = Mapping[str, TensorType | Value]
"""By the name of the argument; "" is the first one."""
