"""Operators of onnxruntime's own: each beside the standard operators that it joins."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy
import pytest
from onnx import ModelProto, NodeProto, TensorProto

from archlens.analyses import totals
from archlens.recorder.onnx import import_onnx
from tests.recorder.onnx_files import imported, model, node

MAP = (1, 4, 6, 6)
TOKENS = (2, 5, 8)
SCALE = {"s": numpy.float32(0.1), "z": numpy.uint8(0)}


def joined(kind: str, inputs: str, outputs: str = "y", **attributes: Any) -> NodeProto:
    """A node of onnxruntime's."""
    return node(kind, inputs, outputs, domain="com.microsoft", **attributes)


CONV = {"w": (8, 4, 3, 3), "b": (8,)}
PADS: dict[str, Any] = {"pads": [1, 1, 1, 1]}

SAME: dict[str, tuple[Sequence[int], NodeProto, list[NodeProto], Mapping[str, Sequence[int]]]] = {
    "convolution and activation": (
        MAP,
        joined("FusedConv", "x w b", activation="Relu", **PADS),
        [node("Conv", "x w b", "c", **PADS), node("Relu", "c")],
        CONV,
    ),
    "convolution, sum and activation": (
        MAP,
        joined("FusedConv", "x w b x", activation="Relu", **PADS),
        [node("Conv", "x w b", "c", **PADS), node("Add", "c x", "a"), node("Relu", "a")],
        {"w": (4, 4, 3, 3), "b": (4,)},
    ),
    "convolution and an activation of its own": (
        MAP,
        joined("FusedConv", "x w", activation="LeakyRelu", activation_params=[0.1], **PADS),
        [node("Conv", "x w", "c", **PADS), node("LeakyRelu", "c")],
        {"w": (8, 4, 3, 3)},
    ),
    "channels last": (
        (1, 6, 6, 4),
        joined("NhwcConv", "x w b", **PADS),
        [
            node("Transpose", "x", "t", perm=[0, 3, 1, 2]),
            node("Conv", "t w b", "c", **PADS),
            node("Transpose", "c", perm=[0, 2, 3, 1]),
        ],
        CONV,
    ),
    "product with a turned matrix": (
        TOKENS,
        joined("FusedMatMul", "x w", transB=1, alpha=0.5),
        [node("Transpose", "w", "t", perm=[1, 0]), node("MatMul", "x t")],
        {"w": (12, 8)},
    ),
    "scores": (
        TOKENS,
        joined("FusedMatMul", "x x", transB=1),
        [node("Transpose", "x", "t", perm=[0, 2, 1]), node("MatMul", "x t")],
        {},
    ),
    "linear layer and activation": (
        (3, 8),
        joined("FusedGemm", "x w b", activation="Relu"),
        [node("Gemm", "x w b", "g"), node("Relu", "g")],
        {"w": (8, 12), "b": (12,)},
    ),
    "quick gelu": (MAP, joined("QuickGelu", "x"), [node("Gelu", "x")], {}),
    "gelu": (MAP, joined("Gelu", "x"), [node("Gelu", "x")], {}),
    "gelu of a sum": (
        TOKENS,
        joined("BiasGelu", "x b"),
        [node("Add", "x b", "a"), node("Gelu", "a")],
        {"b": (8,)},
    ),
    "sum and norm": (
        TOKENS,
        joined("SkipLayerNormalization", "x x g b", "y mean deviation t"),
        [node("Add", "x x", "t"), node("LayerNormalization", "t g b")],
        {"g": (8,), "b": (8,)},
    ),
    "sum, bias and norm": (
        TOKENS,
        joined("SkipLayerNormalization", "x x g b c"),
        [node("Add", "x x", "s"), node("Add", "s c", "t"), node("LayerNormalization", "t g b")],
        {"g": (8,), "b": (8,), "c": (8,)},
    ),
    "root mean square": (
        TOKENS,
        node("SimplifiedLayerNormalization", "x g", axis=-1),
        [node("RMSNormalization", "x g")],
        {"g": (8,)},
    ),
}


