"""Effective fields, of networks whose gradient is known."""

import math

import pytest
import torch

from archlens import ops
from archlens.errors import ArchlensError, UsageError
from archlens.graph import Graph
from archlens.spec.loading import load
from archlens.studies.effective_receptive_field import SHARES, effective_receptive_field, regions
from tests.wiring import Step, wire


def pools(count: int) -> Graph:
    """Averages of 3×3, one after the other: their gradient is that of a random walk."""
    steps: list[Step] = [("node0", ops.Input((1, 1, 65, 65)), ())]
    steps += [(f"node{i + 1}", ops.AveragePool(3, 1, 1), (f"node{i}",)) for i in range(count)]
    return wire(*steps)


def test_one_window_counts_everywhere_the_same() -> None:
    found = effective_receptive_field(pools(1), samples=1)
    assert (found.place, found.centre, found.first, found.last) == ((32, 32), (32, 32), (31, 31), (33, 33))
    expected = torch.zeros(65, 65, dtype=torch.float64)
    expected[31:34, 31:34] = 1 / 9
    torch.testing.assert_close(found.gradient, expected)
    assert [region.side for region in found.regions] == [3, 3, 3]
    assert [region.radius for region in found.regions] == [1, math.sqrt(2), math.sqrt(2)]


@pytest.mark.parametrize("count", [4, 16])
def test_many_windows_make_a_gaussian(count: int) -> None:
    """After n uniform windows of 3 the variance is n·2/3: it grows with √n, the field with n (§2.2)."""
    found = effective_receptive_field(pools(count), samples=1)
    away = (torch.arange(65) - 32.0) ** 2
    variance = float((found.gradient.sum(1) * away).sum() / found.gradient.sum())
    assert variance == pytest.approx(count * 2 / 3)
    assert found.static.size == (2 * count + 1,) * 2
    # 95 % of a Gaussian's square: each axis holds √0.95, which is 2.236 σ to each side
    assert found.side == pytest.approx(2 * 2.236 * math.sqrt(variance), abs=2)


def test_every_sample_is_told_before_it_is_taken() -> None:
    told: list[tuple[str, float]] = []
    effective_receptive_field(pools(1), samples=4, heard=lambda text, share: told.append((text, share)))
    assert told == [
        ("input 1 of 4", 0),
        ("input 2 of 4", 0.25),
        ("input 3 of 4", 0.5),
        ("input 4 of 4", 0.75),
    ]


def test_regions_by_hand() -> None:
    gradient = torch.zeros(5, 7, dtype=torch.float64)
    gradient[2, 3], gradient[1, 3], gradient[0, 0] = 60, 30, 10
    half, most, nearly = regions(gradient, (2, 3))
    assert SHARES == (0.5, 0.8, 0.95)
    assert (half.side, half.radius) == (1, 0)
    assert (most.side, most.radius) == (3, 1)
    assert nearly.side == 7
    assert nearly.radius == pytest.approx(math.sqrt(13))
    # around the middle between two places, each of them is half a place away
    (first, *_) = regions(torch.ones(1, 2, dtype=torch.float64), (0, 0.5))
    assert (first.side, first.radius) == (2, 0.5)


def test_a_seed_is_a_result() -> None:
    graph = load("lenet5")
    one, same, other = (effective_receptive_field(graph, 1, samples=2, seed=seed) for seed in (3, 3, 4))
    assert torch.equal(one.gradient, same.gradient)
    assert not torch.equal(one.gradient, other.gradient)
    before = torch.random.get_rng_state()
    effective_receptive_field(graph, 1, samples=1)
    assert torch.equal(torch.random.get_rng_state(), before)


def test_of_a_network() -> None:
    graph = load("resnet20")
    found = effective_receptive_field(graph, samples=2)
    assert (found.node, found.input, found.static.size) == ("stage3.2.relu2", (1, 3, 32, 32), (81, 81))
    assert 1 < found.side < 81
    inner, outer = found.regions[0], found.regions[-1]
    assert inner.side < outer.side
    shown = found.as_dict()
    assert shown["receptive_field"]["size"] == [81, 81]
    assert [region["share"] for region in shown["regions"]] == list(SHARES)


def test_a_node_without_places_is_refused() -> None:
    graph = load("lenet5")
    with pytest.raises(UsageError, match=r"F6\.linear1 of lenet5 has no map of places along two axes"):
        effective_receptive_field(graph, [node.name for node in graph.nodes].index("F6.linear1"))


def test_a_gradient_that_does_not_arrive_is_an_error() -> None:
    graph = wire(("input", ops.Input((1, 1, 5, 5)), ()), ("gain", ops.Gain(initial=0.0), ("input",)))
    with pytest.raises(ArchlensError, match="no gradient of gain arrives at the input"):
        effective_receptive_field(graph, samples=1)
