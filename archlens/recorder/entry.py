"""What a recording notes of one operator that ran."""

from dataclasses import dataclass

from archlens.ops import Op, Shape
from archlens.recorder.value import Weight

__all__ = ["Entry"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A node to be: it gets its name and its cost in the end.

    scope    the path of the module that ran it
    weights  what it counts among its parameters
    name     the name that it would like within its scope, if any
    """

    op: Op
    inputs: tuple[int, ...]
    shape: Shape
    scope: str
    weights: tuple[Weight, ...] = ()
    name: str = ""
