"""Sampling a map at places that the network computes: the spatial transformer's grid and sampler."""

from dataclasses import dataclass

from archlens.cost import Cost
from archlens.errors import OperatorError
from archlens.ops.operator import Op, Shape, Shapes, register, shown, size
from archlens.ops.window import per_axis

__all__ = ["AffineGrid", "GridSample"]


@register("affine_grid")
@dataclass(frozen=True, slots=True)
class AffineGrid(Op):
    """The places in a map that an affine transformation sends a regular grid to: n×6 in, n×h×w×2 out.

    scale  of both axes, where the transformation is known but for where it goes: n×2 in, (x, y) a sample
    """

    work = "product"

    size: int | tuple[int, ...]
    scale: float | None = None

    def output(self, inputs: Shapes) -> Shape:
        (x,) = inputs
        needed, word = (6, "six") if self.scale is None else (2, "two")
        if len(x) != 2 or x[1] != needed:
            raise OperatorError(f"an affine grid needs {word} numbers a sample, n×{needed}, got {shown(x)}")
        return (x[0], *per_axis("size", self.size, 2), 2)

    def mixes(self, inputs: Shapes) -> None:
        return None

    def cost(self, inputs: Shapes, output: Shape) -> Cost:
        """A 2×3 matrix times (x, y, 1) at every place (Jaderberg et al., arXiv 1506.02025, Eq. 1).

        multiply_adds = n · h · w · 2 · 3
        reads         = n · 6, or n · 2 at a fixed scale, + h · w · 3 (the regular grid)
        writes        = n · h · w · 2
        """
        (x,) = inputs
        return Cost(
            multiply_adds=size(output) * 3,
            reads=size(x) + size(output[1:3]) * 3,
            writes=size(output),
            activations=size(output),
        )


@register("grid_sample")
@dataclass(frozen=True, slots=True)
class GridSample(Op):
    """A map, sampled at the places of a grid: n×c×h×w and n×a×b×2 in, n×c×a×b out.

    Places are (x, y) between −1 and 1, the left upper and right lower corner of the map.
    """

    arity = 2
    words = frozenset({"bilinear", "nearest"})
    work = "copy"
    saves = frozenset({"input"})

    mode: str = "bilinear"

    def output(self, inputs: Shapes) -> Shape:
        if len(inputs) != 2:
            raise OperatorError(f"sampling takes a map and a grid, got {len(inputs)} tensor(s)")
        x, grid = inputs
        if len(x) != 4 or len(grid) != 4 or grid[0] != x[0] or grid[3] != 2:
            raise OperatorError(
                f"{shown(x)} cannot be sampled at {shown(grid)}: a map n×c×h×w can at a grid n×a×b×2"
            )
        return (*x[:2], *grid[1:3])

    def mixes(self, inputs: Shapes) -> None:
        return None

    def cost(self, inputs: Shapes, output: Shape) -> Cost:
        """Bilinear computes each output from its four neighbours, nearest copies one (Jaderberg et al.,
        arXiv 1506.02025, Eq. 4 and 5).

        elementwise = 0 (nearest) or elements of the output (bilinear)
        reads       = elements of the map and of the grid
        writes      = elements of the output
        """
        x, grid = inputs
        computed = size(output) if self.mode == "bilinear" else 0
        return Cost(elementwise=computed, reads=size(x) + size(grid), writes=size(output))
