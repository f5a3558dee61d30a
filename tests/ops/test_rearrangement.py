"""Rearrangements as PyTorch does them, on tensors of numbers."""

from math import prod

import torch
from torch import Tensor
from torch.nn import functional as f

from archlens.ops.rearrangement import (
    Along,
    Laid,
    Rearrangement,
    Turned,
    depth_to_space,
    expanded,
    repeated,
    space_to_depth,
)


def applied(x: Tensor, steps: Rearrangement) -> Tensor:
    """The steps, one after the other, where each place along an axis comes from one."""
    for step in steps:
        if isinstance(step, Laid):
            x = x.reshape(step.shape)
        elif isinstance(step, Turned):
            x = x.permute(step.order)
        else:
            assert isinstance(step, Along)
            assert step.length is not None
            x = x.index_select(step.axis, torch.tensor([step.span.low(at) for at in range(step.length)]))
    return x


def numbered(*shape: int) -> Tensor:
    return torch.arange(prod(shape), dtype=torch.float32).reshape(shape)


def test_depth_to_space_is_a_pixel_shuffle() -> None:
    x = numbered(2, 12, 3, 5)
    assert torch.equal(applied(x, depth_to_space((2, 12, 3, 5), 2)), f.pixel_shuffle(x, 2))


def test_space_to_depth_is_the_other_way_round() -> None:
    x = numbered(2, 3, 4, 6)
    assert torch.equal(applied(x, space_to_depth((2, 3, 4, 6), 2)), f.pixel_unshuffle(x, 2))


def test_blocks_before_channels_are_undone() -> None:
    x = numbered(1, 2, 4, 6)
    deep = applied(x, space_to_depth((1, 2, 4, 6), 2, columns_first=False))
    assert torch.equal(applied(deep, depth_to_space((1, 8, 2, 3), 2, columns_first=False)), x)


def test_tiles_and_expansions() -> None:
    x = numbered(2, 1, 3)
    assert torch.equal(applied(x, repeated((2, 1, 3), (2, 2, 1))), x.repeat(2, 2, 1))
    assert torch.equal(applied(x, repeated((2, 1, 3), (1, 1, 1))), x)
    assert torch.equal(applied(x, expanded((2, 1, 3), (4, 2, 5, 3))), x.expand(4, 2, 5, 3))
