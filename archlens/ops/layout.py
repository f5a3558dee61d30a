"""Operators that move, join, cut or rename elements without computing any.

A view (identity, dropout at inference, reshape, flatten, transpose, split, slice) costs nothing.
What has to copy (concat, channel shuffle, pad) reads and writes.
"""

from dataclasses import dataclass
from math import prod

from archlens.cost import Cost
from archlens.errors import OperatorError
from archlens.ops.attribute import written
from archlens.ops.normalization import resolve_axes, resolve_axis
from archlens.ops.operator import Op, Shape, Shapes, positive, register, shown, size, spatial
from archlens.ops.window import per_axis

__all__ = [
    "ChannelShuffle",
    "Concat",
    "Dropout",
    "Flatten",
    "Identity",
    "Input",
    "Pad",
    "Reshape",
    "Slice",
    "Split",
    "Transpose",
    "Unknown",
    "Upsample",
    "View",
]


class View(Op):
    """The same elements under another shape."""

    __slots__ = ()

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


@register("concat")
@dataclass(frozen=True, slots=True)
class Concat(Op):
    """Two or more tensors joined along an axis, channels unless given."""

    arity = None

    axis: int = 1

    def output(self, inputs: Shapes) -> Shape:
        first = inputs[0]
        axis = resolve_axis("axis", self.axis, first)
        if len({(len(x), x[:axis], x[axis + 1 :]) for x in inputs}) > 1:
            maps = " and ".join(map(shown, inputs))
            raise OperatorError(f"maps of {maps} cannot be joined along axis {axis}: the other axes differ")
        return (*first[:axis], sum(x[axis] for x in inputs), *first[axis + 1 :])

    def cost(self, inputs: Shapes, output: Shape) -> Cost:
        """A copy: reads = writes = elements of the output."""
        return Cost(reads=size(output), writes=size(output))


@register("channel_shuffle")
@dataclass(frozen=True, slots=True)
class ChannelShuffle(Op):
    """Channels dealt out to `groups` in turn (ShuffleNet, arXiv 1707.01083, §3.1)."""

    groups: int

    def check(self) -> None:
        positive(groups=self.groups)

    def output(self, inputs: Shapes) -> Shape:
        (x,) = inputs
        spatial("a channel shuffle", x)
        if x[1] % self.groups:
            raise OperatorError(f"{x[1]} channels are not divisible by groups={self.groups}")
        return x

    def cost(self, inputs: Shapes, output: Shape) -> Cost:
        """A copy: reads = writes = elements of the input."""
        return Cost(reads=size(output), writes=size(output))


@register("pad")
@dataclass(frozen=True, slots=True)
class Pad(Op):
    """Zeros before and after the last axes: `padding` has a (before, after) pair for each.

    Two pairs pad height and width, three pad the channels too.
    """

    padding: tuple[tuple[int, int], ...]

    def output(self, inputs: Shapes) -> Shape:
        (x,) = inputs
        pairs = self.padding
        if not 0 < len(pairs) < len(x) or min(map(min, pairs)) < 0:
            raise OperatorError(
                f"padding={written(pairs)}: expected a (before, after) pair for each of the last axes "
                f"of {shown(x)}, such as [[0, 1], [0, 1]]"
            )
        kept = len(x) - len(pairs)
        grown = (length + sum(pair) for length, pair in zip(x[kept:], pairs, strict=True))
        return (*x[:kept], *grown)

    def cost(self, inputs: Shapes, output: Shape) -> Cost:
        """A copy into a larger map: reads = elements of the input, writes = of the output."""
        return Cost(reads=size(inputs[0]), writes=size(output))


@register("upsample")
@dataclass(frozen=True, slots=True)
class Upsample(Op):
    """A larger map: every spatial axis `scale` times as long, or `size` elements."""

    words = frozenset({"nearest", "bilinear"})

    scale: int | None = None
    size: int | tuple[int, ...] | None = None
    mode: str = "nearest"

    def check(self) -> None:
        if (self.scale is None) == (self.size is None):
            raise OperatorError(f"scale={self.scale}, size={written(self.size)}: one of the two is needed")
        if self.scale is not None:
            positive(scale=self.scale)

    def output(self, inputs: Shapes) -> Shape:
        (x,) = inputs
        axes = spatial("an upsampling", x)
        if self.mode == "bilinear" and len(axes) != 2:
            raise OperatorError(f"bilinear upsampling needs height and width, got {shown(x)}")
        if self.size is not None:
            return (*x[:2], *per_axis("size", self.size, len(axes)))
        assert self.scale is not None
        return (*x[:2], *(length * self.scale for length in axes))

    def cost(self, inputs: Shapes, output: Shape) -> Cost:
        """Nearest copies elements; bilinear computes each output from its four neighbours.

        elementwise = 0 (nearest) or elements of the output (bilinear)
        reads       = elements of the input
        writes      = elements of the output
        """
        computed = size(output) if self.mode == "bilinear" else 0
        return Cost(elementwise=computed, reads=size(inputs[0]), writes=size(output))
