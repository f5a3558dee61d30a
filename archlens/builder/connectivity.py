"""Modules that keep only which outputs depend on which inputs, along one spatial axis or along all of them.

Built from them, a network's gradient shows what each place sees: it is positive where a path leads from an
input to an output, and zero elsewhere.

Along one axis, which is an axis of the tensor such as 2, whatever happens along the other spatial axes
is left out, so that these can have length 1. `None` means along all axes.
"""

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

__all__ = [
    "AdaptivePool",
    "AlongLastAxis",
    "Convolution",
    "Grid",
    "OneOrZero",
    "Padding",
    "Part",
    "Pool",
    "Sampled",
    "SumAlong",
    "Upsample",
]

Lengths = int | tuple[int, ...]
PlainConvolution = nn.Conv1d | nn.Conv2d | nn.Conv3d
TransposedConvolution = nn.ConvTranspose1d | nn.ConvTranspose2d | nn.ConvTranspose3d


class Sign(torch.autograd.Function):
    """1 where a number is positive and 0 elsewhere, for outputs and for gradients."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        """The sign of a tensor without negative elements."""
        return x.sign()

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Tensor:
        """The sign of its gradient."""
        return gradients[0].sign()


class OneOrZero(nn.Module):
    """A module whose outputs and gradients are set to 1 where they are positive, so that none can vanish."""

    def __init__(self, inner: nn.Module) -> None:
        super().__init__()
        self.inner = inner

    def forward(self, *inputs: Tensor) -> Tensor:
        """The inner module's shape."""
        output: Tensor = Sign.apply(self.inner(*inputs))  # type: ignore[no-untyped-call]
        return output