@pytest.mark.parametrize("name", SAME)
def test_what_is_joined(tmp_path: Path, name: str) -> None:
    shape, one, several, weights = SAME[name]
    ours = imported(model([one], {"x": shape}, weights), tmp_path)
    theirs = imported(model(several, {"x": shape}, weights, opset=23), tmp_path)
    assert ours.complete
    assert totals(ours) == totals(theirs)
    assert [ours.nodes[at].shape for at in ours.outputs] == [theirs.nodes[at].shape for at in theirs.outputs]


def quantised() -> ModelProto:
    """A convolution, a sum, a pool, a joint and a linear layer, all in eight bits."""
    nodes = [
        node("DynamicQuantizeLinear", "x", "q s z"),
        node("QLinearConv", "q s z w s0 z0 s0 z0 b", "c", pads=[1] * 4),
        joined("QLinearAdd", "c s0 z0 c s0 z0 s0 z0", "a"),
        joined("QLinearConcat", "s0 z0 a s0 z0 c s0 z0", "j", axis=1),
        joined("QLinearGlobalAveragePool", "j s0 z0 s0 z0", "p", channels_last=0),
        node("Flatten", "p", "f"),
        joined("QGemm", "f s0 z0 v s0 z0 d s0 z0"),
    ]
    values = {
        "s0": SCALE["s"],
        "z0": SCALE["z"],
        "w": numpy.zeros((8, 4, 3, 3), numpy.uint8),
        "b": numpy.zeros(8, numpy.int32),
        "v": numpy.zeros((16, 10), numpy.uint8),
        "d": numpy.zeros(10, numpy.int32),
    }
    return model(nodes, {"x": MAP}, values=values)


def test_eight_bits_throughout(tmp_path: Path) -> None:
    graph = imported(quantised(), tmp_path)
    assert graph.complete
    cost = totals(graph)
    assert cost.params == 288 + 8 + 160 + 10
    assert cost.multiply_adds == 36 * 288 + 160
    assert graph.nodes[graph.outputs[0]].shape == (1, 10)


@pytest.mark.parametrize("kind", ["MatMulInteger", "MatMulIntegerToFloat", "DynamicQuantizeMatMul"])
def test_products_in_eight_bits(tmp_path: Path, kind: str) -> None:
    """What dynamic quantisation writes: 3×8 by 8×12."""
    values = {"w": numpy.zeros((8, 12), numpy.int8), **SCALE}
    nodes = {
        "MatMulInteger": [node("DynamicQuantizeLinear", "x", "q s0 z0"), node("MatMulInteger", "q w z0")],
        "MatMulIntegerToFloat": [
            node("DynamicQuantizeLinear", "x", "q s0 z0"),
            joined(kind, "q w s0 s z0"),
        ],
        "DynamicQuantizeMatMul": [joined(kind, "x w s")],
    }[kind]
    graph = imported(model(nodes, {"x": (3, 8)}, values=values), tmp_path)
    assert graph.complete
    cost = totals(graph)
    assert (cost.params, cost.multiply_adds) == (96, 288)
    assert graph.nodes[graph.outputs[0]].shape == (3, 12)


def test_four_bits(tmp_path: Path) -> None:
    """64×32 weights, two a byte, in blocks of 32 with a scale each."""
    values = {"w": numpy.zeros((32, 2, 16), numpy.uint8), "c": numpy.zeros(64, numpy.float32)}
    nodes = [joined("MatMulNBits", "x w c", K=64, N=32, bits=4, block_size=32)]
    made = model(nodes, {"x": (3, 64)}, values=values)
    cost = totals(imported(made, tmp_path))
    assert (cost.params, cost.multiply_adds) == (2048, 3 * 2048)


