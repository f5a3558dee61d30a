"""The type that a file computes in: what turns its elements into bytes."""

from collections import Counter
from math import prod
from pathlib import Path

from onnx import GraphProto, TensorProto

from archlens.recorder.onnx.reading import read_model

__all__ = ["precision"]

NAMES: dict[int, str] = {
    TensorProto.FLOAT: "float32",
    TensorProto.FLOAT16: "float16",
    TensorProto.BFLOAT16: "bfloat16",
    TensorProto.DOUBLE: "float64",
}
PRODUCTS = frozenset({"Conv", "ConvTranspose", "FusedConv", "FusedMatMul", "Gemm", "MatMul"})
QUANTISED = frozenset({"QGemm", "QLinearConv", "QLinearMatMul"})


def precision(path: str | Path) -> str:
    """float32, float16, … or int8, for a file whose layers all take and give eight bits.

    Of several real types the one that most stored numbers have. A file that holds its weights in eight bits
    and computes with real numbers is of the type of these: its bytes are an upper bound.
    """
    graph = read_model(Path(path)).graph
    kinds = {node.op_type for node in graph.node}
    if kinds & QUANTISED and not kinds & PRODUCTS:
        return "int8"
    elements: Counter[str] = Counter()
    for tensor in stored(graph):
        if (name := NAMES.get(tensor.data_type)) is not None:
            elements[name] += prod(tensor.dims)
    return elements.most_common(1)[0][0] if elements else "float32"


def stored(graph: GraphProto) -> list[TensorProto]:
    """The tensors that a graph holds, those in its nodes among them."""
    constants = [
        attribute.t
        for node in graph.node
        if node.op_type == "Constant"
        for attribute in node.attribute
        if attribute.name == "value"
    ]
    return [*graph.initializer, *constants]
