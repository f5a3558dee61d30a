"""Each operator of ONNX by itself, with a cost worked out by hand."""

from pathlib import Path
from typing import Any

import numpy
import pytest
from onnx import TensorProto, helper

from archlens import ops
from archlens.analyses import totals
from archlens.cost import Cost
from archlens.ops import Op
from archlens.recorder.onnx import RULES
from tests.recorder.onnx_files import imported, model, node, only

SUM = Cost(elementwise=24, reads=48, writes=24)
EACH = Cost(elementwise=24, reads=24, writes=24)
MOVED = Cost(reads=24, writes=24)
NONE = Cost()

# x is 1×2×3×4: 24 elements
CASES: list[tuple[str, list[Any], dict[str, Any], dict[str, Any], Cost, tuple[int, ...]]] = [
    # 8 outputs of 2·3·3 products each at 1×2 places: 5 = 3 + 2 - 2, stride 2 gives 2×2
    (
        "conv",
        [node("Conv", "x w b", kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])],
        {"w": (8, 2, 3, 3), "b": (8,)},
        {},
        Cost(params=152, multiply_adds=8 * 4 * 18, reads=24 + 152, writes=32, activations=32),
        (1, 8, 2, 2),
    ),
    (
        "conv, depthwise, same",
        [node("Conv", "x w", auto_pad="SAME_UPPER", strides=[2, 2], group=2)],
        {"w": (2, 1, 3, 3)},
        {},
        Cost(params=18, multiply_adds=2 * 4 * 9, reads=42, writes=8, activations=8),
        (1, 2, 2, 2),
    ),
    (
        "conv, same with more before",
        [node("Conv", "x w", auto_pad="SAME_LOWER", strides=[2, 2])],
        {"w": (1, 2, 2, 2)},
        {},
        Cost(params=8, multiply_adds=4 * 8, reads=32, writes=4, activations=4),
        (1, 1, 2, 2),
    ),
    # every input element meets 5·2·2 weights; (3 - 1)·2 + 2 = 6 and (4 - 1)·2 + 2 = 8
    (
        "transposed conv",
        [node("ConvTranspose", "x w b", strides=[2, 2])],
        {"w": (2, 5, 2, 2), "b": (5,)},
        {},
        Cost(params=45, multiply_adds=24 * 20, reads=24 + 45, writes=240, activations=240),
        (1, 5, 6, 8),
    ),
    (
        "transposed conv to a size",
        [node("ConvTranspose", "x w", strides=[2, 2], output_shape=[5, 7])],
        {"w": (2, 1, 2, 2)},
        {},
        Cost(params=8, multiply_adds=12 * 2 * 4, reads=32, writes=35, activations=35),
        (1, 1, 5, 7),
    ),
    # the running mean and variance are read and are no parameters
    (
        "batch norm",
        [node("BatchNormalization", "x w b m v")],
        dict.fromkeys("wbmv", (2,)),
        {},
        Cost(params=4, elementwise=24, reads=24 + 8, writes=24),
        (1, 2, 3, 4),
    ),
    (
        "layer norm",
        [node("LayerNormalization", "x w b", axis=-2)],
        dict.fromkeys("wb", (3, 4)),
        {},
        Cost(params=24, elementwise=24, reads=48, writes=24),
        (1, 2, 3, 4),
    ),
    (
        "layer norm without shift",
        [node("LayerNormalization", "x w", axis=-1)],
        {"w": (4,)},
        {},
        Cost(params=4, elementwise=24, reads=28, writes=24),
        (1, 2, 3, 4),
    ),
    (
        "instance norm",
        [node("InstanceNormalization", "x w b")],
        dict.fromkeys("wb", (2,)),
        {},
        Cost(params=4, elementwise=24, reads=28, writes=24),
        (1, 2, 3, 4),
    ),
    ("local response norm", [node("LRN", "x", size=3)], {}, {}, EACH, (1, 2, 3, 4)),
    ("unit norm", [node("LpNormalization", "x", axis=1)], {}, {}, EACH, (1, 2, 3, 4)),
    ("relu", [node("Relu", "x")], {}, {}, EACH, (1, 2, 3, 4)),
    ("gelu", [node("Gelu", "x")], {}, {}, EACH, (1, 2, 3, 4)),
    ("hard swish", [node("HardSwish", "x")], {}, {}, EACH, (1, 2, 3, 4)),
    ("leaky relu", [node("LeakyRelu", "x")], {}, {}, EACH, (1, 2, 3, 4)),
    ("mish", [node("Mish", "x")], {}, {}, EACH, (1, 2, 3, 4)),
    ("softmax", [node("Softmax", "x")], {}, {}, EACH, (1, 2, 3, 4)),
    ("log softmax", [node("LogSoftmax", "x")], {}, {}, EACH, (1, 2, 3, 4)),
    ("relu6", [node("Clip", "x a b")], {}, {"a": 0.0, "b": 6.0}, EACH, (1, 2, 3, 4)),
    ("clip", [node("Clip", "x - b")], {}, {"b": 6.0}, EACH, (1, 2, 3, 4)),
    (
        "prelu",
        [node("PRelu", "x w")],
        {"w": (2, 1, 1)},
        {},
        Cost(params=2, elementwise=24, reads=26, writes=24),
        (1, 2, 3, 4),
    ),
    ("sum of a tensor and itself", [node("Add", "x x")], {}, {}, SUM, (1, 2, 3, 4)),
    ("difference", [node("Sub", "x x")], {}, {}, SUM, (1, 2, 3, 4)),
    ("a constant factor", [node("Mul", "x a")], {}, {"a": 0.5}, EACH, (1, 2, 3, 4)),
    ("a constant divisor", [node("Div", "x a")], {}, {"a": 2.0}, EACH, (1, 2, 3, 4)),
    ("a power", [node("Pow", "x a")], {}, {"a": 2.0}, EACH, (1, 2, 3, 4)),
    (
        "a choice",
        [node("Greater", "x a", "c"), node("Where", "c x x")],
        {},
        {"a": 0.0},
        EACH + Cost(elementwise=24, reads=72, writes=24),
        (1, 2, 3, 4),
    ),
    ("concat", [node("Concat", "x x", axis=1)], {}, {}, Cost(reads=48, writes=48), (1, 4, 3, 4)),
    ("reshape", [node("Reshape", "x a")], {}, {"a": [0, -1, 2]}, NONE, (1, 12, 2)),
    ("flatten", [node("Flatten", "x")], {}, {}, NONE, (1, 24)),
    ("flatten from the batch on", [node("Flatten", "x", axis=0)], {}, {}, NONE, (1, 24)),
    ("squeeze", [node("Squeeze", "x a")], {}, {"a": [0]}, NONE, (2, 3, 4)),
    ("unsqueeze", [node("Unsqueeze", "x a")], {}, {"a": [0, 5]}, NONE, (1, 1, 2, 3, 4, 1)),
    ("transpose", [node("Transpose", "x", perm=[0, 2, 3, 1])], {}, {}, NONE, (1, 3, 4, 2)),
    ("identity", [node("Identity", "x")], {}, {}, NONE, (1, 2, 3, 4)),
    ("dropout", [node("Dropout", "x")], {}, {}, NONE, (1, 2, 3, 4)),
    ("slice", [node("Slice", "x a b c")], {}, {"a": [1], "b": [99], "c": [-1]}, NONE, (1, 2, 3, 3)),
    (
        "slice with steps",
        [node("Slice", "x a b c d")],
        {},
        {"a": [-1, 0], "b": [-99, 3], "c": [3, 2], "d": [-2, 2]},
        NONE,
        (1, 2, 2, 2),
    ),
    ("expand", [node("Expand", "x a")], {}, {"a": [5, 2, 3, 4]}, NONE, (5, 2, 3, 4)),
    (
        "pad",
        [node("Pad", "x a")],
        {},
        {"a": [0, 0, 1, 1, 0, 0, 1, 1]},
        Cost(reads=24, writes=60),
        (1, 2, 5, 6),
    ),
    (
        "pad of the batch",
        [node("Pad", "x a")],
        {},
        {"a": [1, 0, 0, 0, 0, 0, 0, 0]},
        Cost(reads=48, writes=48),
        (2, 2, 3, 4),
    ),
    ("tile", [node("Tile", "x a")], {}, {"a": [1, 2, 1, 1]}, Cost(reads=48, writes=48), (1, 4, 3, 4)),
    (
        "one place of an axis",
        [node("Gather", "x a", axis=1)],
        {},
        {"a": numpy.array(0)},
        NONE,
        (1, 3, 4),
    ),
    (
        "places of an axis",
        [node("Gather", "x a", axis=3)],
        {},
        {"a": [0, 2]},
        Cost(reads=12, writes=12),
        (1, 2, 3, 2),
    ),
    ("cast", [node("Cast", "x", to=TensorProto.FLOAT16)], {}, {}, MOVED, (1, 2, 3, 4)),
    (
        "max pool",
        [node("MaxPool", "x", kernel_shape=[2, 2], strides=[2, 2], ceil_mode=1)],
        {},
        {},
        Cost(elementwise=8, reads=24, writes=8),
        (1, 2, 2, 2),
    ),
    (
        "average pool",
        [node("AveragePool", "x", kernel_shape=[3, 3], pads=[1, 1, 1, 1])],
        {},
        {},
        EACH,
        (1, 2, 3, 4),
    ),
    (
        "average pool with dilation",
        [node("AveragePool", "x", kernel_shape=[2, 2], dilations=[2, 2])],
        {},
        {},
        Cost(elementwise=4, reads=24, writes=4),
        (1, 2, 1, 2),
    ),
    (
        "global average pool",
        [node("GlobalAveragePool", "x")],
        {},
        {},
        Cost(elementwise=2, reads=24, writes=2),
        (1, 2, 1, 1),
    ),
    (
        "global max pool",
        [node("GlobalMaxPool", "x")],
        {},
        {},
        Cost(elementwise=2, reads=24, writes=2),
        (1, 2, 1, 1),
    ),
    (
        "mean",
        [node("ReduceMean", "x a", keepdims=0)],
        {},
        {"a": [2, 3]},
        Cost(elementwise=2, reads=24, writes=2),
        (1, 2),
    ),
    (
        "largest of all",
        [node("ReduceMax", "x", keepdims=0)],
        {},
        {},
        Cost(elementwise=1, reads=24, writes=1),
        (),
    ),
    (
        "length",
        [node("ReduceL2", "x a")],
        {},
        {"a": [1]},
        Cost(elementwise=12, reads=24, writes=12),
        (1, 1, 3, 4),
    ),
    (
        "where the largest is",
        [node("ArgMax", "x", axis=1)],
        {},
        {},
        Cost(elementwise=12, reads=24, writes=12),
        (1, 1, 3, 4),
    ),
    (
        "nearest resize",
        [node("Resize", "x - a", mode="nearest")],
        {},
        {"a": [1.0, 1.0, 2.0, 2.0]},
        Cost(reads=24, writes=96),
        (1, 2, 6, 8),
    ),
    (
        "linear resize",
        [node("Resize", "x - - a", mode="linear")],
        {},
        {"a": [1, 2, 5, 5]},
        Cost(elementwise=50, reads=24, writes=50),
        (1, 2, 5, 5),
    ),
    (
        "cubic resize",
        [node("Resize", "x - - a", mode="cubic")],
        {},
        {"a": [1, 2, 5, 5]},
        Cost(elementwise=50, reads=24, writes=50),
        (1, 2, 5, 5),
    ),
    ("space to depth", [node("SpaceToDepth", "x", blocksize=1)], {}, {}, MOVED, (1, 2, 3, 4)),
    # 6 rows of 4 features, 5 outputs each
    (
        "matrix product with stored weights",
        [node("MatMul", "x w")],
        {"w": (4, 5)},
        {},
        Cost(params=20, multiply_adds=120, reads=44, writes=30, activations=30),
        (1, 2, 3, 5),
    ),
    # 2 times 3×4 by 4×3
    (
        "matrix product of tensors",
        [node("Transpose", "x", "t", perm=[0, 1, 3, 2]), node("MatMul", "x t")],
        {},
        {},
        Cost(multiply_adds=72, reads=48, writes=18, activations=18),
        (1, 2, 3, 3),
    ),
    (
        "matrix times vector",
        [node("MatMul", "x w")],
        {"w": (4,)},
        {},
        Cost(params=4, multiply_adds=24, reads=28, writes=6, activations=6),
        (1, 2, 3),
    ),
    (
        "gemm",
        [node("Flatten", "x", "f"), node("Gemm", "f w b", transB=1)],
        {"w": (5, 24), "b": (5,)},
        {},
        Cost(params=125, multiply_adds=120, reads=149, writes=5, activations=5),
        (1, 5),
    ),
    (
        "einsum",
        [node("Einsum", "x x", equation="nchw,nkhw->nck")],
        {},
        {},
        Cost(multiply_adds=2 * 2 * 12, reads=48, writes=4, activations=4),
        (1, 2, 2),
    ),
    (
        "einsum without a sum",
        [node("Einsum", "x x", equation="...w,...w->...w")],
        {},
        {},
        SUM,
        (1, 2, 3, 4),
    ),
    (
        "einsum of one tensor",
        [node("Einsum", "x", equation="nchw->nc")],
        {},
        {},
        Cost(elementwise=2, reads=24, writes=2),
        (1, 2),
    ),
    ("quantize", [node("QuantizeLinear", "x a b")], {}, {"a": 0.1, "b": numpy.uint8(3)}, EACH, (1, 2, 3, 4)),
]


