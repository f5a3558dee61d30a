"""Modules that move, join, cut or rename elements."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from archlens import ops
from archlens.builder.padding import flat
from archlens.builder.rule import module_for

__all__ = ["Concat", "Pad", "Reshape", "Slice", "Split", "Transpose"]


@module_for.register
def identity(op: ops.Identity, inputs: ops.Shapes) -> nn.Module:
    """`nn.Identity`."""
    return nn.Identity()


@module_for.register
def dropout(op: ops.Dropout, inputs: ops.Shapes) -> nn.Module:
    """`nn.Dropout`."""
    return nn.Dropout(op.probability)


@module_for.register
def flatten(op: ops.Flatten, inputs: ops.Shapes) -> nn.Module:
    """`nn.Flatten`."""
    return nn.Flatten(op.start)


@module_for.register
def upsample(op: ops.Upsample, inputs: ops.Shapes) -> nn.Module:
    """`nn.Upsample`."""
    return nn.Upsample(op.size, op.scale, op.mode.replace("_", "-"), op.align_corners or None)


class Reshape(nn.Module):
    """The elements under a new shape: 0 keeps an axis, one −1 takes the rest."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        super().__init__()
        self.shape = shape

    def forward(self, x: Tensor) -> Tensor:
        """The new shape, its zeros replaced by the input's lengths."""
        return x.reshape([length or x.shape[axis] for axis, length in enumerate(self.shape)])

    def extra_repr(self) -> str:
        """What `print` shows."""
        return f"shape={self.shape}"


@module_for.register
def reshape(op: ops.Reshape, inputs: ops.Shapes) -> nn.Module:
    """See `Reshape`."""
    return Reshape(op.shape)


class Transpose(nn.Module):
    """The axes in another order."""

    def __init__(self, order: tuple[int, ...]) -> None:
        super().__init__()
        self.order = order

    def forward(self, x: Tensor) -> Tensor:
        """A view with other strides."""
        return x.permute(self.order)

    def extra_repr(self) -> str:
        """What `print` shows."""
        return f"order={self.order}"


@module_for.register
def transpose(op: ops.Transpose, inputs: ops.Shapes) -> nn.Module:
    """See `Transpose`."""
    return Transpose(op.order)


class Split(nn.Module):
    """Part `index` of `parts` equal ones along an axis."""

    def __init__(self, parts: int, index: int, axis: int) -> None:
        super().__init__()
        self.parts = parts
        self.index = index
        self.axis = axis

    def forward(self, x: Tensor) -> Tensor:
        """A view of that part only."""
        length = x.shape[self.axis] // self.parts
        return x.narrow(self.axis, self.index * length, length)

    def extra_repr(self) -> str:
        """What `print` shows."""
        return f"parts={self.parts}, index={self.index}, axis={self.axis}"


@module_for.register
def split(op: ops.Split, inputs: ops.Shapes) -> nn.Module:
    """See `Split`."""
    return Split(op.parts, op.index, op.axis)


class Slice(nn.Module):
    """The elements from `start` up to, not including, `stop` along an axis."""

    def __init__(self, start: int, stop: int, axis: int) -> None:
        super().__init__()
        self.start = start
        self.stop = stop
        self.axis = axis

    def forward(self, x: Tensor) -> Tensor:
        """A view of those elements only."""
        return x.narrow(self.axis, self.start, self.stop - self.start)

    def extra_repr(self) -> str:
        """What `print` shows."""
        return f"start={self.start}, stop={self.stop}, axis={self.axis}"


@module_for.register
def slice_(op: ops.Slice, inputs: ops.Shapes) -> nn.Module:
    """See `Slice`."""
    return Slice(op.start, op.stop, op.axis)


class Concat(nn.Module):
    """Tensors joined along an axis."""

    def __init__(self, axis: int) -> None:
        super().__init__()
        self.axis = axis

    def forward(self, *inputs: Tensor) -> Tensor:
        """A copy."""
        return torch.cat(inputs, self.axis)

    def extra_repr(self) -> str:
        """What `print` shows."""
        return f"axis={self.axis}"


@module_for.register
def concat(op: ops.Concat, inputs: ops.Shapes) -> nn.Module:
    """See `Concat`."""
    return Concat(op.axis)


@module_for.register
def channel_shuffle(op: ops.ChannelShuffle, inputs: ops.Shapes) -> nn.Module:
    """Torch's own, which reads a table with a row a group column by column, as the paper does."""
    return nn.ChannelShuffle(op.groups)


class Pad(nn.Module):
    """A value, zero most often, before and after the last axes."""

    def __init__(self, padding: tuple[tuple[int, int], ...], value: float = 0.0) -> None:
        super().__init__()
        self.padding = flat(padding)
        self.value = value

    def forward(self, x: Tensor) -> Tensor:
        """A larger copy."""
        return functional.pad(x, self.padding, value=self.value)

    def extra_repr(self) -> str:
        """What `print` shows."""
        return f"padding={self.padding}, value={self.value}"


@module_for.register
def pad(op: ops.Pad, inputs: ops.Shapes) -> nn.Module:
    """See `Pad`."""
    return Pad(op.padding, op.value)
