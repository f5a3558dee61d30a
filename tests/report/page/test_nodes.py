"""Layers as columns: read back, they are the graph's."""

from collections import Counter
from typing import Any

import pytest

import archlens
from archlens.analyses import peak_activations, receptive_fields
from archlens.devices.terms import VIEWS, works
from archlens.graph import Graph
from archlens.report.metric import field_size
from archlens.report.page.model import Model
from archlens.report.page.nodes import Layers, counts_of
from tests.report.page.unpacked import names, unrolled
from tests.wiring import incomplete, three_nodes

GRAPHS = [archlens.load(name) for name in ("resnet18", "shufflenet_v2_x1_0", "swin_t", "nasnet_a_mobile")]


@pytest.fixture(params=[*GRAPHS, three_nodes(), incomplete()], ids=lambda graph: graph.model)
def graph(request: pytest.FixtureRequest) -> Graph:
    found: Graph = request.param
    return found


def read(graph: Graph) -> tuple[dict[str, Any], dict[str, Any]]:
    """The columns of a network, and what they refer to; another network stands before it."""
    layers = Layers()
    layers.network(Model(archlens.load("alexnet")))
    return layers.network(Model(graph)), layers.columns()


def test_names_shapes_operators_and_costs(graph: Graph) -> None:
    network, columns = read(graph)
    kinds, operators = columns["kinds"], columns["operators"]
    assert names(network["names"]) == [node.name for node in graph.nodes]
    for node, kind in zip(graph.nodes, network["kinds"], strict=True):
        operator = kinds["operator"][kind]
        assert operators["kind"][operator] == node.op.kind
        assert bool(operators["costed"][operator]) == node.op.costed
        assert columns["shapes"][kinds["out"][kind]] == node.shape
        assert tuple(columns["shapes"][i] for i in columns["into"][kinds["into"][kind]]) == graph.shapes_into(
            node
        )
        for key in ("params", "multiply_adds", "elementwise", "reads", "writes", "activations"):
            assert kinds[key][kind] == getattr(node.cost, key)


def test_inputs(graph: Graph) -> None:
    network, _ = read(graph)
    for position, (node, text) in enumerate(zip(graph.nodes, network["inputs"].split(","), strict=True)):
        back = [1] if text == "" else [] if text == "0" else list(map(int, text.split(" ")))
        assert tuple(position - step for step in back) == node.inputs


def test_fields_and_live_activations(graph: Graph) -> None:
    network, columns = read(graph)
    known = receptive_fields(graph)
    shown = [columns["fields"]["text"][place] for place in unrolled(network["fields"])]
    assert shown == [field_size(known.of(position)) for position in range(len(graph.nodes))]
    assert network["live"] == list(peak_activations(graph).live)


@pytest.mark.parametrize("view", VIEWS)
def test_work_adds_up_to_that_of_the_device_s_view(graph: Graph, view: str) -> None:
    network, columns = read(graph)
    found = columns["works"]
    listed = works(graph, view)
    counts = counts_of(network["work"])[view]
    for key, first in (("moved", "memory."), ("kernels", "launches."), ("multiply_adds", "arithmetic.")):
        expected = sum(
            amount for work in listed for term, amount in work.amounts.items() if term.startswith(first)
        )
        pairs = zip(counts[::2], counts[1::2], strict=True)
        assert sum(times * found[key][place] for place, times in pairs) == expected
    kinds = Counter(found["kinds"][found["kind"][place]] for place in network["work"][view] if place >= 0)
    assert kinds == Counter(work.kind for work in listed)


def test_repeated_layers_are_kept_once() -> None:
    layers = Layers()
    for _ in range(3):
        layers.network(Model(GRAPHS[0]))
    assert len(layers.kinds.values) == len(
        {(node.op, GRAPHS[0].shapes_into(node)) for node in GRAPHS[0].nodes}
    )