@pytest.mark.parametrize(
    ("nodes", "weights", "values", "cost", "shape"), [case[1:] for case in CASES], ids=[c[0] for c in CASES]
)
def test_cost(
    tmp_path: Path, nodes: Any, weights: Any, values: Any, cost: Cost, shape: tuple[int, ...]
) -> None:
    graph = imported(model(nodes, {"x": (1, 2, 3, 4)}, weights, values), tmp_path)
    assert graph.complete
    assert totals(graph) == cost
    assert graph.nodes[graph.outputs[0]].shape == shape


SAME: list[tuple[Any, dict[str, Any], dict[str, Any], Op]] = [
    (
        node("Conv", "x w", pads=[1, 0, 1, 0], dilations=[1, 2]),
        {"w": (2, 1, 3, 2)},
        {"group": 2},
        ops.Conv(2, (3, 2), 1, (1, 0), (1, 2), 2),
    ),
    (node("Clip", "x a b"), {}, {"a": 0.0, "b": 6.0}, ops.ReLU6()),
    (node("Clip", "x a"), {}, {"a": 0.0}, ops.ReLU()),
    (node("Mul", "a x"), {}, {"a": 0.25}, ops.Scale(0.25)),
    (node("ReduceMean", "x a", keepdims=0), {}, {"a": [2, 3]}, ops.Mean((2, 3))),
    (node("Pad", "x a"), {}, {"a": [0, 0, 0, 1, 0, 0, 2, 3]}, ops.Pad(((0, 2), (1, 3)))),
    (node("Slice", "x a b c"), {}, {"a": [-3], "b": [-1], "c": [3]}, ops.Slice(1, 3, 3)),
    (node("Dropout", "x a"), {}, {"a": 0.25}, ops.Dropout(0.25)),
    (node("Softmax", "x", axis=1), {}, {}, ops.Softmax(1)),
]


