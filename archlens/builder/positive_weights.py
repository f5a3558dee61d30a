"""A network made positive and linear: weights positive, no biases, activations and norms the identity.

The gradient of such a network is positive exactly where a path leads from an input to an output, as
no two paths can cancel. Numbers stand for no more than being positive or zero, so they are made 1 or 0
behind every operator, and neither a thousand layers nor a padded border can lose one.
"""

from collections.abc import Sequence
from functools import singledispatch
from typing import Any

from torch import nn

from archlens.builder import (
    arithmetic,
    attention,
    connectivity,
    convolution,
    layout,
    normalization,
    padding,
    pooling,
    sampling,
)
from archlens.errors import BuildError

__all__ = ["make_weights_positive", "positive_form"]


def make_weights_positive(network: nn.Module, names: Sequence[str], axis: int | None = None) -> nn.Module:
    """The network with the named modules made positive: it takes and gives float64 tensors.

    axis  the spatial axis to keep: along the others windows are left out, and inputs have length 1.
          What is seen along one axis does not depend on the others. None keeps all

    Raises a BuildError for a module that has no positive form.
    """
    for name in names:
        made = positive_form(network.get_submodule(name), axis)
        network.set_submodule(name, made if isinstance(made, nn.Identity) else connectivity.OneOrZero(made))
    return network


@singledispatch
def positive_form(module: nn.Module, axis: int | None) -> nn.Module:
    """What takes the module's place; a BuildError without a rule."""
    raise BuildError(f"no rule tells what {type(module).__name__} sees")


def same(module: nn.Module, axis: int | None) -> nn.Module:
    """The module itself, which is linear and positive already."""
    return module


def identity(module: nn.Module, axis: int | None) -> nn.Module:
    """A function of each element, or a shift and a scale by statistics that are taken as given."""
    return nn.Identity()


AS_IT_IS: tuple[type[nn.Module], ...] = (
    nn.Identity, nn.ChannelShuffle, nn.Flatten,
    layout.Reshape, layout.Transpose, layout.Concat, attention.Roll,
    arithmetic.Add, arithmetic.Mean, arithmetic.Sum, arithmetic.MatrixProduct,
)  # fmt: skip
ELEMENT_BY_ELEMENT: tuple[type[nn.Module], ...] = (
    nn.ReLU, nn.ReLU6, nn.Sigmoid, nn.Hardsigmoid, nn.Tanh, nn.SiLU, nn.Hardswish, nn.ELU, nn.GELU,
    nn.PReLU, nn.Dropout,
    nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d, nn.LayerNorm, nn.GroupNorm, nn.LocalResponseNorm,
    normalization.UnitNorm, arithmetic.Scale, arithmetic.Shift, arithmetic.Gain,
    attention.PositionEmbedding, attention.RelativePositionBias, attention.WindowMask,
)  # fmt: skip
for kind in AS_IT_IS:
    positive_form.register(kind)(same)
for kind in ELEMENT_BY_ELEMENT:
    positive_form.register(kind)(identity)


@positive_form.register(nn.Conv1d)
@positive_form.register(nn.Conv2d)
@positive_form.register(nn.Conv3d)
@positive_form.register(nn.ConvTranspose1d)
@positive_form.register(nn.ConvTranspose2d)
@positive_form.register(nn.ConvTranspose3d)
def conv(
    module: connectivity.PlainConvolution | connectivity.TransposedConvolution, axis: int | None
) -> nn.Module:
    """A convolution whose weights are all equal."""
    return connectivity.Convolution(module, axis)


@positive_form.register
def weight_standardized_conv(module: convolution.WeightStandardizedConv, axis: int | None) -> nn.Module:
    """The convolution inside, with equal weights, behind its padding."""
    return nn.Sequential(connectivity.Padding(module.padding, axis), positive_form(module.inner, axis))


