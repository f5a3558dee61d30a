"""Learnable tokens and positions, and windows that shift: small modules, as torch has none of them."""

from math import prod

import torch
from torch import Tensor, nn

from archlens import ops
from archlens.builder.rule import module_for

__all__ = ["ClassToken", "PositionEmbedding", "RelativePositionBias", "Roll", "WindowMask"]

DEVIATION = 0.02
"""Of the normal distribution from which tokens and positions start (arXiv 2010.11929, their code)."""


class ClassToken(nn.Module):
    """Learnable tokens before those that come in."""

    def __init__(self, count: int, features: int) -> None:
        super().__init__()
        self.token = nn.Parameter(torch.zeros(1, count, features))

    def forward(self, x: Tensor) -> Tensor:
        """Shape n×t×c in, n×(count + t)×c out."""
        return torch.cat([self.token.expand(x.shape[0], -1, -1), x], 1)

    def extra_repr(self) -> str:
        """What `print` shows."""
        return f"shape={tuple(self.token.shape)}"


@module_for.register
def class_token(op: ops.ClassToken, inputs: ops.Shapes) -> nn.Module:
    """See `ClassToken`."""
    return ClassToken(op.count, inputs[0][2])


class PositionEmbedding(nn.Module):
    """A learnable tensor added, broadcast along axes where it has length 1."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(shape) * DEVIATION)

    def forward(self, x: Tensor) -> Tensor:
        """The same shape."""
        return x + self.weight

    def extra_repr(self) -> str:
        """What `print` shows."""
        return f"shape={tuple(self.weight.shape)}"


@module_for.register
def position_embedding(op: ops.PositionEmbedding, inputs: ops.Shapes) -> nn.Module:
    """See `PositionEmbedding`."""
    (x,) = inputs
    axes = {axis % len(x) for axis in op.axes}
    return PositionEmbedding(tuple(length if axis in axes else 1 for axis, length in enumerate(x)))


def places(size: tuple[int, ...]) -> Tensor:
    """The coordinates of every element of a grid, row by row: elements × axes."""
    return torch.stack(torch.meshgrid(*map(torch.arange, size), indexing="ij"), -1).flatten(0, -2)


class RelativePositionBias(nn.Module):
    """A learnable number for each head and each offset within a window, added to its scores."""

    offset: Tensor

    def __init__(self, window: tuple[int, ...], heads: int, *, mirrored: bool = False) -> None:
        super().__init__()
        self.window = window
        self.mirrored = mirrored
        spans = [length if mirrored else 2 * length - 1 for length in window]
        self.table = nn.Parameter(torch.randn(prod(spans), heads) * DEVIATION)
        at = places(window)
        offset = torch.zeros(len(at), len(at), dtype=torch.long)
        for axis, span in enumerate(spans):
            apart = at[:, None, axis] - at[None, :, axis]
            offset = offset * span + (apart.abs() if mirrored else apart + window[axis] - 1)
        self.register_buffer("offset", offset, persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        """Scores …×heads×t×t in and out."""
        return x + self.table[self.offset].permute(2, 0, 1)

    def extra_repr(self) -> str:
        """What `print` shows."""
        return f"window={self.window}, heads={self.table.shape[1]}, mirrored={self.mirrored}"


@module_for.register
def relative_position_bias(op: ops.RelativePositionBias, inputs: ops.Shapes) -> nn.Module:
    """See `RelativePositionBias`."""
    return RelativePositionBias(op.window, inputs[0][-3], mirrored=op.mirrored)


class WindowMask(nn.Module):
    """A constant added to scores: 0, or −100 between tokens from opposite borders of the map."""

    mask: Tensor

    def __init__(self, size: tuple[int, ...], window: tuple[int, ...], shift: tuple[int, ...]) -> None:
        super().__init__()
        self.size = size
        self.window = window
        self.shift = shift
        at = places(size)
        side = torch.zeros(len(at), dtype=torch.long)
        for axis, (length, moved) in enumerate(zip(size, shift, strict=True)):
            side = side * 2 + (at[:, axis] >= length - moved)
        axes = len(size)
        cut = [part for length, width in zip(size, window, strict=True) for part in (length // width, width)]
        order = [*range(0, 2 * axes, 2), *range(1, 2 * axes, 2)]
        side = side.reshape(cut).permute(order).reshape(-1, prod(window))
        apart = side[:, :, None] != side[:, None, :]
        self.register_buffer("mask", -100.0 * apart[:, None].float(), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        """Scores …×windows×heads×t×t in and out."""
        return x + self.mask

    def extra_repr(self) -> str:
        """What `print` shows."""
        return f"size={self.size}, window={self.window}, shift={self.shift}"


@module_for.register
def window_mask(op: ops.WindowMask, inputs: ops.Shapes) -> nn.Module:
    """See `WindowMask`."""
    return WindowMask(op.size, op.window, op.shift)


class Roll(nn.Module):
    """Elements moved along axes, around the ends."""

    def __init__(self, shifts: tuple[int, ...], axes: tuple[int, ...]) -> None:
        super().__init__()
        self.shifts = shifts
        self.axes = axes

    def forward(self, x: Tensor) -> Tensor:
        """A copy of the same shape."""
        return torch.roll(x, self.shifts, self.axes)

    def extra_repr(self) -> str:
        """What `print` shows."""
        return f"shifts={self.shifts}, axes={self.axes}"


@module_for.register
def roll(op: ops.Roll, inputs: ops.Shapes) -> nn.Module:
    """See `Roll`."""
    return Roll(op.shifts, op.axes)