@pytest.mark.parametrize(("made", "weights", "values", "op"), SAME, ids=lambda value: str(value)[:20])
def test_the_class_that_specs_use(tmp_path: Path, made: Any, weights: Any, values: Any, op: Op) -> None:
    extra = {name: values[name] for name in values if name == "group"}
    for name, value in extra.items():
        made.attribute.append(helper.make_attribute(name, value))
    numbers = {name: value for name, value in values.items() if name not in extra}
    graph = imported(model([made], {"x": (1, 2, 3, 4)}, weights, numbers), tmp_path)
    assert only(graph).op == op


def test_parts_of_an_axis(tmp_path: Path) -> None:
    nodes = [node("Split", "x a", "p q", axis=3), node("Split", "x", "r s", axis=1, num_outputs=2)]
    made = model(nodes, {"x": (1, 2, 3, 4)}, values={"a": [1, 3]}, outputs="p q r s")
    graph = imported(made, tmp_path)
    assert [graph.nodes[at].op for at in graph.outputs] == [
        ops.Slice(0, 1, 3),
        ops.Slice(1, 4, 3),
        ops.Split(2, 0),
        ops.Split(2, 1),
    ]


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


def test_a_kernel_that_the_network_computes(tmp_path: Path) -> None:
    nodes = [node("Mul", "w g", "scaled"), node("Conv", "x scaled b")]
    weights = {"w": (4, 2, 1, 1), "g": (4, 1, 1, 1), "b": (4,)}
    cost = totals(imported(model(nodes, {"x": (1, 2, 3, 4)}, weights), tmp_path))
    # 8 weights scaled, then a convolution of 12 places, 4 outputs of 2 products each
    assert cost == Cost(
        params=16,
        multiply_adds=96,
        elementwise=8,
        reads=8 + 4 + 24 + 8 + 4,
        writes=8 + 48,
        activations=48,
    )


