"""What every operator is: attributes, a shape rule and a cost rule in one frozen class."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import MISSING, fields
from math import prod
from types import MappingProxyType
from typing import Any, ClassVar, TypeVar

from archlens.cost import Cost
from archlens.errors import OperatorError
from archlens.ops.attribute import attributes_of
from archlens.ops.channels import Channels, Value
from archlens.ops.rearrangement import Rearrangement
from archlens.ops.span import HERE, Span
from archlens.ops.window import Window

__all__ = ["OPERATORS", "Op", "Shape", "Shapes", "positive", "register"]

Shape = tuple[int, ...]
Shapes = tuple[Shape, ...]


class Op(ABC):
    """One operator. Subclasses are frozen dataclasses; their fields are the operator's attributes.

    The rules are pure functions of the attributes and the input shapes (batch first, channels
    second), so their results may be kept by value. Without both rules a class cannot be
    instantiated: an operator that costs nothing says so.
    """

    __slots__ = ()

    kind: ClassVar[str] = ""
    arity: ClassVar[int | None] = 1
    """How many tensors it takes; None for two or more."""
    words: ClassVar[frozenset[str]] = frozenset()
    """The words that its attributes may hold, such as `same` for a padding."""
    costed: ClassVar[bool] = True
    """False where no rule tells the cost: totals that include it are lower bounds."""
    work: ClassVar[str] = ""
    """What it spends its time on, in a word: convolution, linear, product, pooling, reduction, normalization,
    activation, add, multiply, scale, concat, shuffle, copy or view."""
    alias: ClassVar[bool] = False
    """Whether its output is its input under another shape: nothing is computed, moved or kept for it."""
    pointwise: ClassVar[bool] = False
    """Whether it is a function of each element by itself: it can write over its input, or be computed by
    whoever makes that."""
    scales_channels: ClassVar[bool] = False
    """Whether it scales and shifts each channel by constants, which the weights before it can take over."""
    sees_everything: ClassVar[bool] = True
    """Whether an output sees every place where its `mixes` is None. False: nothing tells what it sees."""
    saves: ClassVar[frozenset[str]] = frozenset()
    """What its gradient needs of the forward pass: `input` (all of them), `output`, both or neither."""

    def __post_init__(self) -> None:
        for attribute in attributes_of(type(self), self.words):
            attribute.check(getattr(self, attribute.name))
        self.check()

    def check(self) -> None:  # noqa: B027  # most operators have nothing to add to the types
        """Raise an OperatorError unless the attributes make sense. Their types have been checked."""

    @abstractmethod
    def output(self, inputs: Shapes) -> Shape:
        """The shape of the output, or an OperatorError that names the values which do not fit."""

    @abstractmethod
    def cost(self, inputs: Shapes, output: Shape) -> Cost:
        """What one execution costs. The docstring of each rule states its formula and its source."""

    def windows(self, inputs: Shapes) -> tuple[Window, ...]:
        """The window that slides along each spatial axis; none for operators without one."""
        return ()

    def spans(self, inputs: Shapes) -> tuple[Span, ...] | None:
        """What each output sees along each spatial axis; None where it may see every place there is.

        Unless an operator says otherwise: its windows, or the very place where the output stands, or
        everything along axes that it mixes.
        """
        if sliding := self.windows(inputs):
            return tuple(map(Span.of_window, sliding))
        mixed = self.mixes(inputs)
        if mixed is None or any(axis > 1 for axis in mixed):
            return None
        return (HERE,) * max(0, len(inputs[0]) - 2) if inputs else ()

    def mixes(self, inputs: Shapes) -> tuple[int, ...] | None:
        """The axes along which each output sees everything; None where places do not stay what they were.

        Windows do not count, nor the statistics of a normalisation. Unless an operator says otherwise:
        no axis.
        """
        return ()

    def rearrangement(self, inputs: Shapes) -> Rearrangement | None:
        """How the output's elements come from the first input's, if the operator only rearranges them.

        That is, if it only cuts, turns, pads or lays out elements anew.

        None for an operator that does more, or of which nothing tells.
        """
        return None

    def channels(self, inputs: Shapes, known: tuple[Channels[Value], ...]) -> Channels[Value]:
        """What is known about each output channel, from what is known about those of the inputs.

        Unless an operator says otherwise: the same as about the input's, or about their sum's.
        """
        return known[0].onto(known[1:]) if len(known) > 1 else known[0]

    def kernels(self, inputs: Shapes) -> int:
        """How many kernels an eager framework launches for it."""
        return 0 if self.alias else 1

    def absorbing_scale(self, inputs: Shapes) -> "Op | None":
        """The same operator with weights that also scale and shift its output channels, if it has such."""
        return None

    def label(self, inputs: Shapes) -> str:
        """What a table by operator calls it: its kind, finer where one kind has cheap and dear forms."""
        return self.kind

    def attributes(self) -> dict[str, Any]:
        """The attributes that differ from their defaults, in the order of the class."""
        return {
            field.name: value
            for field in fields(self)  # type: ignore[arg-type]  # every subclass is a dataclass
            if (value := getattr(self, field.name)) != field.default
        }

    @classmethod
    def parameters(cls) -> dict[str, bool]:
        """The names of the attributes, each with whether it must be given."""
        return {f.name: f.default is MISSING for f in fields(cls)}  # type: ignore[arg-type]


_registry: dict[str, type[Op]] = {}
OPERATORS = MappingProxyType(_registry)
"""Every registered operator by the name that specs call it."""

OpType = TypeVar("OpType", bound=type[Op])


def register(kind: str) -> Callable[[OpType], OpType]:
    """Give an operator the name under which specs, tables and module paths know it."""

    def add(cls: OpType) -> OpType:
        if kind in _registry:
            raise ValueError(f"operator {kind!r} is registered twice")
        cls.kind = kind
        _registry[kind] = cls
        return cls

    return add


def positive(**values: int) -> None:
    """Raise an OperatorError for an attribute that is an integer below 1."""
    for name, value in values.items():
        if value < 1:
            raise OperatorError(f"{name}={value} is not a positive integer")


def size(shape: Shape) -> int:
    """Elements in a tensor of this shape."""
    return prod(shape)


def shown(shape: Shape) -> str:
    """A shape as people write it: 1×64×56×56."""
    return "×".join(map(str, shape))


def spatial(kind: str, x: Shape) -> tuple[int, ...]:
    """The axes behind batch and channels, of which a spatial operator needs at least one."""
    if len(x) < 3:
        raise OperatorError(f"{kind} needs a map with spatial axes, got {shown(x)}")
    return x[2:]
