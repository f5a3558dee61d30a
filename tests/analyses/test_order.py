"""The best order: by hand, against every order there is, and in a real run."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import archlens
from archlens.analyses import peak_activations
from archlens.analyses.order import best_order, reordered
from archlens.graph import Graph, verify
from archlens.ops import Add, Input, Linear, ReLU
from tests.oracles.alive import alive, drawn, orders
from tests.oracles.liveness import live_in_a_run
from tests.wiring import wire


def branches() -> Graph:
    """One branch makes 10 and of that 2, the other 3 and of that 2, and they are added.

    As written, 4 + 3 + 10 = 17 are alive while the 10 are made. The other branch first:
    4 + 10, 4 + 10 + 2 = 16, 4 + 2 + 3, 2 + 3 + 2, 2 + 2 + 2. In full first, the narrow branch leaves
    2 and not 3 behind: 4 + 3, 4 + 3 + 2, 4 + 2 + 10 = 16, 2 + 10 + 2, 2 + 2 + 2.
    """
    return wire(
        ("input", Input((1, 4)), ()),
        ("narrow", Linear(3), ("input",)),
        ("wide", Linear(10), ("input",)),
        ("left", Linear(2), ("wide",)),
        ("right", Linear(2), ("narrow",)),
        ("add", Add(), ("left", "right")),
    )


def test_by_hand() -> None:
    graph = branches()
    assert peak_activations(graph).inference.elements == 17
    found = best_order(graph)
    assert (found.elements, found.lower_bound, found.exact) == (16, 16, True)
    assert peak_activations(reordered(graph, found.order)).inference.elements == 16


def test_the_given_order_stays_if_none_is_better() -> None:
    graph = archlens.load("resnet18")
    found = best_order(graph)
    assert found.exact
    assert found.order == tuple(range(len(graph.nodes)))
    assert found.elements == peak_activations(graph).inference.elements


def test_without_a_search_there_is_a_bound() -> None:
    """While the wide one is made, 4 + 10 are alive, and while it is read, 10 + 2 and one of 4, 3 and 2."""
    found = best_order(branches(), states=0)
    assert (found.elements, found.lower_bound, found.exact) == (17, 14, False)
    assert found.order == tuple(range(6))


def test_a_network_of_an_input() -> None:
    found = best_order(wire(("input", Input((1, 3)), ())))
    assert (found.elements, found.lower_bound, found.order) == (3, 3, (0,))


def test_a_network_in_another_order_is_the_same_network() -> None:
    graph = wire(
        ("input", Input((1, 4)), ()),
        ("a", Linear(3), ("input",)),
        ("b", ReLU(), ("input",)),
        ("c", Linear(3), ("b",)),
        ("d", Add(), ("a", "c")),
        outputs=("d", "b"),
    )
    found = reordered(graph, (0, 2, 3, 1, 4))
    verify(found)
    assert [(node.name, node.inputs) for node in found.nodes] == [
        ("input", ()), ("b", (0,)), ("c", (1,)), ("a", (0,)), ("d", (3, 2)),
    ]  # fmt: skip
    assert found.outputs == (4, 1)


@given(drawn(most=7), st.sampled_from([0, 1, 3, 10_000]))
def test_no_order_is_better(graph: Graph, states: int) -> None:
    best = min(max(alive(graph, order)) for order in orders(graph))
    found = best_order(graph, states)
    assert found.lower_bound <= best <= found.elements
    assert max(alive(graph, found.order)) == found.elements
    assert found.exact == (found.lower_bound == found.elements)
    assert found.elements <= peak_activations(graph).inference.elements
    assert states < 10_000 or found.exact


def test_every_network_has_its_best_order(catalogue: dict[str, Graph]) -> None:
    for graph in catalogue.values():
        found = best_order(graph)
        assert found.exact, graph.model
        assert peak_activations(reordered(graph, found.order)).inference.elements == found.elements


@pytest.mark.parametrize("model", ["nasnet_a_mobile", "shufflenet_v2_x2_0"])
def test_a_real_run_in_the_best_order_needs_no_more(model: str) -> None:
    graph = archlens.load(model, input=(3, 96, 96))
    found = best_order(graph)
    assert found.elements < peak_activations(graph).inference.elements
    better = reordered(graph, found.order)
    assert max(live_in_a_run(better, archlens.build(better))) == found.elements
