"""The spatial transformer's operators, against loops over every place and against torch."""

from collections.abc import Callable

import pytest
import torch
from torch.nn import functional

from archlens.ops import AffineGrid, GridSample, Op, Shape
from tests.ops.refusal import refuses
from tests.oracles.example import Example
from tests.oracles.sampling import affine_grid, sampled

X = (2, 3, 4, 5)

EXAMPLES = [
    Example(AffineGrid((3, 4)), ((2, 6),), lambda: affine_grid((2, 6), height=3, width=4), batched=False),
    Example(AffineGrid(3), ((2, 6),), lambda: affine_grid((2, 6), height=3, width=3), batched=False),
    Example(
        AffineGrid((3, 4), 0.5),
        ((2, 2),),
        lambda: affine_grid((2, 2), height=3, width=4, known=2),
        batched=False,
    ),
    Example(GridSample(), (X, (2, 3, 2, 2)), lambda: sampled(X, size=(3, 2), computed=True)),
    Example(GridSample("nearest"), (X, (2, 6, 7, 2)), lambda: sampled(X, size=(6, 7), computed=False)),
]


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_counts_are_those_of_the_loops(example: Example) -> None:
    example.compare()


def test_a_transformer_of_digits_by_hand() -> None:
    # 28×28 places: two coordinates each, three multiply-adds a coordinate; one channel read there
    theta, grid, x = (1, 6), (1, 28, 28, 2), (1, 1, 28, 28)
    assert AffineGrid((28, 28)).output((theta,)) == grid
    assert AffineGrid((28, 28)).cost((theta,), grid).multiply_adds == 4_704
    assert GridSample().output((x, grid)) == x
    cost = GridSample().cost((x, grid), x)
    assert (cost.elementwise, cost.reads, cost.writes) == (784, 784 + 1_568, 784)
    assert cost.params == cost.multiply_adds == 0


def test_shapes_are_those_of_torch() -> None:
    grid = functional.affine_grid(torch.empty(2, 2, 3), [2, 3, 7, 9], align_corners=False)
    assert AffineGrid((7, 9)).output(((2, 6),)) == tuple(grid.shape)
    y = functional.grid_sample(torch.empty(X), grid, align_corners=False)
    assert GridSample().output((X, tuple(grid.shape))) == tuple(y.shape)


@pytest.mark.parametrize(
    ("make", "inputs", "because"),
    [
        (
            lambda: AffineGrid((4, 0)),
            [(2, 6)],
            "size=[4, 0]: expected an integer of at least 1, or a list of 2, one an axis",
        ),
        (lambda: AffineGrid((4, 4)), [(2, 4)], "an affine grid needs six numbers a sample, n×6, got 2×4"),
        (
            lambda: AffineGrid((4, 4), 0.5),
            [(2, 6)],
            "an affine grid needs two numbers a sample, n×2, got 2×6",
        ),
        (
            lambda: AffineGrid((4, 4)),
            [(2, 6, 1)],
            "an affine grid needs six numbers a sample, n×6, got 2×6×1",
        ),
        (GridSample, [X], "sampling takes a map and a grid, got 1 tensor(s)"),
        (
            GridSample,
            [X, (1, 4, 4, 2)],
            "2×3×4×5 cannot be sampled at 1×4×4×2: a map n×c×h×w can at a grid n×a×b×2",
        ),
        (
            GridSample,
            [X, (2, 4, 4, 3)],
            "2×3×4×5 cannot be sampled at 2×4×4×3: a map n×c×h×w can at a grid n×a×b×2",
        ),
        (GridSample, [X, (2, 6)], "2×3×4×5 cannot be sampled at 2×6: a map n×c×h×w can at a grid n×a×b×2"),
        (lambda: GridSample("cubic"), [X, X], "mode='cubic' is not one of bilinear, nearest"),
    ],
)
def test_what_sampling_refuses(make: Callable[[], Op], inputs: list[Shape], because: str) -> None:
    refuses(make, *inputs, because=because)
