"""Modules that sample a map where the network wants it sampled."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from archlens import ops
from archlens.builder.rule import module_for

__all__ = ["AffineGrid", "GridSample"]


class AffineGrid(nn.Module):
    """A regular grid, transformed by a 2×3 matrix a sample.

    The product is written out, where torch's `affine_grid` hides it from those who count.

    scale  of both axes, where only the last column of the matrix comes in
    """

    regular: Tensor
    scaling: Tensor

    def __init__(self, height: int, width: int, scale: float | None = None) -> None:
        super().__init__()
        self.size = (height, width)
        self.scale = scale
        if scale is not None:
            self.register_buffer("scaling", scale * torch.eye(2).unsqueeze(0), persistent=False)
        y, x = torch.meshgrid(middles(height), middles(width), indexing="ij")
        places = torch.stack([x, y, torch.ones(height, width)], dim=-1).reshape(1, height * width, 3)
        self.register_buffer("regular", places, persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        """Six numbers a sample, row by row, to height × width places; two at a fixed scale."""
        if self.scale is None:
            matrices = x.reshape(-1, 2, 3).transpose(1, 2)
        else:
            matrices = torch.cat([self.scaling.expand(x.shape[0], -1, -1), x.unsqueeze(1)], dim=1)
        places = torch.bmm(self.regular.expand(x.shape[0], -1, -1), matrices)
        return places.reshape(-1, *self.size, 2)

    def extra_repr(self) -> str:
        """What `print` shows."""
        return f"size={self.size}" if self.scale is None else f"size={self.size}, scale={self.scale}"


def middles(length: int) -> Tensor:
    """The middles of `length` equal parts of the way from −1 to 1."""
    return (torch.arange(length) * 2 + 1) / length - 1


@module_for.register
def affine_grid(op: ops.AffineGrid, inputs: ops.Shapes) -> nn.Module:
    """See `AffineGrid`."""
    _, height, width, _ = op.output(inputs)
    return AffineGrid(height, width, op.scale)


class GridSample(nn.Module):
    """A map, sampled at the places of a grid; zeros beyond its border."""

    def __init__(self, mode: str) -> None:
        super().__init__()
        self.mode = mode

    def forward(self, x: Tensor, grid: Tensor) -> Tensor:
        """Shapes n×c×h×w and n×a×b×2 in, n×c×a×b out."""
        return functional.grid_sample(x, grid, self.mode, align_corners=False)

    def extra_repr(self) -> str:
        """What `print` shows."""
        return f"mode={self.mode}"


@module_for.register
def grid_sample(op: ops.GridSample, inputs: ops.Shapes) -> nn.Module:
    """See `GridSample`."""
    return GridSample(op.mode)