@pytest.mark.parametrize("several", [False, True])
def test_attention(tmp_path: Path, several: bool) -> None:
    """Two samples of 5 tokens, 8 features in 2 heads: 10·8·24 for the projections, then 2·(2·5·5·8)."""
    if several:
        nodes = [
            *(node("MatMul", f"x w{name}", name) for name in "qkv"),
            joined("MultiHeadAttention", "q k v b", num_heads=2),
        ]
        weights = {"wq": (8, 8), "wk": (8, 8), "wv": (8, 8), "b": (24,)}
    else:
        nodes, weights = [joined("Attention", "x w b", num_heads=2)], {"w": (8, 24), "b": (24,)}
    graph = imported(model(nodes, {"x": TOKENS}, weights), tmp_path)
    assert graph.complete
    cost = totals(graph)
    assert (cost.params, cost.multiply_adds) == (8 * 24 + 24, 10 * 8 * 24 + 2 * 2 * 5 * 5 * 8)
    assert graph.nodes[graph.outputs[0]].shape == TOKENS


def test_the_embeddings_of_a_language_model(tmp_path: Path) -> None:
    """Three tables and a norm: words, positions, segments."""
    made = model(
        [joined("EmbedLayerNormalization", "x x words places parts g b", "y l")],
        {"x": (2, 5)},
        {"words": (100, 8), "places": (20, 8), "parts": (2, 8), "g": (8,), "b": (8,)},
        dtype=TensorProto.INT32,
    )
    cost = totals(imported(made, tmp_path))
    assert cost.params == 8 * (100 + 20 + 2) + 16
    # two sums and a norm
    assert cost.elementwise == 3 * 80


def test_channels_in_blocks(tmp_path: Path) -> None:
    """As onnxruntime saves a file for this machine: 3 channels in, 8 in a block."""
    nodes = [
        node("Conv", "x w b", "c", domain="com.microsoft.nchwc", activation="Relu", **PADS),
        node("ReorderOutput", "c", domain="com.microsoft.nchwc", channels=6),
    ]
    graph = imported(model(nodes, {"x": MAP}, CONV), tmp_path)
    assert graph.complete
    assert graph.nodes[graph.outputs[0]].shape == (1, 6, 6, 6)
    assert totals(graph).multiply_adds == 36 * 288


def test_what_onnxruntime_writes(tmp_path: Path) -> None:
    """A small network, optimised by it to the highest level that does not depend on the machine."""
    onnxruntime = pytest.importorskip("onnxruntime")
    rng = numpy.random.default_rng(0)
    values = {
        "w": rng.normal(size=(8, 4, 3, 3)), "b": rng.normal(size=8), "v": rng.normal(size=(8, 10)),
        "g": rng.normal(size=10), "d": rng.normal(size=10),
    }  # fmt: skip
    nodes = [
        node("Conv", "x w b", "c", **PADS),
        node("Relu", "c", "r"),
        node("GlobalAveragePool", "r", "p"),
        node("Flatten", "p", "f"),
        node("MatMul", "f v", "m"),
        node("Add", "m d", "a"),
        node("Gelu", "a", "k"),
        node("Add", "k a", "t"),
        node("LayerNormalization", "t g d"),
    ]
    made = model(nodes, {"x": MAP}, values=values)
    made.ir_version = 8
    made.graph.output[0].type.tensor_type.elem_type = TensorProto.FLOAT
    (tmp_path / "plain.onnx").write_bytes(made.SerializeToString())
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = str(tmp_path / "optimised.onnx")
    onnxruntime.InferenceSession(str(tmp_path / "plain.onnx"), options, providers=["CPUExecutionProvider"])
    before, after = import_onnx(tmp_path / "plain.onnx"), import_onnx(tmp_path / "optimised.onnx")
    assert after.complete
    one, other = totals(before), totals(after)
    assert (other.params, other.multiply_adds) == (one.params, one.multiply_adds)


def test_another_domain_is_named(tmp_path: Path) -> None:
    """An operator of the same name, but of somebody else's."""
    graph = imported(model([node("FusedConv", "x w", domain="mine")], {"x": MAP}, CONV), tmp_path)
    assert [each.op.name for each in graph.uncosted] == ["mine::FusedConv"]  # type: ignore[attr-defined]
