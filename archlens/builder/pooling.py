"""Poolings of one, two and three spatial axes."""

from collections.abc import Callable
from math import inf

from torch import Tensor, nn
from torch.nn import functional

from archlens import ops
from archlens.builder.arithmetic import Maximum, Mean
from archlens.builder.padding import PaddedInput, Sides, flat, uneven
from archlens.builder.rule import by_axes, module_for

__all__ = ["MeanOfInside"]

Modules = tuple[Callable[..., nn.Module], ...]
MAX: Modules = (nn.MaxPool1d, nn.MaxPool2d, nn.MaxPool3d)
AVERAGE: Modules = (nn.AvgPool1d, nn.AvgPool2d, nn.AvgPool3d)
ADAPTIVE_MAX: Modules = (nn.AdaptiveMaxPool1d, nn.AdaptiveMaxPool2d, nn.AdaptiveMaxPool3d)
ADAPTIVE_AVERAGE: Modules = (nn.AdaptiveAvgPool1d, nn.AdaptiveAvgPool2d, nn.AdaptiveAvgPool3d)


def overhang(x: ops.Shape, sliding: tuple[ops.Window, ...], *, ceil_mode: bool) -> tuple[int, ...]:
    """How far the last window of each axis reaches beyond the padding: only rounding up makes it."""
    return tuple(
        max(0, (positions - 1) * window.stride + window.extent - size - window.before - window.after)
        for size, window in zip(x[2:], sliding, strict=True)
        for positions in [window.positions(size, ceil_mode=ceil_mode)]
    )


def torch_pads(sliding: tuple[ops.Window, ...]) -> bool:
    """Whether torch's own pools take this padding: even, and at most half the kernel."""
    return not uneven(sliding) and all(2 * window.before <= window.kernel for window in sliding)


@module_for.register
def max_pool(op: ops.MaxPool, inputs: ops.Shapes) -> nn.Module:
    """Torch's own, behind a pad with −∞ where it cannot pad so itself."""
    (x,) = inputs
    sliding = op.windows(inputs)
    pool = by_axes("MaxPool", MAX, len(x) - 2)
    kernel = tuple(window.kernel for window in sliding)
    stride = tuple(window.stride for window in sliding)
    dilation = tuple(window.dilation for window in sliding)
    if torch_pads(sliding):
        padding = tuple(window.before for window in sliding)
        return pool(kernel, stride, padding, dilation, ceil_mode=op.ceil_mode)
    over = overhang(x, sliding, ceil_mode=op.ceil_mode)
    sides = tuple((window.before, window.after + more) for window, more in zip(sliding, over, strict=True))
    return PaddedInput(pool(kernel, stride, 0, dilation), sides, -inf)


@module_for.register
def average_pool(op: ops.AveragePool, inputs: ops.Shapes) -> nn.Module:
    """`nn.AvgPool2d` and its kin, behind a pad where it cannot pad so itself.

    A window's sum is divided by its elements inside the map, or inside the padded map if
    `count_include_pad`; what hangs over even that never counts.
    """
    (x,) = inputs
    sliding = op.windows(inputs)
    pool = by_axes("AvgPool", AVERAGE, len(x) - 2)
    kernel = tuple(window.kernel for window in sliding)
    stride = tuple(window.stride for window in sliding)
    if torch_pads(sliding):
        padding = tuple(window.before for window in sliding)
        return pool(kernel, stride, padding, op.ceil_mode, op.count_include_pad)
    sides = tuple((window.before, window.after) for window in sliding)
    over = tuple((0, more) for more in overhang(x, sliding, ceil_mode=op.ceil_mode))
    if not op.count_include_pad:
        outside = tuple((b, a + more) for (b, a), (_, more) in zip(sides, over, strict=True))
        return MeanOfInside(pool(kernel, stride), outside)
    inside = MeanOfInside(pool(kernel, stride), over) if any(flat(over)) else pool(kernel, stride)
    return PaddedInput(inside, sides)


@module_for.register
def adaptive_average_pool(op: ops.AdaptiveAveragePool, inputs: ops.Shapes) -> nn.Module:
    """`nn.AdaptiveAvgPool2d` and its kin."""
    return by_axes("AdaptiveAvgPool", ADAPTIVE_AVERAGE, len(inputs[0]) - 2)(op.size)


@module_for.register
def adaptive_max_pool(op: ops.AdaptiveMaxPool, inputs: ops.Shapes) -> nn.Module:
    """`nn.AdaptiveMaxPool2d` and its kin."""
    return by_axes("AdaptiveMaxPool", ADAPTIVE_MAX, len(inputs[0]) - 2)(op.size)


@module_for.register
def global_average_pool(op: ops.GlobalAveragePool, inputs: ops.Shapes) -> nn.Module:
    """A mean over all spatial axes."""
    return Mean(tuple(range(2, len(inputs[0]))), keep_axes=op.keep_axes)


@module_for.register
def global_max_pool(op: ops.GlobalMaxPool, inputs: ops.Shapes) -> nn.Module:
    """A maximum over all spatial axes."""
    return Maximum(tuple(range(2, len(inputs[0]))), keep_axes=op.keep_axes)


class MeanOfInside(nn.Module):
    """An average pool over padding that does not count: each sum over its elements inside the map."""

    def __init__(self, pool: nn.Module, sides: tuple[Sides, ...]) -> None:
        super().__init__()
        self.pool = pool
        self.padding = flat(sides)

    def forward(self, x: Tensor) -> Tensor:
        """The pooled map, divided by the share of each window that lies inside."""
        inside = x.new_ones((1, 1, *x.shape[2:]))
        pooled: Tensor = self.pool(functional.pad(x, self.padding))
        share: Tensor = self.pool(functional.pad(inside, self.padding))
        return pooled / share

    def extra_repr(self) -> str:
        """What `print` shows."""
        return f"padding={self.padding}"
