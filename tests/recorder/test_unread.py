"""Weights that no operator of a pass reads, by the modules that hold them."""

from typing import Any

import torch
from torch import Tensor, nn

import archlens


class Block(nn.Module):
    """Of four experts, one is reached; the scale is never used, the shift is."""

    def __init__(self) -> None:
        super().__init__()
        self.experts = nn.ModuleList(nn.Sequential(nn.Linear(4, 4), nn.Linear(4, 4)) for _ in range(4))
        self.scale, self.shift = nn.Parameter(torch.ones(4)), nn.Parameter(torch.ones(4))

    def forward(self, x: Tensor) -> Any:
        return self.experts[1](x) + self.shift


class Net(nn.Module):
    """Two blocks, and a head of two layers that is there for training."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks = nn.Sequential(Block(), Block())
        self.head = nn.Sequential(nn.Linear(4, 3), nn.Sequential(nn.Linear(3, 2)))
        self.token = nn.Parameter(torch.ones(1))

    def forward(self, x: Tensor) -> Any:
        return self.blocks(x)


def test_the_largest_modules_of_which_nothing_is_read() -> None:
    """Experts of 40 weights each, a head of 23, and parameters by themselves where others are read."""
    graph = archlens.record(Net(), torch.zeros(2, 4))
    assert graph.unread == 2 * (3 * 40 + 4) + 15 + 8 + 1
    assert set(graph.unread_places) == {
        "token", "head",
        *(f"blocks.{block}.experts.{expert}" for block in (0, 1) for expert in (0, 2, 3)),
        "blocks.0.scale", "blocks.1.scale",
    }  # fmt: skip
    assert "more of the module's parameters: " in str(archlens.profile(graph))
    assert " and 7 others" in str(archlens.profile(graph))


def test_nothing_to_say_where_all_is_read() -> None:
    graph = archlens.record(nn.Linear(4, 4), torch.zeros(2, 4))
    assert (graph.unread, graph.unread_places) == (0, ())
