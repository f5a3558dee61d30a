"""Pooling: one output per window."""

from dataclasses import dataclass
from math import gcd

from archlens.cost import Cost
from archlens.errors import OperatorError
from archlens.ops.attribute import written
from archlens.ops.operator import Op, Shape, Shapes, register, size, spatial
from archlens.ops.span import Span
from archlens.ops.window import PADDING_WORDS, Padding, Window, per_axis, slide, windows

__all__ = [
    "AdaptiveAveragePool",
    "AdaptiveMaxPool",
    "AveragePool",
    "GlobalAveragePool",
    "GlobalMaxPool",
    "MaxPool",
]

Extent = int | tuple[int, ...]


def pooling_cost(x: Shape, y: Shape) -> Cost:
    """One output per window; the input is read once, however much the windows overlap.

    elementwise = n · c · h_out · w_out
    reads       = n · c · h · w
    writes      = n · c · h_out · w_out
    """
    return Cost(elementwise=size(y), reads=size(x), writes=size(y))


def _pooling_windows(
    x: Shape, kernel: Extent, stride: Extent | None, padding: Padding, dilation: Extent
) -> tuple[Window, ...]:
    sliding = windows(
        spatial("a pooling", x), kernel, kernel if stride is None else stride, dilation, padding
    )
    pairs = isinstance(padding, tuple) and any(isinstance(side, tuple) for side in padding)
    if pairs and any(max(w.before, w.after) >= w.extent for w in sliding):
        raise OperatorError(
            f"padding={written(padding)} is as wide as kernel={written(kernel)}: "
            "some windows would hold nothing"
        )
    if not pairs and padding not in PADDING_WORDS and any(w.before * 2 > w.extent for w in sliding):
        raise OperatorError(
            f"padding={written(padding)} is more than half of kernel={written(kernel)}: "
            "some windows would hold nothing"
        )
    return sliding


@register("max_pool")
@dataclass(frozen=True, slots=True)
class MaxPool(Op):
    """The largest element of each window. The stride is the kernel unless given."""

    words = PADDING_WORDS
    work = "pooling"
    saves = frozenset({"input"})

    kernel: Extent
    stride: Extent | None = None
    padding: Padding = 0
    dilation: Extent = 1
    ceil_mode: bool = False

    def windows(self, inputs: Shapes) -> tuple[Window, ...]:
        return _pooling_windows(inputs[0], self.kernel, self.stride, self.padding, self.dilation)

    def output(self, inputs: Shapes) -> Shape:
        (x,) = inputs
        return (*x[:2], *slide(x[2:], self.windows(inputs), ceil_mode=self.ceil_mode))

    def cost(self, inputs: Shapes, output: Shape) -> Cost:
        """See `pooling_cost`."""
        return pooling_cost(inputs[0], output)


@register("average_pool")
@dataclass(frozen=True, slots=True)
class AveragePool(Op):
    """The mean of each window. The stride is the kernel unless given.

    `count_include_pad` divides by the window's size even where it hangs over the border: it
    changes the numbers that come out, not what they cost.
    """

    words = PADDING_WORDS
    work = "pooling"
    saves = frozenset({"input"})

    kernel: Extent
    stride: Extent | None = None
    padding: Padding = 0
    ceil_mode: bool = False
    count_include_pad: bool = True

    def windows(self, inputs: Shapes) -> tuple[Window, ...]:
        return _pooling_windows(inputs[0], self.kernel, self.stride, self.padding, 1)

    def output(self, inputs: Shapes) -> Shape:
        (x,) = inputs
        return (*x[:2], *slide(x[2:], self.windows(inputs), ceil_mode=self.ceil_mode))

    def cost(self, inputs: Shapes, output: Shape) -> Cost:
        """See `pooling_cost`."""
        return pooling_cost(inputs[0], output)


@dataclass(frozen=True, slots=True)
class AdaptivePool(Op):
    """Windows chosen so that the map comes out at `size`."""

    work = "pooling"
    saves = frozenset({"input"})

    size: Extent

    def output(self, inputs: Shapes) -> Shape:
        (x,) = inputs
        return (*x[:2], *per_axis("size", self.size, len(spatial("a pooling", x))))

    def spans(self, inputs: Shapes) -> tuple[Span, ...] | None:
        """Output o of m sees the inputs ⌊o·n / m⌋ … ⌈(o + 1)·n / m⌉ − 1 of n; a single one sees them all."""
        (x,) = inputs
        result = []
        for length, wanted in zip(x[2:], self.output(inputs)[2:], strict=True):
            if wanted == 1 < length:
                return None
            common = gcd(length, wanted)
            advance, period = length // common, wanted // common
            taps = [(o * advance // period, -(-(o + 1) * advance // period) - 1) for o in range(period)]
            result.append(Span.of_taps(advance, taps))
        return tuple(result)

    def cost(self, inputs: Shapes, output: Shape) -> Cost:
        """See `pooling_cost`."""
        return pooling_cost(inputs[0], output)


@register("adaptive_average_pool")
class AdaptiveAveragePool(AdaptivePool):
    """The mean of windows chosen so that the map comes out at `size`."""

    __slots__ = ()


@register("adaptive_max_pool")
class AdaptiveMaxPool(AdaptivePool):
    """The largest element of windows chosen so that the map comes out at `size`."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class GlobalPool(Op):
    """One window over each channel."""

    work = "pooling"

    keep_axes: bool = False

    def output(self, inputs: Shapes) -> Shape:
        (x,) = inputs
        axes = spatial("a pooling", x)
        return (*x[:2], *(1 for _ in axes)) if self.keep_axes else x[:2]

    def mixes(self, inputs: Shapes) -> tuple[int, ...]:
        return tuple(range(2, len(inputs[0])))

    def cost(self, inputs: Shapes, output: Shape) -> Cost:
        """See `pooling_cost`: the one window is the whole map."""
        return pooling_cost(inputs[0], output)


@register("global_average_pool")
class GlobalAveragePool(GlobalPool):
    """The mean of each channel: n×c, or n×c×1×1 with `keep_axes`."""

    __slots__ = ()


@register("global_max_pool")
class GlobalMaxPool(GlobalPool):
    """The largest element of each channel: n×c, or n×c×1×1 with `keep_axes`."""

    __slots__ = ()
    saves = frozenset({"input", "output"})