def test_a_bias_of_zeros_that_the_exporter_made_up(tmp_path: Path) -> None:
    nodes = [node("Expand", "zero shape", "b"), node("Conv", "x w b")]
    made = model(nodes, {"x": (1, 2, 3, 4)}, {"w": (4, 2, 1, 1)}, {"zero": 0.0, "shape": [4]})
    assert only(imported(made, tmp_path)).op == ops.Conv(4, padding=0)


@pytest.mark.parametrize(("kind", "gates", "steps"), [("LSTM", 4, 13), ("GRU", 3, 11), ("RNN", 1, 2)])
def test_recurrent_layers(tmp_path: Path, kind: str, gates: int, steps: int) -> None:
    """7 tokens, batch 2, 5 features, 3 hidden numbers, both directions."""
    weights = {"w": (2, gates * 3, 5), "r": (2, gates * 3, 3), "b": (2, 2 * gates * 3)}
    made = model(
        [node(kind, "x w r b", "y h", hidden_size=3, direction="bidirectional")],
        {"x": (7, 2, 5)}, weights, outputs="y h",
    )  # fmt: skip
    graph = imported(made, tmp_path)
    cost = totals(graph)
    assert cost.params == 2 * gates * 3 * (5 + 3 + 2)
    assert cost.multiply_adds == 7 * 2 * 2 * gates * 3 * (5 + 3)
    assert cost.elementwise == 7 * 2 * 2 * 3 * steps
    assert [graph.nodes[at].shape for at in graph.outputs] == [(7, 2, 2, 3), (2, 2, 3)]


