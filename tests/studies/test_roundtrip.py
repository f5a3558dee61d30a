"""A graph, built in PyTorch and recorded, costs what the graph says: node by node.

One network a family; every network goes the same way in `archlens verify`. Costs of convolutions,
normalisations, poolings, linear layers, sums and joins come from the arguments with which PyTorch ran
them.
"""

from dataclasses import replace

import pytest

import archlens
from archlens.analyses import totals
from archlens.cost import Cost
from archlens.graph import verify
from archlens.spec.catalog import Reference, find, specs
from archlens.studies.roundtrip import differences, instantiated

FIRST = [Reference(spec, next(iter(spec.variants))) for spec in specs()]


@pytest.mark.parametrize("reference", FIRST, ids=lambda reference: str(reference.variant))
def test_a_network_costs_the_same_on_both_roads(reference: Reference) -> None:
    graph = reference.lower({})
    recorded = instantiated(graph)
    verify(recorded)
    assert recorded.complete
    assert differences(graph, recorded) == ()
    assert totals(recorded) == totals(graph)
    assert (recorded.model, recorded.family) == (graph.model, graph.family)


@pytest.mark.parametrize("name", ["resnet18", "vit_b_16", "nasnet_a_mobile"])
def test_of_several_images(name: str) -> None:
    graph = Reference(find(name).spec, name).lower({}, batch=3)
    assert differences(graph, instantiated(graph)) == ()


def test_a_difference_is_named() -> None:
    graph = archlens.load("lenet5")
    recorded = instantiated(graph)
    nodes = tuple(
        replace(node, cost=Cost(params=1)) if node.name == "C3.conv1" else node for node in graph.nodes
    )
    assert differences(replace(graph, nodes=nodes), recorded) == ("C3.conv1",)


def test_operators_are_the_same_where_pytorch_has_them() -> None:
    graph = archlens.load("resnet18")
    ran = {node.name: node.op.kind for node in instantiated(graph).nodes}
    same = {"conv", "batch_norm", "relu", "max_pool", "global_average_pool", "linear", "add"}
    assert {node.op.kind for node in graph.nodes} == {"input"} | same
    assert all(ran[node.name] == node.op.kind for node in graph.nodes if node.op.kind in same)
