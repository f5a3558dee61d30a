"""The worst place of a finding in a contest, which is a fake: nothing is timed here."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest
import torch

import archlens
from archlens.graph import Graph
from archlens.passes import fold
from archlens.studies.lint import lint
from archlens.studies.lint.element_wise import element_wise_operators
from archlens.studies.lint.timing import Timing, time_worst
from archlens.studies.lint.widths import unequal_widths
from tests.spec.written import network

UNEQUAL = "[{conv: {out: 8}}, {conv: {out: 32}}, {conv: {out: 4}}]"


def contest(verdict: str) -> Any:
    """As if the first network took 3 ms and the second 2 ms."""

    def held(graphs: Sequence[Graph]) -> SimpleNamespace:
        assert len(graphs) == 2
        ratio = SimpleNamespace(verdict=verdict, sentence=f"it is {verdict}")
        return SimpleNamespace(times=(0.003, 0.002), ratios=(ratio,), interrupted=False)

    return held


def test_what_is_saved() -> None:
    (finding,) = unequal_widths(network(UNEQUAL))
    timing = time_worst(finding, contest("faster"))
    assert timing == Timing(0.003, 0.002, "faster", "it is faster", whole=True, interrupted=False)
    assert timing.saved == pytest.approx(0.001)
    assert timing.as_dict()["upper_bound"] is False


def test_no_difference_is_no_saving() -> None:
    (finding,) = unequal_widths(network(UNEQUAL))
    timing = time_worst(finding, contest("no difference shown"))
    assert timing is not None
    assert timing.saved is None


def test_an_operator_that_is_left_out_is_an_upper_bound() -> None:
    (finding,) = element_wise_operators(fold(network("[{add: [identity, {conv: {out: 4}}]}]")))
    timing = time_worst(finding, contest("faster"))
    assert timing is not None
    assert timing.as_dict()["upper_bound"] is True


def test_nothing_to_time() -> None:
    """A sum of nothing but the input."""
    (finding,) = element_wise_operators(network("[{add: [identity, identity]}]"))
    assert time_worst(finding, contest("faster")) is None


@pytest.mark.parametrize("name", ["shufflenet_v1", "nasnet_a_mobile", "efficientnet_b0"])
def test_pairs_run_in_pytorch(name: str) -> None:
    """Every worst place and its alternative, on a device that computes nothing."""
    for finding in lint(archlens.load(name)).findings:
        pair = finding.worst.pair
        assert pair is not None
        for graph in (pair.now, pair.instead):
            module = archlens.build(graph, device="meta").eval()
            found = module(*(torch.empty(graph.nodes[i].shape, device="meta") for i in graph.inputs))
            shapes = [tuple(each.shape) for each in (found if isinstance(found, tuple) else (found,))]
            assert shapes == [graph.nodes[i].shape for i in graph.outputs]
