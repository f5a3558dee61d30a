"""Graphs in graphs: branches, loops and scans, whose cost is that of their passes."""

from pathlib import Path
from typing import Any

import numpy
import pytest
from onnx import GraphProto, TensorProto, helper

from archlens.analyses import totals
from tests.recorder.onnx_files import imported, model, node


def inner(nodes: list[Any], inputs: str = "", outputs: str = "z") -> GraphProto:
    """A graph of nodes that read what stands around it."""
    given = [helper.make_empty_tensor_value_info(name) for name in inputs.split()]
    return helper.make_graph(
        nodes, "inner", given, [helper.make_empty_tensor_value_info(each) for each in outputs.split()]
    )


def test_a_branch_that_only_a_run_tells(tmp_path: Path) -> None:
    """8×16 weights or none: the costlier is counted, and said to be."""
    small, large = inner([node("Concat", "x x", "z", axis=1)]), inner([node("MatMul", "x w", "z")])
    nodes = [node("If", "c", then_branch=small, else_branch=large)]
    made = model(nodes, {"x": (3, 8), "c": ()}, {"w": (8, 16)})
    made.graph.input[1].type.tensor_type.elem_type = TensorProto.BOOL
    with pytest.warns(UserWarning, match="the costlier is counted, 384 multiply-adds, not 0$"):
        graph = imported(made, tmp_path)
    assert graph.complete
    cost = totals(graph)
    assert (cost.params, cost.multiply_adds) == (128, 3 * 8 * 16)


def test_branches_of_different_shapes(tmp_path: Path) -> None:
    """The costlier is counted, its 8×8 weights too; how large what follows is, only a run tells."""
    one, other = inner([node("MatMul", "x w", "z")]), inner([node("Concat", "x x", "z", axis=0)])
    made = model([node("If", "c", then_branch=one, else_branch=other)], {"x": (3, 8), "c": ()}, {"w": (8, 8)})
    made.graph.input[1].type.tensor_type.elem_type = TensorProto.BOOL
    with pytest.warns(UserWarning, match="the costlier is counted, 192 multiply-adds, not 0$"):
        graph = imported(made, tmp_path)
    assert (totals(graph).params, totals(graph).multiply_adds) == (64, 3 * 64)
    assert [each.op.name for each in graph.uncosted] == ["If"]  # type: ignore[attr-defined]


def test_a_loop_of_five_passes(tmp_path: Path) -> None:
    """One 8×8 matrix, applied five times: its weights once, its work five times, and all results stacked."""
    body = inner(
        [node("Identity", "going", "on"), node("MatMul", "state w", "next"), node("Relu", "next", "kept")],
        "trip going state",
        "on next kept",
    )
    made = model(
        [node("Loop", "many yes x", "y all", body=body)],
        {"x": (3, 8)},
        {"w": (8, 8)},
        {"many": numpy.array(5), "yes": numpy.array(True)},
        outputs="y all",
    )
    graph = imported(made, tmp_path)
    assert graph.complete
    cost = totals(graph)
    assert (cost.params, cost.multiply_adds, cost.elementwise) == (64, 5 * 3 * 64, 5 * 24)
    assert [graph.nodes[at].shape for at in graph.outputs] == [(3, 8), (5, 3, 8)]


def test_a_loop_that_a_run_ends_counts_one_pass(tmp_path: Path) -> None:
    """One pass has one maximum of 24 numbers, and a ReLU of 24; a lower bound, which is said."""
    body = inner(
        [node("ReduceMax", "state", "most", keepdims=0), node("Cast", "most", "on", to=TensorProto.BOOL),
         node("Relu", "state", "next")],
        "trip going state",
        "on next",
    )  # fmt: skip
    values = {"many": numpy.array(5), "yes": numpy.array(True)}
    made = model([node("Loop", "many yes x", body=body)], {"x": (3, 8)}, values=values)
    with pytest.warns(UserWarning, match="up to 5 times: one pass is counted, as a lower bound$"):
        graph = imported(made, tmp_path)
    assert [each.op.name for each in graph.uncosted] == ["Loop"]  # type: ignore[attr-defined]
    assert totals(graph).elementwise == 1 + 24
    assert graph.nodes[graph.outputs[0]].shape == (3, 8)


def test_a_loop_as_often_as_a_run_tells(tmp_path: Path) -> None:
    """Its weights are parameters all the same, and what it carries keeps its shape."""
    body = inner(
        [node("Identity", "going", "on"), node("MatMul", "state w", "next"), node("Relu", "next", "kept")],
        "trip going state",
        "on next kept",
    )
    nodes = [node("Loop", "many yes x", "y all", body=body), node("MatMul", "y v", "z")]
    made = model(
        nodes,
        {"x": (3, 8), "many": ()},
        {"w": (8, 8), "v": (8, 2)},
        {"yes": numpy.array(True)},
        outputs="z all",
    )
    made.graph.input[1].type.tensor_type.elem_type = TensorProto.INT64
    with pytest.warns(UserWarning, match="as often as only a run tells: one pass is counted"):
        graph = imported(made, tmp_path)
    cost = totals(graph)
    assert not graph.complete
    assert (cost.params, cost.multiply_adds) == (64 + 16, 3 * 64 + 3 * 8 * 2)
    assert graph.nodes[graph.outputs[0]].shape == (3, 2)


def test_a_scan_along_the_tokens(tmp_path: Path) -> None:
    """A cell of 8×8 weights on each of 6 rows, with a state."""
    body = inner(
        [node("MatMul", "row w", "p"), node("Add", "p state", "next"), node("Identity", "next", "kept")],
        "state row",
        "next kept",
    )
    made = model(
        [node("Scan", "first x", "last all", body=body, num_scan_inputs=1)],
        {"first": (3, 8), "x": (6, 3, 8)},
        {"w": (8, 8)},
        outputs="last all",
    )
    graph = imported(made, tmp_path)
    assert graph.complete
    cost = totals(graph)
    assert (cost.params, cost.multiply_adds, cost.elementwise) == (64, 6 * 3 * 64, 6 * 24)
    assert [graph.nodes[at].shape for at in graph.outputs] == [(3, 8), (6, 3, 8)]


def test_a_scan_as_version_8_had_it_is_named(tmp_path: Path) -> None:
    """Lengths of sequences come first, left out here, and a batch stands before every axis."""
    body = inner(
        [node("Add", "row state", "next"), node("Identity", "next", "kept")], "state row", "next kept"
    )
    made = model(
        [node("Scan", "- first x", "last all", body=body, num_scan_inputs=1)],
        {"first": (1, 2), "x": (1, 3, 2)},
        outputs="last all",
        opset=8,
    )
    graph = imported(made, tmp_path)
    assert [each.op.name for each in graph.uncosted] == ["Scan"]  # type: ignore[attr-defined]
