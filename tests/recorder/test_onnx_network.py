"""What nodes of an ONNX file have in common: weights, constants, branches, functions, versions."""

from pathlib import Path
from typing import Any

import numpy
import pytest
from onnx import TensorProto, helper

from archlens import ops
from archlens.analyses import totals
from archlens.cost import Cost
from archlens.recorder.onnx import RULES
from tests.recorder.onnx_files import imported, model, node, only


def test_weights_as_tensors(tmp_path: Path) -> None:
    """A bias that is added by itself, and used twice: its parameters are counted once, it is read twice."""
    nodes = [node("Add", "x w", "s"), node("Add", "s w")]
    graph = imported(model(nodes, {"x": (1, 2, 3, 4)}, {"w": (2, 1, 1)}), tmp_path)
    assert totals(graph) == Cost(params=2, elementwise=48, reads=52, writes=48)


def test_shared_weights(tmp_path: Path) -> None:
    """Two convolutions with the same weights: work twice, parameters once."""
    nodes = [node("Conv", "x w b", "s"), node("Conv", "s w b")]
    graph = imported(model(nodes, {"x": (1, 2, 3, 4)}, {"w": (2, 2, 1, 1), "b": (2,)}), tmp_path)
    assert [each.shared for each in graph.nodes] == [0, 0, 6]
    cost = totals(graph)
    assert (cost.params, cost.multiply_adds, cost.reads) == (6, 2 * 48, 2 * 30)


def test_tied_embeddings(tmp_path: Path) -> None:
    """A table that tokens are looked up in, and that scores are computed with: counted once."""
    nodes = [
        node("Gather", "table x", "e"),
        node("Transpose", "table", "t", perm=[1, 0]),
        node("MatMul", "e t"),
    ]
    made = model(nodes, {"x": (1, 7)}, {"table": (100, 8)}, dtype=TensorProto.INT64)
    graph = imported(made, tmp_path)
    cost = totals(graph)
    assert (cost.params, cost.multiply_adds) == (800, 7 * 8 * 100)
    # the looked up rows and their places, then the rows and the table
    assert cost.reads == 56 + 7 + 56 + 800


def test_arithmetic_on_shapes_is_folded_away(tmp_path: Path) -> None:
    nodes = [
        node("Shape", "x", "s"),
        node("Gather", "s zero", "n", axis=0),
        node("Unsqueeze", "n axes", "u"),
        node("Concat", "u rest", "target", axis=0),
        node("Reshape", "x target"),
    ]
    values = {"zero": numpy.array(0), "axes": [0], "rest": [-1]}
    graph = imported(model(nodes, {"x": ("N", 2, 3, 4)}, values=values), tmp_path, batch=5)
    assert only(graph).op == ops.Reshape((5, 24))


def test_a_branch_that_is_always_taken(tmp_path: Path) -> None:
    output = [helper.make_empty_tensor_value_info("z")]
    branches = [helper.make_graph([node(kind, "x", "z")], "g", [], output) for kind in ("Relu", "Sigmoid")]
    made = node("If", "c", then_branch=branches[0], else_branch=branches[1])
    graph = imported(model([made], {"x": (1, 2)}, values={"c": numpy.array(False)}), tmp_path)
    assert only(graph).op == ops.Sigmoid()


def test_a_function_of_the_file(tmp_path: Path) -> None:
    made = model([node("Twice", "x", domain="mine", name="block")], {"x": (1, 2)})
    body = [node("Relu", "a", "b"), node("Relu", "b", "c")]
    made.functions.append(
        helper.make_function("mine", "Twice", ["a"], ["c"], body, [helper.make_opsetid("", 20)])
    )
    assert totals(imported(made, tmp_path)).elementwise == 4


@pytest.mark.parametrize(
    ("made", "name"),
    [
        (node("Tile", "x many"), "Tile"),
        (node("Fancy", "x", domain="com.example"), "com.example::Fancy"),
    ],
)
def test_an_operator_without_a_rule_is_named(tmp_path: Path, made: Any, name: str) -> None:
    written = model([made, node("Relu", "y", "z")], {"x": (3, 3), "many": (2,)}, outputs="z")
    written.graph.input[1].type.tensor_type.elem_type = TensorProto.INT64
    graph = imported(written, tmp_path)
    assert not graph.complete
    assert next(each.op.name for each in graph.uncosted) == name  # type: ignore[attr-defined]


def test_what_follows_an_unknown_shape_is_unknown_too(tmp_path: Path) -> None:
    fancy = node("Fancy", "x", "n", domain="com.example")
    nodes = [fancy, node("Relu", "n"), node("Sigmoid", "x", "z")]
    graph = imported(model(nodes, {"x": (3, 3)}, outputs="y z"), tmp_path)
    assert [each.op.name for each in graph.uncosted] == ["com.example::Fancy", "Relu"]  # type: ignore[attr-defined]
    assert totals(graph).elementwise == 9


@pytest.mark.parametrize("opset", [11, 13, 17, 20, 22])
def test_versions(tmp_path: Path, opset: int) -> None:
    """What was an attribute became an input at 13: the axes of a squeeze, the parts of a split."""
    old = opset < 13
    nodes = [
        node("Conv", "x w", "c", name="/stem/conv/Conv"),
        node("BatchNormalization", "c s s m m", "n"),
        node("Clip", "n zero six", "k"),
        node("Softmax", "k", "sm", axis=1),
        node("GlobalAveragePool", "sm", "g"),
        node("Squeeze", "g", "f", axes=[2, 3]) if old else node("Squeeze", "g two_three", "f"),
        node("Split", "f", "l r", axis=1, split=[2, 2]) if old else node("Split", "f parts", "l r", axis=1),
        node("Add", "l r", "a"),
        node("Gemm", "a v"),
    ]
    values = {"zero": 0.0, "six": 6.0, "two_three": [2, 3], "parts": [2, 2]}
    weights = {"w": (4, 3, 3, 3), "s": (4,), "m": (4,), "v": (2, 5)}
    graph = imported(model(nodes, {"x": (1, 3, 8, 8)}, weights, values, opset=opset), tmp_path)
    assert graph.complete
    cost = totals(graph)
    # scale and shift are one tensor here: 4 of the batch norm's 8 are shared
    assert cost.params == 108 + 4 + 10
    assert cost.multiply_adds == 36 * 108 + 10
    assert graph.nodes[1].name == "stem.conv"


def test_the_oldest_forms(tmp_path: Path) -> None:
    """Version 9: limits, paddings and slices are attributes."""
    nodes = [
        node("Clip", "x", "a", min=0.0, max=6.0),
        node("Pad", "a", "b", pads=[0, 0, 1, 1, 0, 0, 1, 1]),
        node("Slice", "b", "c", starts=[1], ends=[3], axes=[2]),
        node("Upsample", "c scales", mode="nearest"),
    ]
    made = model(nodes, {"x": (1, 2, 3, 4)}, values={"scales": [1.0, 1.0, 2.0, 2.0]}, opset=9)
    graph = imported(made, tmp_path)
    assert [each.op for each in graph.nodes[1:]] == [
        ops.ReLU6(),
        ops.Pad(((1, 1), (1, 1))),
        ops.Slice(1, 3, 2),
        ops.Upsample(size=(4, 12)),
    ]


def test_rules_are_for_operators_that_exist() -> None:
    import onnx

    known = {schema.name for schema in onnx.defs.get_all_schemas_with_history()}
    assert set(RULES) <= known