class Convolution(nn.Module):
    """A convolution with equal weights: the sum of each group's channels, summed up in windows.

    With equal weights the sum over a window is one over each axis in turn, and all output channels of
    a group are the same.
    """

    def __init__(self, inner: PlainConvolution | TransposedConvolution, axis: int | None) -> None:
        super().__init__()
        assert not isinstance(inner.padding, str)
        self.out, self.groups, self.axis = inner.out_channels, inner.groups, axis
        self.transposed = isinstance(inner, TransposedConvolution)
        extra = inner.output_padding if self.transposed else (0,) * len(inner.kernel_size)
        self.windows = tuple(
            zip(inner.kernel_size, inner.stride, inner.padding, inner.dilation, extra, strict=True)
        )

    def forward(self, x: Tensor) -> Tensor:
        """The shape of the convolution's output."""
        x = x.reshape(x.shape[0], self.groups, -1, *x.shape[2:]).sum(2)
        for axis, window in enumerate(self.windows, start=2):
            if self.axis in (axis, None):
                x = self.slide(x.movedim(axis, -1), *window).movedim(-1, axis)
        return x.repeat_interleave(self.out // self.groups, 1)

    def slide(self, x: Tensor, kernel: int, stride: int, padding: int, dilation: int, extra: int) -> Tensor:
        """Sums over windows along the last axis."""
        if (kernel, stride, padding, extra) == (1, 1, 0, 0):
            return x
        lines = x.reshape(1, 1, -1, x.shape[-1])
        ones = lines.new_ones(1, 1, 1, kernel)
        steps, sides, spread = (1, stride), (0, padding), (1, dilation)
        if self.transposed:
            slid = functional.conv_transpose2d(lines, ones, None, steps, sides, (0, extra), 1, spread)
        else:
            slid = functional.conv2d(lines, ones, None, steps, sides, spread)
        return slid.reshape(*x.shape[:-1], slid.shape[-1])


class Pool(nn.Module):
    """The mean over windows, which depends on every place of them, as their maximum may."""

    def __init__(self, inner: Any, axis: int | None) -> None:
        super().__init__()
        axes = len(inner.kernel_size)

        def kept(values: Lengths, otherwise: int) -> tuple[int, ...]:
            each = values if isinstance(values, tuple) else (values,) * axes
            return tuple(v if axis in (None, at) else otherwise for at, v in enumerate(each, start=2))

        average: Any = (nn.AvgPool1d, nn.AvgPool2d, nn.AvgPool3d)[axes - 1]
        self.pool = average(
            kept(inner.kernel_size, 1), kept(inner.stride, 1), kept(inner.padding, 0), inner.ceil_mode
        )

    def forward(self, x: Tensor) -> Tensor:
        """The shape of the pool's output."""
        output: Tensor = self.pool(x)
        return output


class AdaptivePool(nn.Module):
    """The mean over windows that are chosen so that the map comes out at a size."""

    def __init__(self, size: Lengths, axis: int | None) -> None:
        super().__init__()
        self.size, self.axis = size, axis

    def forward(self, x: Tensor) -> Tensor:
        """The size, and the input's length along axes that are left out."""
        axes = x.dim() - 2
        pool: Any = (
            functional.adaptive_avg_pool1d, functional.adaptive_avg_pool2d, functional.adaptive_avg_pool3d
        )[axes - 1]  # fmt: skip
        output: Tensor = pool(x, lengths(x, self.size, self.axis))
        return output


class Upsample(nn.Module):
    """A larger map, by the interpolation of the module that it stands for."""

    def __init__(self, inner: nn.Upsample, axis: int | None) -> None:
        super().__init__()
        self.inner, self.axis = inner, axis

    def forward(self, x: Tensor) -> Tensor:
        """The size or the multiple, and the input's length along axes that are left out."""
        size: Any = self.inner.size
        scale: Any = self.inner.scale_factor
        if size is None:
            size = tuple(round(length * scale) for length in x.shape[2:])
        return functional.interpolate(
            x, lengths(x, size, self.axis), mode=self.inner.mode, align_corners=self.inner.align_corners
        )


def lengths(x: Tensor, size: Lengths, axis: int | None) -> list[int]:
    """The size along an axis, and the length of x along the other spatial axes."""
    wanted = size if isinstance(size, tuple) else (size,) * (x.dim() - 2)
    return [
        want if axis in (None, at) else length
        for at, (want, length) in enumerate(zip(wanted, x.shape[2:], strict=True), start=2)
    ]


class Padding(nn.Module):
    """A constant before and after axes: sides in pairs, those of the last axis first."""

    def __init__(self, sides: tuple[int, ...], axis: int | None, value: float = 0.0) -> None:
        super().__init__()
        self.sides, self.axis, self.value = sides, axis, value

    def forward(self, x: Tensor) -> Tensor:
        """A larger copy."""
        kept = [
            side if self.axis in (None, at) or at < 2 else 0
            for place, side in enumerate(self.sides)
            for at in [x.dim() - 1 - place // 2]
        ]
        return functional.pad(x, kept, value=self.value)


class Part(nn.Module):
    """A slice of an axis, which does nothing along an axis that was left out and has length 1."""

    def __init__(self, inner: Any) -> None:
        super().__init__()
        self.inner = inner

    def forward(self, x: Tensor) -> Tensor:
        """A view of that part only."""
        output: Tensor = x if x.shape[self.inner.axis] == 1 else self.inner(x)
        return output


class SumAlong(nn.Module):
    """The sum along an axis, at each of its places: what a softmax sees."""

    def __init__(self, axis: int) -> None:
        super().__init__()
        self.axis = axis

    def forward(self, x: Tensor) -> Tensor:
        """The same shape."""
        return x.sum(self.axis, keepdim=True).expand_as(x)


class AlongLastAxis(nn.Module):
    """The sum along the last axis, as often as there are outputs: a linear layer with equal weights."""

    def __init__(self, out: int) -> None:
        super().__init__()
        self.out = out

    def forward(self, x: Tensor) -> Tensor:
        """Shape …×c_in in, …×c_out out."""
        return x.sum(-1, keepdim=True).expand(*x.shape[:-1], self.out)


class Sampled(nn.Module):
    """A map, sampled at places that may be any: each sees the whole map and the whole grid."""

    def forward(self, x: Tensor, grid: Tensor) -> Tensor:
        """Shapes n×c×h×w and n×a×b×2 in, n×c×a×b out."""
        seen = x.sum((2, 3), keepdim=True) + grid.sum((1, 2, 3)).reshape(-1, 1, 1, 1)
        return seen.expand(*x.shape[:2], *grid.shape[1:3])


class Grid(nn.Module):
    """A grid of places, each of which depends on all numbers of its sample."""

    def __init__(self, height: int, width: int) -> None:
        super().__init__()
        self.size = (height, width)

    def forward(self, x: Tensor) -> Tensor:
        """Shape n×6 in, n×height×width×2 out."""
        return x.sum(1).reshape(-1, 1, 1, 1).expand(-1, *self.size, 2)
