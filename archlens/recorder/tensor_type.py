"""What a user says of the inputs of a model: shapes and types, by the names of the arguments."""

from collections.abc import Mapping
from dataclasses import dataclass

from archlens.ops import Shape

__all__ = ["DTYPES", "Inputs", "TensorType"]

DTYPES = (
    "bool", "uint8", "int8", "int16", "int32", "int64",
    "float16", "bfloat16", "float32", "float64", "complex64", "complex128",
)  # fmt: skip
"""What an input may hold, as PyTorch calls it."""


@dataclass(frozen=True, slots=True)
class TensorType:
    """What goes in: the shape of one image or sample, and what it holds.

    dtype  one of DTYPES; "" is the type of the weights, or the one that a program was exported with
    """

    shape: Shape
    dtype: str = ""


Inputs = Mapping[str, TensorType]
"""By the name of the argument; "" is the first one."""
