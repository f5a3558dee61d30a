"""The networks that are compared are the same on both sides."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import nn

import archlens
from benchmarks.networks import densenet201, image, resnet, resnet50
from benchmarks.peers import flop_counter

SPECS = Path(__file__).parents[2] / "benchmarks"


@pytest.mark.parametrize(
    ("model", "build", "parameters"),
    [("resnet50", resnet50, 25_557_032), ("densenet201", densenet201, 20_013_928)],
)
def test_the_peers_count_the_network_that_archlens_builds(
    model: str, build: Callable[[], nn.Module], parameters: int
) -> None:
    with torch.device("meta"):
        theirs = build()
    ours = archlens.build(archlens.load(model), device="meta")
    shapes = [weight.shape for weight in theirs.parameters()]
    assert shapes == [weight.shape for weight in ours.parameters()]
    assert sum(shape.numel() for shape in shapes) == parameters


def test_a_variant_means_the_same_to_both() -> None:
    depths = (1, 2, 3, 1)
    with torch.device("meta"):
        counted = flop_counter(resnet(depths, base=16, groups=8), image())
    graph = archlens.load("resnet50", depths=depths, base=16, groups=8)
    totals = archlens.profile(graph).totals
    assert counted == (totals.params, totals.multiply_adds)


def test_a_hundred_billion_parameters() -> None:
    width, hidden, depth, classes = 12_288, 49_152, 83, 1_000
    stem = 14 * 14 * 3 * width + width
    unit = 7 * 7 * width + 2 * width + (width * hidden + hidden) + (hidden * width + width)
    head = width * classes + classes
    graph = archlens.load(str(SPECS / "hundred_billion.yaml"))
    assert archlens.profile(graph).totals.params == stem + depth * unit + head > 100e9
