"""What stands behind a name in an ONNX graph: the output of a node, a weight, or a constant."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy
from onnx import TypeProto, helper

from archlens.ops import Shape

__all__ = ["Array", "Deferred", "Value"]

Array = numpy.ndarray[Any, Any]


@dataclass(slots=True, eq=False)
class Deferred:
    """A node that computes with weights alone: part of the network only where a result is read as a tensor.

    An operator that has such a result for its own weight, such as a convolution behind a slice, counts what
    it reads and needs no node for it.

    make     appends the node; its outputs
    outputs  what stands for them as long as nobody reads them
    """

    make: "Callable[[], list[Value]]"
    outputs: "list[Value]" = field(default_factory=list)


@dataclass(frozen=True, slots=True, eq=False)
class Value:
    """What stands for a tensor of the file while its graph is read: its shape, its type, where it comes from.

    shape   None where only a run would tell
    dtype   the type of its elements, as ONNX numbers them; 0 where it is no tensor or unknown
    at      the position of the node that makes it; None for weights and constants
    weight  the name under which the file stores it, or what it is a view of; "" for what nodes compute and
            for buffers, which an operator may have for weights and which are no parameters
    part    which part of that weight it is, where it is not the whole
    learnt  whether it counts as learnable weights where it is read as a tensor
    named   whether the exporter says that it is a parameter
    data    its numbers, where they are known and few
    deferred  the node that makes it from weights, which stands for it where it is read as a tensor
    items   the tensors of a list, where it is one
    """

    shape: Shape | None
    dtype: int
    at: int | None = None
    weight: str = ""
    part: str = ""
    learnt: bool = False
    named: bool = False
    data: Array | None = None
    deferred: Deferred | None = None
    items: "tuple[Value, ...] | None" = None

    @property
    def fixed(self) -> bool:
        """Whether the tensor has the same elements in every run."""
        return self.at is None

    @property
    def constant(self) -> bool:
        """Whether it is the same in every run and nothing to be learnt."""
        return self.at is None and not self.learnt

    @property
    def integers(self) -> tuple[int, ...] | None:
        """The elements as a list of integers, where they are known."""
        return None if self.data is None else tuple(int(number) for number in self.data.flat)

    @property
    def number(self) -> float | None:
        """The only element, where there is just one and it is known and finite."""
        if self.data is None or self.data.size != 1 or self.data.dtype.kind not in "iufb":
            return None
        number = float(self.data.flat[0])
        return number if numpy.isfinite(number) else None

    def type(self) -> TypeProto:
        """The type as ONNX writes it."""
        return helper.make_tensor_type_proto(self.dtype, self.shape)
