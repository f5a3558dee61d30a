"""Convolutions of one, two and three spatial axes."""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional

from archlens import ops
from archlens.builder.padding import PaddedInput, Sides, flat, uneven
from archlens.builder.rule import by_axes, module_for

__all__ = ["WeightStandardizedConv"]

PlainConv = nn.Conv1d | nn.Conv2d | nn.Conv3d
PLAIN: tuple[Callable[..., PlainConv], ...] = (nn.Conv1d, nn.Conv2d, nn.Conv3d)
TRANSPOSED: tuple[Callable[..., nn.Module], ...] = (
    nn.ConvTranspose1d,
    nn.ConvTranspose2d,
    nn.ConvTranspose3d,
)


def plain(op: ops.Conv, x: ops.Shape, sliding: tuple[ops.Window, ...]) -> PlainConv:
    """Torch's convolution, padded by what both sides of each axis have in common."""
    return by_axes("Conv", PLAIN, len(x) - 2)(
        x[1],
        op.out,
        kernel_size=tuple(window.kernel for window in sliding),
        stride=tuple(window.stride for window in sliding),
        padding=tuple(min(window.before, window.after) for window in sliding),
        dilation=tuple(window.dilation for window in sliding),
        groups=op.groups,
        bias=op.bias,
    )


def missing(sliding: tuple[ops.Window, ...]) -> tuple[Sides, ...]:
    """The padding that is left to do, as one side of an axis needs more than the other."""
    common = (min(window.before, window.after) for window in sliding)
    return tuple(
        (window.before - done, window.after - done) for window, done in zip(sliding, common, strict=True)
    )


@module_for.register
def conv(op: ops.Conv, inputs: ops.Shapes) -> nn.Module:
    """Torch's own, behind a pad where one side of an axis needs more than the other."""
    sliding = op.windows(inputs)
    convolution = plain(op, inputs[0], sliding)
    return PaddedInput(convolution, missing(sliding)) if uneven(sliding) else convolution


@module_for.register
def transposed_conv(op: ops.TransposedConv, inputs: ops.Shapes) -> nn.Module:
    """`nn.ConvTranspose1d`, 2d or 3d."""
    (x,) = inputs
    return by_axes("ConvTranspose", TRANSPOSED, len(x) - 2)(
        x[1],
        op.out,
        kernel_size=op.kernel,
        stride=op.stride,
        padding=op.padding,
        output_padding=op.output_padding,
        dilation=op.dilation,
        groups=op.groups,
        bias=op.bias,
    )


@module_for.register
def weight_standardized_conv(op: ops.WeightStandardizedConv, inputs: ops.Shapes) -> nn.Module:
    """A plain convolution inside, called with other weights than its own."""
    sliding = op.windows(inputs)
    return WeightStandardizedConv(plain(op.convolution(), inputs[0], sliding), missing(sliding))


class WeightStandardizedConv(nn.Module):
    """A convolution with scaled weight standardisation.

    weight = gain · (w − mean) / √max(variance · N, epsilon), with mean and variance of the N weights
    of one output channel (Brock et al., arXiv 2101.08692, Eq. 1, and their code for epsilon)
    """

    def __init__(self, inner: PlainConv, sides: tuple[Sides, ...], epsilon: float = 1e-4) -> None:
        super().__init__()
        self.inner = inner
        self.gain = nn.Parameter(torch.ones(inner.out_channels, *(1 for _ in inner.weight.shape[1:])))
        self.padding = flat(sides)
        self.epsilon = epsilon

    def weight(self) -> Tensor:
        """The weights that the convolution runs with."""
        w = self.inner.weight
        axes = tuple(range(1, w.dim()))
        variance, mean = torch.var_mean(w, axes, correction=0, keepdim=True)
        return self.gain * (w - mean) * torch.rsqrt((variance * w[0].numel()).clamp(min=self.epsilon))

    def forward(self, x: Tensor) -> Tensor:
        """The convolution of `x` with the standardised weights."""
        if any(self.padding):
            x = functional.pad(x, self.padding)
        output: Tensor = self.inner._conv_forward(x, self.weight(), self.inner.bias)
        return output

    def extra_repr(self) -> str:
        """What `print` shows."""
        return f"padding={self.padding}, epsilon={self.epsilon}"
