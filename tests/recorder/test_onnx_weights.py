"""What is a weight of an ONNX file: told by who uses it, wherever it is stored and whatever it is called."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy
import pytest
from onnx import NodeProto, TensorProto, numpy_helper

from archlens import ops
from archlens.analyses import totals
from tests.recorder.onnx_files import imported, model, node

KERNEL = numpy.zeros((8, 4, 3, 3), numpy.float32)
"""288 numbers. On a map of 6×6, padded, that makes 36 · 288 multiply-adds."""


def constant(name: str, array: Any) -> NodeProto:
    """A tensor in a node of its own."""
    return node("Constant", "", name, value=numpy_helper.from_array(numpy.asarray(array), name))


CASES: dict[str, list[NodeProto]] = {
    "as it is": [constant("w", KERNEL)],
    "in half the bits": [constant("h", KERNEL.astype(numpy.float16)), node("Cast", "h", "w", to=1)],
    "other axes": [
        constant("t", KERNEL.transpose(2, 3, 1, 0)),
        node("Transpose", "t", "w", perm=[3, 2, 0, 1]),
    ],
    "another shape": [
        constant("f", KERNEL.reshape(8, 36)),
        constant("s", [8, 4, 3, 3]),
        node("Reshape", "f s", "w"),
    ],
    "eight bits": [
        constant("q", KERNEL.astype(numpy.int8)),
        constant("s", numpy.float32(0.1)),
        node("DequantizeLinear", "q s", "w"),
    ],
    "eight bits, scaled by hand": [
        constant("q", KERNEL.astype(numpy.int8)),
        node("Cast", "q", "c", to=1),
        constant("s", numpy.full((8, 1, 1, 1), 0.1, numpy.float32)),
        node("Mul", "c s", "w"),
    ],
    "direction and length": [
        constant("v", KERNEL),
        constant("g", numpy.full((8, 1, 1, 1), 0.1, numpy.float32)),
        node("Mul", "g v", "w"),
    ],
    "two halves": [
        constant("l", KERNEL[:4]),
        constant("r", KERNEL[4:]),
        node("Concat", "l r", "w", axis=0),
    ],
    "part of another": [
        constant("b", numpy.zeros((20, 4, 3, 3), numpy.float32)),
        constant("s", [2]),
        constant("e", [10]),
        node("Slice", "b s e", "w"),
    ],
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("stored", ["nodes", "initializers"])
def test_the_kernel_of_a_convolution(tmp_path: Path, name: str, stored: str) -> None:
    made = model([*CASES[name], node("Conv", "x w", pads=[1] * 4)], {"x": (1, 4, 6, 6)})
    if stored == "initializers":
        kept = [each for each in made.graph.node if each.op_type != "Constant"]
        tensors = [each.attribute[0].t for each in made.graph.node if each.op_type == "Constant"]
        made.graph.initializer.extend(tensors)
        del made.graph.node[:]
        made.graph.node.extend(kept)
    graph = imported(made, tmp_path)
    assert [each.op.kind for each in graph.nodes] == ["input", "conv"]
    cost = totals(graph)
    assert (cost.params, cost.multiply_adds) == (288, 36 * 288)
    assert cost.reads == 4 * 36 + 288


def test_a_bias_that_is_added_is_the_layers_own(tmp_path: Path) -> None:
    """As exporters write a linear layer of more than two axes; if somebody reads x·w itself, it is a sum."""
    nodes = [node("MatMul", "x w", "p"), node("Add", "b p")]
    made = model(nodes, {"x": (2, 3, 4)}, {"w": (4, 8), "b": (8,)})
    graph = imported(made, tmp_path)
    assert [each.op for each in graph.nodes[1:]] == [ops.Linear(8, True)]
    assert totals(graph).params == 40
    nodes.append(node("Relu", "p", "z"))
    read_twice = imported(model(nodes, {"x": (2, 3, 4)}, {"w": (4, 8), "b": (8,)}, outputs="y z"), tmp_path)
    assert [each.op.kind for each in read_twice.nodes] == ["input", "linear", "parameter", "add", "relu"]
    assert totals(read_twice).params == 40


@pytest.mark.parametrize("stored", ["node", "initializer"])
def test_a_bias_that_is_added(tmp_path: Path, stored: str) -> None:
    """x·w + b, as converters from TensorFlow write it: 32 weights and 8 of the bias."""
    bias = numpy.full(8, 0.5, numpy.float32)
    nodes = [node("MatMul", "x w", "p"), node("Add", "p b")]
    if stored == "node":
        made = model([constant("b", bias), *nodes], {"x": (3, 4)}, {"w": (4, 8)})
    else:
        made = model(nodes, {"x": (3, 4)}, {"w": (4, 8)}, {"b": bias})
    assert totals(imported(made, tmp_path)).params == 40


def test_the_bias_of_a_single_output(tmp_path: Path) -> None:
    """One number, but the bias of a layer with one output; times two is no weight."""
    nodes = [node("MatMul", "x w", "p"), node("Add", "p b", "s"), node("Mul", "s two")]
    values = {"b": numpy.array([0.5], numpy.float32), "two": numpy.array([2.0], numpy.float32)}
    made = model(nodes, {"x": (3, 4)}, {"w": (4, 1)}, values)
    assert totals(imported(made, tmp_path)).params == 5


@pytest.mark.parametrize("name", ["eps", "model.22.eps", "a.weight"])
@pytest.mark.parametrize("shape", [(), (1,), (1, 1, 1)])
def test_a_number_is_no_weight_whatever_it_is_called(tmp_path: Path, name: str, shape: Sequence[int]) -> None:
    values = {name: numpy.full(shape, 0.5, numpy.float32)}
    graph = imported(model([node("Add", f"x {name}")], {"x": (1, 2, 3, 4)}, values=values), tmp_path)
    assert totals(graph).params == 0
    assert len(graph.nodes) == 2


@pytest.mark.parametrize("behind", ["Cast", "DequantizeLinear"])
def test_a_table_in_eight_bits(tmp_path: Path, behind: str) -> None:
    """Rows of 100×8 bytes, turned into floats after they were picked."""
    table = numpy.zeros((100, 8), numpy.int8)
    last = (
        node("Cast", "r", to=TensorProto.FLOAT) if behind == "Cast" else node("DequantizeLinear", "r scale")
    )
    made = model(
        [constant("table", table), node("Gather", "table x", "r"), last],
        {"x": (1, 7)},
        values={"scale": numpy.float32(0.1)},
        dtype=TensorProto.INT64,
    )
    cost = totals(imported(made, tmp_path))
    assert (cost.params, cost.reads) == (800, 56 + 7 + 56)


def test_places_that_are_looked_up_are_no_weights(tmp_path: Path) -> None:
    made = model(
        [node("Gather", "buckets x")],
        {"x": (1, 7)},
        values={"buckets": numpy.arange(40).reshape(20, 2)},
        dtype=TensorProto.INT64,
    )
    assert totals(imported(made, tmp_path)).params == 0


def test_the_first_rows_of_a_table(tmp_path: Path) -> None:
    """Positions, 50 of them stored and 7 added: all of the table is learnt."""
    nodes = [node("Slice", "table s e", "p"), node("Add", "x p")]
    made = model(nodes, {"x": (1, 7, 4)}, {"table": (50, 4)}, {"s": [0], "e": [7]})
    cost = totals(imported(made, tmp_path))
    assert (cost.params, cost.elementwise) == (200, 28)


def test_one_matrix_for_three_products(tmp_path: Path) -> None:
    """Queries, keys and values out of one stored matrix: 4×12 weights, each counted once."""
    nodes = [
        node("Split", "w", "q k v", axis=1, num_outputs=3),
        *(node("MatMul", f"x {name}", f"y{name}") for name in "qkv"),
    ]
    made = model(nodes, {"x": (5, 4)}, {"w": (4, 12)}, outputs="yq yk yv")
    cost = totals(imported(made, tmp_path))
    assert (cost.params, cost.multiply_adds) == (48, 5 * 48)


def test_scales_of_a_resize_are_no_weights(tmp_path: Path) -> None:
    """Floats in a list, joined and cut before they are used as sizes."""
    nodes = [
        constant("one", numpy.array([1.0, 1.0], numpy.float32)),
        constant("two", numpy.array([2.0, 3.0], numpy.float32)),
        node("Concat", "one two", "scales", axis=0),
        node("Identity", "scales", "same"),
        node("Resize", "x - same"),
    ]
    graph = imported(model(nodes, {"x": (1, 2, 3, 4)}), tmp_path)
    assert totals(graph).params == 0
    assert graph.nodes[graph.outputs[0]].shape == (1, 2, 6, 12)


def test_a_norm_without_scale(tmp_path: Path) -> None:
    """Exporters fill in ones and zeros where a network has no scale and no shift: no weights of it."""
    nodes = [
        constant("one", numpy.ones(4, numpy.float32)),
        constant("zero", numpy.zeros(4, numpy.float32)),
        node("InstanceNormalization", "x one zero"),
    ]
    assert totals(imported(model(nodes, {"x": (1, 4, 6, 6)}), tmp_path)).params == 0


def test_nodes_out_of_order(tmp_path: Path) -> None:
    """As onnxruntime's converter to float16 writes them: its casts come last."""
    nodes = [
        node("Sigmoid", "b"),
        node("Relu", "a", "b"),
        node("Cast", "x", "a", to=TensorProto.FLOAT16),
    ]
    graph = imported(model(nodes, {"x": (1, 3)}), tmp_path)
    assert [each.op.kind for each in graph.nodes] == ["input", "copy", "relu", "sigmoid"]