def test_weights_in_eight_bits_are_weights(tmp_path: Path) -> None:
    nodes = [
        node("QuantizeLinear", "x s z", "q"),
        node("QLinearConv", "q s z w s z s z b", "c"),
        node("DequantizeLinear", "c s z"),
    ]
    values = {
        "s": numpy.float32(0.1),
        "z": numpy.uint8(0),
        "w": numpy.zeros((4, 2, 1, 1), numpy.uint8),
        "b": numpy.zeros(4, numpy.int32),
    }
    cost = totals(imported(model(nodes, {"x": (1, 2, 3, 4)}, values=values), tmp_path))
    assert (cost.params, cost.multiply_adds, cost.elementwise) == (12, 96, 24 + 48)


def test_weights_that_are_stored_in_eight_bits(tmp_path: Path) -> None:
    nodes = [node("DequantizeLinear", "w s z", "f"), node("Conv", "x f")]
    values = {
        "s": numpy.float32(0.1),
        "z": numpy.int8(0),
        "w": numpy.zeros((4, 2, 1, 1), numpy.int8),
    }
    graph = imported(model(nodes, {"x": (1, 2, 3, 4)}, values=values), tmp_path)
    assert only(graph).op == ops.Conv(4, padding=0)
    assert totals(graph).params == 8


def test_attention(tmp_path: Path) -> None:
    """4 heads of 8 tokens with 16 features: two products of 4·8·8·16."""
    made = model([node("Attention", "x x x")], {"x": (1, 4, 8, 16)}, opset=23)
    cost = totals(imported(made, tmp_path))
    assert cost.multiply_adds == 2 * 4 * 8 * 8 * 16
    made = model([node("Attention", "x x x", q_num_heads=4, kv_num_heads=4)], {"x": (1, 8, 64)}, opset=23)
    assert totals(imported(made, tmp_path)).multiply_adds == cost.multiply_adds


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
        (node("NonZero", "x"), "NonZero"),
        (node("Fancy", "x", domain="com.example"), "com.example::Fancy"),
        (node("Det", "x"), "Det"),
    ],
)
def test_an_operator_without_a_rule_is_named(tmp_path: Path, made: Any, name: str) -> None:
    graph = imported(model([made, node("Relu", "y", "z")], {"x": (3, 3)}, outputs="z"), tmp_path)
    assert not graph.complete
    assert next(each.op.name for each in graph.uncosted) == name  # type: ignore[attr-defined]


def test_what_follows_an_unknown_shape_is_unknown_too(tmp_path: Path) -> None:
    nodes = [node("NonZero", "x", "n"), node("Relu", "n"), node("Sigmoid", "x", "z")]
    graph = imported(model(nodes, {"x": (3, 3)}, outputs="y z"), tmp_path)
    assert [each.op.name for each in graph.uncosted] == ["NonZero", "Relu"]  # type: ignore[attr-defined]
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
