"""One line of the tape: an operator that ran, before it has become a node of the graph."""

from dataclasses import dataclass

from archlens.ops import Op, Shape
from archlens.recorder.value import Weight

__all__ = ["Entry"]


@dataclass(frozen=True, slots=True)
class Entry:
    """An operator that ran. Its name and its cost are worked out when the graph is made.

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
