"""Totals and rows: a graph added up by hand, and sums that must hold for every network."""

import dataclasses
from itertools import pairwise

import pytest

from archlens.analyses import Row, rows_by_operator, rows_by_stage, totals
from archlens.analyses.totals import EVERY_NODE
from archlens.cost import Cost, total
from archlens.graph import Graph
from archlens.ops import Input, ReLU
from tests.wiring import incomplete, three_nodes, wire

CONV = Cost(params=54, multiply_adds=864, reads=86, writes=48, activations=48)
RELU = Cost(elementwise=48, reads=48, writes=48)
STEM = Cost(params=54, multiply_adds=864, elementwise=48, reads=134, writes=96, activations=48)
POOL = Cost(elementwise=3, reads=48, writes=3)


def test_totals_by_hand() -> None:
    cost = totals(three_nodes())
    assert cost == Cost(params=54, multiply_adds=864, elementwise=51, reads=182, writes=99, activations=48)
    assert cost.memory_access == 281


def test_rows_by_stage_by_hand() -> None:
    assert rows_by_stage(three_nodes()) == (
        Row("stem", "group", (1, 3, 4, 4), STEM, (1, 2), True),
        Row("pool", "global_average_pool", (1, 3), POOL, (3,), True),
    )


@pytest.mark.parametrize("depth", [2, 3, 10**9])
def test_finer_rows_by_hand(depth: int) -> None:
    assert rows_by_stage(three_nodes(), depth) == (
        Row("stem.conv1", "conv", (1, 3, 4, 4), CONV, (1,), True),
        Row("stem.relu1", "relu", (1, 3, 4, 4), RELU, (2,), True),
        Row("pool", "global_average_pool", (1, 3), POOL, (3,), True),
    )


def test_a_stage_of_one_node_is_a_group() -> None:
    graph = three_nodes()
    short = dataclasses.replace(graph, nodes=graph.nodes[:2], outputs=(1,))
    assert rows_by_stage(short) == (Row("stem", "group", (1, 3, 4, 4), CONV, (1,), True),)


def test_rows_by_operator_by_hand() -> None:
    assert rows_by_operator(three_nodes()) == (
        Row("conv 3×3", "conv", None, CONV, (1,), True),
        Row("relu", "relu", None, RELU, (2,), True),
        Row("global_average_pool", "global_average_pool", None, POOL, (3,), True),
    )


def test_a_network_without_operators() -> None:
    graph = wire(("input", Input((1, 3)), ()))
    assert totals(graph) == Cost()
    assert rows_by_stage(graph) == rows_by_operator(graph) == ()


def test_rows_tell_what_is_incomplete() -> None:
    assert [(row.name, row.complete) for row in rows_by_stage(incomplete())] == [
        ("stem", True),
        ("head", False),
    ]
    assert [(row.name, row.complete) for row in rows_by_operator(incomplete())] == [
        ("conv 3×3", True),
        ("unknown", False),
    ]
    assert totals(incomplete()) == CONV


def added(rows: tuple[Row, ...]) -> Cost:
    """The sum of rows, field by field."""
    return Cost(**{f.name: sum(getattr(row.cost, f.name) for row in rows) for f in dataclasses.fields(Cost)})


def test_rows_add_up_for_every_network(catalogue: dict[str, Graph]) -> None:
    for graph in catalogue.values():
        whole = totals(graph)
        working = [node for node in graph.nodes if node.inputs]
        deepest = max(node.name.count(".") for node in working) + 1
        for depth in range(1, deepest + 2):
            rows = rows_by_stage(graph, depth)
            assert added(rows) == whole, (graph.model, depth)
            assert sum(row.nodes for row in rows) == len(working)
            assert len({row.name for row in rows}) == len(rows)
        assert [row.name for row in rows_by_stage(graph, deepest)] == [node.name for node in working]
        kinds = rows_by_operator(graph)
        assert added(kinds) == whole, graph.model
        assert sum(row.nodes for row in kinds) == len(working)


def test_rows_by_operator_are_ordered_by_what_they_compute_then_move(catalogue: dict[str, Graph]) -> None:
    for graph in catalogue.values():
        keys = [(row.cost.multiply_adds, row.cost.memory_access) for row in rows_by_operator(graph)]
        assert keys == sorted(keys, reverse=True)


def test_the_last_row_puts_out_what_the_network_does(catalogue: dict[str, Graph]) -> None:
    for graph in catalogue.values():
        assert rows_by_stage(graph)[-1].output == graph.nodes[graph.outputs[0]].shape


@pytest.mark.parametrize(("steps", "rows"), [(20, 20), (21, 1), (300, 1)])
def test_steps_of_a_loop_share_a_row(steps: int, rows: int) -> None:
    """More than 20 operators that are part of no module and differ in their number alone."""
    names = ["input", *(f"relu{step}" for step in range(1, steps + 1))]
    loop = [(name, ReLU(), (before,)) for before, name in pairwise(names)]
    graph = wire(("input", Input((1, 3, 4, 4)), ()), *loop)
    found = rows_by_stage(graph)
    assert len(found) == rows
    assert total(row.cost for row in found) == totals(graph)
    assert found[0].name == (f"relu1 ({steps}×)" if rows == 1 else "relu1")
    assert found[-1].positions[-1] == steps
    assert len(rows_by_stage(graph, EVERY_NODE)) == steps
