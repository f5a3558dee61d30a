"""Operators that only rename elements: the same storage under another shape, or a part of it.

They cost nothing: no element is computed, moved or kept for them.
"""

from dataclasses import dataclass
from math import prod

from archlens.cost import Cost
from archlens.errors import OperatorError
from archlens.ops.attribute import written
from archlens.ops.channels import Channels, Value
from archlens.ops.normalization import resolve_axes, resolve_axis
from archlens.ops.operator import Op, Shape, Shapes, positive, register, shown, size
from archlens.ops.rearrangement import Along, Laid, Rearrangement, Turned
from archlens.ops.span import HERE, Span

__all__ = [
    "Dropout",
    "Flatten",
    "Identity",
    "Input",
    "Reshape",
    "Slice",
    "Split",
    "Transpose",
    "Unknown",
    "View",
]


class View(Op):
    """An operator whose output is its input's elements under another shape, so that nothing is moved."""

    __slots__ = ()
    work = "view"
    alias = True

    def cost(self, inputs: Shapes, output: Shape) -> Cost:
        """Nothing: no element moves."""
        return Cost()


@register("input")
@dataclass(frozen=True, slots=True)
class Input(View):
    """A tensor that the network is given."""

    arity = 0

    shape: Shape

    def check(self) -> None:
        if not self.shape or min(self.shape) < 1:
            raise OperatorError(f"shape={written(self.shape)}: expected lengths, such as [1, 3, 224, 224]")

    def output(self, inputs: Shapes) -> Shape:
        return self.shape


@dataclass(frozen=True, slots=True)
class Unknown(Op):
    """An operator that archlens has no rule for: its output is known, its cost is not."""

    kind = "unknown"
    arity = None
    costed = False

    name: str
    shape: Shape

    def output(self, inputs: Shapes) -> Shape:
        return self.shape

    def mixes(self, inputs: Shapes) -> None:
        return None

    def cost(self, inputs: Shapes, output: Shape) -> Cost:
        """Unknown, so zero here: whoever adds it up says that the total is a lower bound."""
        return Cost()


@register("identity")
@dataclass(frozen=True, slots=True)
class Identity(View):
    """What comes in goes out."""

    def output(self, inputs: Shapes) -> Shape:
        return inputs[0]


@register("dropout")
@dataclass(frozen=True, slots=True)
class Dropout(View):
    """Dropout, which does nothing at inference."""

    probability: float = 0.5

    def check(self) -> None:
        if not 0 <= self.probability <= 1:
            raise OperatorError(f"probability={self.probability} is not between 0 and 1")

    def output(self, inputs: Shapes) -> Shape:
        return inputs[0]


@register("flatten")
@dataclass(frozen=True, slots=True)
class Flatten(View):
    """The axes from `start` on, as one."""

    start: int = 1

    def output(self, inputs: Shapes) -> Shape:
        (x,) = inputs
        start = resolve_axis("start", self.start, x)
        return (*x[:start], size(x[start:]))

    def mixes(self, inputs: Shapes) -> None:
        return None

    def rearrangement(self, inputs: Shapes) -> Rearrangement:
        return (Laid(self.output(inputs)),)


@register("reshape")
@dataclass(frozen=True, slots=True)
class Reshape(View):
    """The elements under a new shape, batch included: 0 keeps an axis, one −1 takes the rest."""

    shape: tuple[int, ...]

    def output(self, inputs: Shapes) -> Shape:
        (x,) = inputs
        wanted = self.shape
        if not wanted or min(wanted) < -1 or wanted.count(-1) > 1 or 0 in wanted[len(x) :]:
            raise OperatorError(f"shape={written(wanted)}: expected lengths, 0 to keep one, at most one -1")
        lengths = [x[axis] if length == 0 else length for axis, length in enumerate(wanted)]
        known = prod(length for length in lengths if length != -1)
        if -1 in lengths:
            lengths[lengths.index(-1)] = size(x) // known
        if prod(lengths) != size(x):
            raise OperatorError(f"{shown(x)} has {size(x)} elements and cannot become {shown(wanted)}")
        return tuple(lengths)

    def mixes(self, inputs: Shapes) -> None:
        return None

    def rearrangement(self, inputs: Shapes) -> Rearrangement:
        return (Laid(self.output(inputs)),)


