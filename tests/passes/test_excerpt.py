"""Parts of a network as networks."""

import pytest
import torch

import archlens
from archlens.errors import OperatorError
from archlens.graph import verify
from archlens.ops import Conv, ReLU
from archlens.passes import chain, excerpt
from tests.recorder.networks import Applied
from tests.recorder.recordings import recorded


def test_a_whole_stage() -> None:
    graph = archlens.load("resnet18")
    positions = [at for at, node in enumerate(graph.nodes) if node.name.startswith("stage2.")]
    part = excerpt(graph, positions)
    verify(part)
    assert [node.name for node in part.nodes if node.inputs] == [graph.nodes[at].name for at in positions]
    assert [part.nodes[i].shape for i in part.inputs] == [(1, 64, 56, 56)]
    assert [part.nodes[i].shape for i in part.outputs] == [(1, 128, 28, 28)]


def test_what_feeds_a_sum_is_given_twice() -> None:
    graph = archlens.load("resnet18")
    at = next(at for at, node in enumerate(graph.nodes) if node.name == "stage1.0.add1")
    part = excerpt(graph, [at])
    verify(part)
    assert [part.nodes[i].shape for i in part.inputs] == [*graph.shapes_into(graph.nodes[at])]


def test_a_chain() -> None:
    found = chain((1, 3, 8, 8), [Conv(8, 3, 2), ReLU()])
    verify(found)
    assert [node.shape for node in found.nodes] == [(1, 3, 8, 8), (1, 8, 4, 4), (1, 8, 4, 4)]


def test_a_chain_that_does_not_fit() -> None:
    with pytest.raises(OperatorError, match="groups=5"):
        chain((1, 3, 8, 8), [Conv(10, groups=5)])


def test_a_number_that_feeds_a_node_is_one_place() -> None:
    module = Applied(lambda x: x * x.sum())
    graph = recorded(module, torch.zeros(2, 3))
    part = excerpt(graph, [len(graph.nodes) - 1])
    assert [part.nodes[i].shape for i in part.inputs] == [(2, 3), (1,)]
    assert part.nodes[-1].cost == graph.nodes[-1].cost
