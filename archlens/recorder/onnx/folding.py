"""Arithmetic on shapes and other small constants, done while reading: it is no part of the network's work."""

import warnings
from collections.abc import Sequence
from math import prod

import numpy
from onnx import NodeProto, TensorProto, TypeProto, helper
from onnx.reference import ReferenceEvaluator

from archlens.ops import Shape
from archlens.recorder.onnx.values import Array, Value

__all__ = ["FOLDED", "fold", "shape_of"]

MAX_FOLDED = 2**16
"""Elements of a constant up to which its numbers are worked out."""

FOLDED = frozenset({
    "Abs", "Add", "And", "Cast", "CastLike", "Ceil", "Clip", "Concat", "Constant", "ConstantOfShape",
    "Cos", "CumSum", "DequantizeLinear", "Div", "Equal", "Exp", "Expand", "EyeLike", "Flatten", "Floor",
    "Gather", "GatherElements", "GatherND", "Greater", "GreaterOrEqual", "Identity", "Less",
    "LessOrEqual", "Log", "Max", "Min", "Mod", "Mul", "Neg", "Not", "Or", "Pow", "QuantizeLinear",
    "Range", "Reciprocal", "ReduceL2", "ReduceMax", "ReduceMean", "ReduceMin", "ReduceProd",
    "ReduceSum", "ReduceSumSquare", "Reshape", "Round", "ScatterND", "Sign", "Sin", "Size", "Slice",
    "Split", "Sqrt", "Squeeze", "Sub", "Tile", "Transpose", "Trilu", "Unsqueeze", "Where", "Xor",
})  # fmt: skip
"""Operators that take no more time and memory than their inputs and outputs have elements."""


def shape_of(node: NodeProto, x: Value) -> Array | None:
    """The output of `Shape` or `Size`, which needs no elements of its input."""
    if x.shape is None:
        return None
    if node.op_type == "Size":
        return numpy.array(prod(x.shape), dtype=numpy.int64)
    limits = {attribute.name: attribute.i for attribute in node.attribute}
    return numpy.array(x.shape[slice(limits.get("start"), limits.get("end"))], dtype=numpy.int64)


def fold(
    node: NodeProto,
    operands: Sequence[Value | None],
    shapes: Sequence[Shape | None],
    dtypes: Sequence[int],
    opset: int,
    room: int,
) -> list[Array] | None:
    """The outputs of a node whose inputs are known and whose outputs are small; None for any other."""
    if node.op_type == "CastLike":
        node, operands = cast(node, dtypes[0]), operands[:1]
    known = {name: value for name, value in zip(node.input, operands, strict=True) if value is not None}
    if any(value.data is None for value in known.values()):
        return None
    if any(shape is None or prod(shape) > min(MAX_FOLDED, room) for shape in shapes):
        return None
    inputs = [helper.make_value_info(name, value.type()) for name, value in known.items()]
    outputs = [helper.make_value_info(name, TypeProto()) for name in node.output if name]
    graph = helper.make_graph([node], "constant", inputs, outputs)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])
    try:
        with warnings.catch_warnings(action="ignore"), numpy.errstate(all="ignore"):
            results = ReferenceEvaluator(model).run(None, {name: value.data for name, value in known.items()})
    except Exception:  # whatever the evaluator cannot do stays a constant without known numbers
        return None
    return [numpy.asarray(result) for result in results]


def cast(node: NodeProto, dtype: int) -> NodeProto:
    """The node of a CastLike as a Cast to the same type, so that it needs no second tensor."""
    return helper.make_node("Cast", list(node.input[:1]), list(node.output), to=dtype)


def dtype_of(array: Array) -> int:
    """The number that ONNX gives the element type of an array."""
    try:
        return int(helper.np_dtype_to_tensor_dtype(array.dtype))
    except (KeyError, ValueError):
        return int(TensorProto.UNDEFINED)