@register("transpose")
@dataclass(frozen=True, slots=True)
class Transpose(View):
    """The axes in another order, batch included: a change of strides."""

    order: tuple[int, ...]

    def output(self, inputs: Shapes) -> Shape:
        (x,) = inputs
        order = resolve_axes("order", self.order, x)
        if len(order) != len(x):
            raise OperatorError(f"order={written(self.order)} does not name every axis of {shown(x)}")
        return tuple(x[axis] for axis in order)

    def mixes(self, inputs: Shapes) -> None:
        return None

    def rearrangement(self, inputs: Shapes) -> Rearrangement:
        return (Turned(resolve_axes("order", self.order, inputs[0])),)


@register("split")
@dataclass(frozen=True, slots=True)
class Split(View):
    """Part `index` of `parts` equal ones along an axis, read in place."""

    parts: int
    index: int
    axis: int = 1

    def check(self) -> None:
        positive(parts=self.parts)
        if not 0 <= self.index < self.parts:
            raise OperatorError(f"index={self.index} is not one of {self.parts} parts, 0 to {self.parts - 1}")

    def output(self, inputs: Shapes) -> Shape:
        (x,) = inputs
        axis = resolve_axis("axis", self.axis, x)
        if x[axis] % self.parts:
            what = "channels" if axis == 1 else f"elements along axis {axis}"
            raise OperatorError(f"{x[axis]} {what} cannot be split into {self.parts} equal parts")
        return (*x[:axis], x[axis] // self.parts, *x[axis + 1 :])

    def spans(self, inputs: Shapes) -> tuple[Span, ...]:
        axis = resolve_axis("axis", self.axis, inputs[0])
        return cut(inputs[0], axis, self.index * (inputs[0][axis] // self.parts))

    def rearrangement(self, inputs: Shapes) -> Rearrangement:
        axis = resolve_axis("axis", self.axis, inputs[0])
        return (Along(axis, Span.every(1, self.index * (inputs[0][axis] // self.parts))),)

    def channels(self, inputs: Shapes, known: tuple[Channels[Value], ...]) -> Channels[Value]:
        (x,) = inputs
        if resolve_axis("axis", self.axis, x) != 1:
            return known[0]
        wide = x[1] // self.parts
        return known[0].taken(self.index * wide, (self.index + 1) * wide)


@register("slice")
@dataclass(frozen=True, slots=True)
class Slice(View):
    """The elements from `start` up to, not including, `stop` along an axis, read in place."""

    start: int
    stop: int
    axis: int = 1

    def output(self, inputs: Shapes) -> Shape:
        (x,) = inputs
        axis = resolve_axis("axis", self.axis, x)
        if not 0 <= self.start < self.stop <= x[axis]:
            raise OperatorError(f"start={self.start}, stop={self.stop}: no part of axis {axis} of {shown(x)}")
        return (*x[:axis], self.stop - self.start, *x[axis + 1 :])

    def spans(self, inputs: Shapes) -> tuple[Span, ...]:
        return cut(inputs[0], resolve_axis("axis", self.axis, inputs[0]), self.start)

    def rearrangement(self, inputs: Shapes) -> Rearrangement:
        return (Along(resolve_axis("axis", self.axis, inputs[0]), Span.every(1, self.start)),)

    def channels(self, inputs: Shapes, known: tuple[Channels[Value], ...]) -> Channels[Value]:
        (x,) = inputs
        along = resolve_axis("axis", self.axis, x)
        return known[0].taken(self.start, self.stop) if along == 1 else known[0]


def cut(x: Shape, axis: int, start: int) -> tuple[Span, ...]:
    """What the places of a part of a map see, that begins at `start` along an axis."""
    return tuple(Span(1, (start,), (start,)) if at == axis else HERE for at in range(2, len(x)))