@positive_form.register
def padded_input(module: padding.PaddedInput, axis: int | None) -> nn.Module:
    """The module in it, behind a pad with zeros, whatever it was with."""
    return nn.Sequential(connectivity.Padding(module.padding, axis), positive_form(module.inner, axis))


@positive_form.register
def mean_of_inside(module: pooling.MeanOfInside, axis: int | None) -> nn.Module:
    """The pool in it, behind its pad: what a sum is divided by does not matter."""
    return nn.Sequential(connectivity.Padding(module.padding, axis), positive_form(module.pool, axis))


def pool(module: nn.Module, axis: int | None) -> nn.Module:
    """The mean of the same windows. Raises a BuildError for dilated ones, which torch has no mean of."""
    if any(step != 1 for step in flat(getattr(module, "dilation", 1))):
        raise BuildError("no rule tells what a dilated max pool sees")
    return connectivity.Pool(module, axis)


def adaptive_pool(module: nn.Module, axis: int | None) -> nn.Module:
    """The mean of the windows that the pooling chooses."""
    size: Any = module.output_size
    return connectivity.AdaptivePool(size if isinstance(size, int) else tuple(size), axis)


for made in (*pooling.MAX, *pooling.AVERAGE):
    positive_form.register(made)(pool)
for made in (*pooling.ADAPTIVE_MAX, *pooling.ADAPTIVE_AVERAGE):
    positive_form.register(made)(adaptive_pool)


def flat(values: int | tuple[int, ...]) -> tuple[int, ...]:
    """A list of numbers, also where there is only one."""
    return values if isinstance(values, tuple) else (values,)


@positive_form.register
def upsample(module: nn.Upsample, axis: int | None) -> nn.Module:
    """The same interpolation, whose weights are positive already."""
    return connectivity.Upsample(module, axis)


@positive_form.register
def pad(module: layout.Pad, axis: int | None) -> nn.Module:
    """The same padding: zeros, or ones for whatever else, as products of them need to be positive."""
    return connectivity.Padding(module.padding, axis, 1.0 if module.value else 0.0)


@positive_form.register(layout.Split)
@positive_form.register(layout.Slice)
def part(module: layout.Split | layout.Slice, axis: int | None) -> nn.Module:
    """The same part of the axis, unless the axis was left out and has length 1."""
    return connectivity.Part(module)


@positive_form.register
def maximum(module: arithmetic.Maximum, axis: int | None) -> nn.Module:
    """The sum along the same axes, which depends on every element as the maximum may."""
    return arithmetic.Sum(module.axes, keep_axes=module.keep_axes)


@positive_form.register(arithmetic.Divide)
@positive_form.register(arithmetic.Multiply)
@positive_form.register(arithmetic.Subtract)
def multiply(module: nn.Module, axis: int | None) -> nn.Module:
    """The sum: products of positive numbers, quotients, differences depend on what any of them does."""
    return arithmetic.Add()


@positive_form.register
def linear(module: nn.Linear, axis: int | None) -> nn.Module:
    """A linear layer whose weights are all equal."""
    return connectivity.AlongLastAxis(module.out_features)


@positive_form.register
def softmax(module: nn.Softmax, axis: int | None) -> nn.Module:
    """A sum along the axis: each output depends on every element there."""
    assert module.dim is not None
    return connectivity.SumAlong(module.dim)


@positive_form.register
def class_token(module: attention.ClassToken, axis: int | None) -> nn.Module:
    """Tokens that see nothing before the others; they are ones, as later products need them positive."""
    return connectivity.Padding((0, 0, module.token.shape[1], 0), None, 1.0)


@positive_form.register
def grid_sample(module: sampling.GridSample, axis: int | None) -> nn.Module:
    """A module whose outputs depend on every place, as the network computes where it samples."""
    return connectivity.Sampled()


@positive_form.register
def affine_grid(module: sampling.AffineGrid, axis: int | None) -> nn.Module:
    """A grid whose places depend on all numbers of their sample."""
    return connectivity.Grid(*module.size)
