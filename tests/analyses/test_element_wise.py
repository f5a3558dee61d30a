"""Rows by kind of work, added up by hand, and the share of memory access that no dot product causes."""

import pytest

import archlens
from archlens.analyses import rows_by_operator, totals
from archlens.analyses.element_wise import element_wise_share, rows_by_work
from archlens.cost import Cost, total
from archlens.graph import Graph
from archlens.ops import Add, Flatten, Identity, Input, ReLU, Sigmoid
from tests.wiring import incomplete, three_nodes, wire


def test_rows_by_hand() -> None:
    """All kinds of activations are one row; the flatten and the identity have one of zeros."""
    graph = wire(
        ("x", Input((1, 2, 3, 3)), ()),
        ("relu", ReLU(), ("x",)),
        ("sigmoid", Sigmoid(), ("x",)),
        ("sum", Add(), ("relu", "sigmoid", "x")),
        ("flatten", Flatten(), ("sum",)),
        ("identity", Identity(), ("flatten",)),
    )
    found = [(row.name, row.kind, row.output, row.positions, row.cost) for row in rows_by_work(graph)]
    assert found == [
        ("add", "group", None, (3,), Cost(elementwise=36, reads=72, writes=36)),
        ("activation", "group", None, (1, 2), Cost(elementwise=36, reads=36, writes=36)),
        ("view", "group", None, (4, 5), Cost()),
    ]


def test_three_nodes_by_hand() -> None:
    assert [(row.name, row.cost.memory_access) for row in rows_by_work(three_nodes())] == [
        ("convolution", 134),
        ("activation", 96),
        ("pooling", 51),
    ]
    assert element_wise_share(three_nodes()) == (96 + 51) / (134 + 96 + 51)


def test_resnet_50_by_hand() -> None:
    """16 units of three convolutions with a sum and three ReLUs each, four projections, a stem and a head.

    A sum reads two maps and writes one.
    """
    rows = {row.name: row for row in rows_by_work(archlens.load("resnet50"))}
    assert {name: row.nodes for name, row in rows.items()} == {
        "convolution": 1 + 16 * 3 + 4,
        "linear": 1,
        "normalization": 1 + 16 * 3 + 4,
        "activation": 1 + 16 * 3,
        "add": 16,
        "pooling": 2,
    }
    maps = 3 * 256 * 56**2 + 4 * 512 * 28**2 + 6 * 1024 * 14**2 + 3 * 2048 * 7**2
    assert rows["add"].cost == Cost(elementwise=maps, reads=2 * maps, writes=maps)


def test_an_operator_without_a_rule_has_a_row_by_its_kind() -> None:
    rows = rows_by_work(incomplete())
    assert [(row.name, row.complete) for row in rows] == [("convolution", True), ("unknown", False)]
    assert element_wise_share(incomplete()) == 0


def test_a_network_that_moves_nothing() -> None:
    graph = wire(("x", Input((1, 3)), ()), ("y", Identity(), ("x",)))
    assert element_wise_share(graph) is None
    assert [(row.name, row.nodes) for row in rows_by_work(graph)] == [("view", 1)]
    assert rows_by_work(wire(("x", Input((1, 3)), ()))) == ()


@pytest.mark.parametrize(("model", "at_least", "at_most"), [("vgg16", 0, 0.2), ("shufflenet_v2", 0.6, 0.7)])
def test_light_networks_move_more_for_element_wise_work(model: str, at_least: float, at_most: float) -> None:
    """ShuffleNet V2's fourth guideline: it weighs most where there are few multiply-adds."""
    share = element_wise_share(archlens.load(model))
    assert share is not None
    assert at_least < share < at_most


def test_what_holds_for_every_network(catalogue: dict[str, Graph]) -> None:
    for graph in catalogue.values():
        rows = rows_by_work(graph)
        assert total(row.cost for row in rows) == totals(graph), graph.model
        assert sum(row.nodes for row in rows) == sum(row.nodes for row in rows_by_operator(graph))
        assert all(row.name and row.cost == Cost() for row in rows if row.name == "view")
        keys = [(row.cost.multiply_adds, row.cost.memory_access) for row in rows]
        assert keys == sorted(keys, reverse=True)
        share = element_wise_share(graph)
        without = [row for row in rows if not row.cost.multiply_adds]
        assert share is not None
        assert share >= sum(row.cost.memory_access for row in without) / totals(graph).memory_access > 0
