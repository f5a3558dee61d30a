"""Parameters and multiply-adds of an ONNX file, counted from what onnxruntime makes of it in a run.

It shares no code with archlens: the shapes are those of real tensors, and the formulas are written out here.
"""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

import numpy
import onnx
import onnxruntime
from onnx import helper

__all__ = ["Counted", "count"]

NESTED = frozenset({"If", "Loop", "Scan"})
PRODUCTS = {
    "Conv": 1, "ConvTranspose": 1, "ConvInteger": 1, "QLinearConv": 3, "FusedConv": 1, "MatMul": 1, "Gemm": 1,
    "MatMulInteger": 1, "QLinearMatMul": 3, "LSTM": 1, "GRU": 1, "RNN": 1,
}  # fmt: skip
"""Operators with dot products, and which input holds the weights."""

GATES = {"LSTM": 4, "GRU": 3, "RNN": 1}


@dataclass(frozen=True, slots=True)
class Counted:
    """What a run of a file shows.

    multiply_adds  of all operators with dot products
    reached        operators that ran
    """

    multiply_adds: int
    reached: int


def count(path: Path, shapes: Mapping[str, Sequence[int]]) -> Counted | None:
    """The products of a file, or None where some of them are in graphs inside nodes, or it cannot run."""
    model = onnx.load(path)
    if any(node.op_type in NESTED or node.domain not in ("", "ai.onnx") for node in model.graph.node):
        return None
    stored = {tensor.name: tuple(tensor.dims) for tensor in model.graph.initializer}
    wanted = [
        name
        for node in model.graph.node
        if node.op_type in PRODUCTS
        for name in (*node.input, node.output[0])
        if name and name not in stored
    ]
    given = {entry.name: entry for entry in model.graph.input if entry.name not in stored}
    del model.graph.output[:]
    model.graph.output.extend(
        onnx.ValueInfoProto(name=name) for name in dict.fromkeys(wanted) if name not in given
    )
    feeds = {
        name: numpy.ones(shapes[name], helper.tensor_dtype_to_np_dtype(entry.type.tensor_type.elem_type))
        for name, entry in given.items()
    }
    for entry in given.values():
        del entry.type.tensor_type.shape.dim[:]
        for length in shapes[entry.name]:
            entry.type.tensor_type.shape.dim.add().dim_value = length
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    try:
        with warnings.catch_warnings(action="ignore"):
            session = onnxruntime.InferenceSession(
                model.SerializeToString(), options, providers=["CPUExecutionProvider"]
            )
            made = session.run(None, feeds) if model.graph.output else []
    except Exception:
        return None
    found: dict[str, tuple[int, ...]] = dict(stored)
    found.update({name: array.shape for name, array in feeds.items()})
    found.update({each.name: value.shape for each, value in zip(session.get_outputs(), made, strict=True)})
    return Counted(sum(products(node, found) for node in model.graph.node), len(model.graph.node))


def products(node: Any, found: Mapping[str, tuple[int, ...]]) -> int:
    """The multiply-adds of one node: outputs times what each of them sums over."""
    if node.op_type not in PRODUCTS:
        return 0
    x, w, y = found[node.input[0]], found[node.input[PRODUCTS[node.op_type]]], found[node.output[0]]
    if node.op_type == "ConvTranspose":
        return prod(x) * prod(w[1:])
    if "Conv" in node.op_type:
        return prod(y) * prod(w[1:])
    if node.op_type in GATES:
        rows, hidden = x[0] * x[1], found[node.input[2]][-1]
        return rows * w[0] * GATES[node.op_type] * hidden * (x[2] + hidden)
    if node.op_type == "Gemm":
        turned = next((attribute.i for attribute in node.attribute if attribute.name == "transA"), 0)
        return prod(y) * x[0 if turned else 1]
    return prod(y) * x[-1]
