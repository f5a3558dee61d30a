"""What a recording knows of a tensor: the node that made it, or what it is a view of."""

from collections.abc import Callable
from dataclasses import dataclass, field

from archlens.ops import Op, Shape

__all__ = ["Learnable", "Storage", "Value", "Weight"]


@dataclass(slots=True)
class Storage:
    """The memory that a tensor and its views share.

    version  how often it was written in place
    writer   the node that did so last
    outside  whether it is a parameter's, a buffer's or the caller's, which stay as they are
    unknown  whether its elements are unknown, though they are there
    """

    version: int = 0
    writer: int = -1
    outside: bool = False
    unknown: bool = False


@dataclass(frozen=True, slots=True)
class Learnable:
    """A parameter of the module: the path of its owner, its name there, how many elements it has."""

    scope: str
    name: str
    elements: int


@dataclass(frozen=True, slots=True)
class Weight:
    """A parameter, or a part of it, each of its elements once.

    offset    of the first element
    elements  how many
    """

    parameter: Learnable
    offset: int
    elements: int

    @property
    def whole(self) -> bool:
        """Whether it is the whole parameter and not a part."""
        return self.elements == self.parameter.elements


@dataclass(slots=True)
class Value:
    """What a tensor stands for.

    node    the node that made it; None for one that has not been needed as a tensor yet
    source  what makes that node, a parameter or a constant, and its name
    parent  what it is a view of
    view    how: None where the elements and the shape are the parent's
    scope   the module that made it
    weight  the parameter, or part of one, that it is
    """

    shape: Shape
    scope: str
    storage: Storage = field(default_factory=Storage)
    version: int = 0
    node: int | None = None
    source: tuple[Callable[[str, Shape], Op], str] | None = None
    parent: "Value | None" = None
    view: Op | None = None
    weight: Weight | None = None
