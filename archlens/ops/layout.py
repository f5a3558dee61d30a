"""Operators that move elements without computing any: joins, shuffles, paddings, enlargements.

They read and write; what can stay where it is (a reshape, a split) is a view and costs nothing.
"""

from dataclasses import dataclass

from archlens.cost import Cost
from archlens.errors import OperatorError
from archlens.ops.attribute import written
from archlens.ops.channels import Channels, Value
from archlens.ops.interpolation import interpolation
from archlens.ops.normalization import resolve_axis
from archlens.ops.operator import Op, Shape, Shapes, positive, register, shown, size, spatial
from archlens.ops.rearrangement import Along, Rearrangement
from archlens.ops.span import Span
from archlens.ops.window import per_axis

__all__ = ["ChannelShuffle", "Concat", "Pad", "Upsample"]


@register("concat")
@dataclass(frozen=True, slots=True)
class Concat(Op):
    """Two or more tensors joined along an axis, channels unless given."""

    arity = None
    work = "concat"

    axis: int = 1

    def output(self, inputs: Shapes) -> Shape:
        first = inputs[0]
        axis = resolve_axis("axis", self.axis, first)
        if len({(len(x), x[:axis], x[axis + 1 :]) for x in inputs}) > 1:
            maps = " and ".join(map(shown, inputs))
            raise OperatorError(f"maps of {maps} cannot be joined along axis {axis}: the other axes differ")
        return (*first[:axis], sum(x[axis] for x in inputs), *first[axis + 1 :])

    def mixes(self, inputs: Shapes) -> tuple[int, ...] | None:
        """Along another axis than the channels, the places of the second tensor move."""
        return () if resolve_axis("axis", self.axis, inputs[0]) == 1 else None

    def channels(self, inputs: Shapes, known: tuple[Channels[Value], ...]) -> Channels[Value]:
        return known[0].beside(known[1:])

    def cost(self, inputs: Shapes, output: Shape) -> Cost:
        """A copy: reads = writes = elements of the output."""
        return Cost(reads=size(output), writes=size(output))


@register("channel_shuffle")
@dataclass(frozen=True, slots=True)
class ChannelShuffle(Op):
    """Channels dealt out to `groups` in turn (ShuffleNet, arXiv 1707.01083, §3.1)."""

    work = "shuffle"

    groups: int

    def check(self) -> None:
        positive(groups=self.groups)

    def output(self, inputs: Shapes) -> Shape:
        (x,) = inputs
        spatial("a channel shuffle", x)
        if x[1] % self.groups:
            raise OperatorError(f"{x[1]} channels are not divisible by groups={self.groups}")
        return x

    def channels(self, inputs: Shapes, known: tuple[Channels[Value], ...]) -> Channels[Value]:
        return known[0].dealt(self.groups)

    def cost(self, inputs: Shapes, output: Shape) -> Cost:
        """A copy: reads = writes = elements of the input."""
        return Cost(reads=size(output), writes=size(output))


@register("pad")
@dataclass(frozen=True, slots=True)
class Pad(Op):
    """Zeros before and after the last axes: `padding` has a (before, after) pair for each.

    Two pairs pad height and width, three pad the channels too. `value` stands in the place of zero.
    """

    work = "copy"

    padding: tuple[tuple[int, int], ...]
    value: float = 0.0

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

    def spans(self, inputs: Shapes) -> tuple[Span, ...]:
        axes = len(inputs[0]) - 2
        before = [0] * axes + [pair[0] for pair in self.padding]
        return tuple(Span(1, (-more,), (-more,)) for more in before[len(before) - axes :])

    def rearrangement(self, inputs: Shapes) -> Rearrangement:
        first = len(inputs[0]) - len(self.padding)
        return tuple(
            Along(axis, Span.every(1, -before)) for axis, (before, _) in enumerate(self.padding, first)
        )

    def channels(self, inputs: Shapes, known: tuple[Channels[Value], ...]) -> Channels[Value]:
        axes = len(inputs[0]) - 2
        return known[0].padded(*self.padding[-axes - 1]) if len(self.padding) > axes else known[0]

    def cost(self, inputs: Shapes, output: Shape) -> Cost:
        """A copy into a larger map: reads = elements of the input, writes = of the output."""
        return Cost(reads=size(inputs[0]), writes=size(output))


@register("upsample")
@dataclass(frozen=True, slots=True)
class Upsample(Op):
    """A larger map: every spatial axis `scale` times as long, or `size` elements.

    mode           nearest takes the neighbour below each place, nearest_exact the closest; bilinear computes
    align_corners  whether the corners of both maps lie on each other, for bilinear
    """

    words = frozenset({"nearest", "nearest_exact", "bilinear"})
    work = "copy"

    scale: int | None = None
    size: int | tuple[int, ...] | None = None
    mode: str = "nearest"
    align_corners: bool = False

    def check(self) -> None:
        if (self.scale is None) == (self.size is None):
            raise OperatorError(f"scale={self.scale}, size={written(self.size)}: one of the two is needed")
        if self.scale is not None:
            positive(scale=self.scale)
        if self.align_corners and self.mode != "bilinear":
            raise OperatorError(f"align_corners=true is for mode=bilinear, not {self.mode}")

    def output(self, inputs: Shapes) -> Shape:
        (x,) = inputs
        axes = spatial("an upsampling", x)
        if self.mode == "bilinear" and len(axes) != 2:
            raise OperatorError(f"bilinear upsampling needs height and width, got {shown(x)}")
        if self.size is not None:
            return (*x[:2], *per_axis("size", self.size, len(axes)))
        assert self.scale is not None
        return (*x[:2], *(length * self.scale for length in axes))

    def spans(self, inputs: Shapes) -> tuple[Span, ...]:
        """See `interpolation`."""
        (x,) = inputs
        kernel = {"nearest": "floor", "nearest_exact": "nearest"}.get(self.mode, "linear")
        places = "asymmetric" if self.mode == "nearest" else "half_pixel"
        return tuple(
            interpolation(length, wanted, kernel, places)
            for length, wanted in zip(x[2:], self.output(inputs)[2:], strict=True)
        )

    def cost(self, inputs: Shapes, output: Shape) -> Cost:
        """Nearest copies elements; bilinear computes each output from its four neighbours.

        elementwise = 0 (nearest) or elements of the output (bilinear)
        reads       = elements of the input
        writes      = elements of the output
        """
        computed = size(output) if self.mode == "bilinear" else 0
        return Cost(elementwise=computed, reads=size(inputs[0]), writes=size(output))
