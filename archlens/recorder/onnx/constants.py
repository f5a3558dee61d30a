"""What a file brings along, and what follows from it alone: weights and constants."""

from math import prod

from onnx import GraphProto, NodeProto, TensorProto

from archlens.ops import Shape
from archlens.recorder.onnx.folding import FOLDED, dtype_of, fold, shape_of
from archlens.recorder.onnx.tensors import FLOATS, check_held, small_value
from archlens.recorder.onnx.trouble import OnnxError
from archlens.recorder.onnx.values import Value

__all__ = ["STANDARD", "chosen", "folded", "initializers"]

STANDARD = ("", "ai.onnx")
"""The domains of ONNX's own operators."""

VIEWS = frozenset({
    "Cast", "CastLike", "DequantizeLinear", "Flatten", "Identity", "QuantizeLinear", "Reshape",
    "Squeeze", "Transpose", "Unsqueeze",
})  # fmt: skip
"""Operators whose output holds the elements of their first input: of a weight they make the same weight."""

KIND = "pkg.torch.export.graph_signature.InputSpec.kind"
"""Where torch.onnx says that an initializer is a PARAMETER or a BUFFER."""


def initializers(graph: GraphProto) -> dict[str, Value]:
    """The weights and constants that a graph brings along."""
    if graph.sparse_initializer:
        raise OnnxError("has sparse initializers, which archlens does not read")
    buffers = {
        entry.name
        for entry in graph.value_info
        if any(prop.key == KIND and prop.value != "PARAMETER" for prop in entry.metadata_props)
    }
    names: dict[str, Value] = {}
    for tensor in graph.initializer:
        check_held(tensor)
        shape = tuple(tensor.dims)
        # exporters store the numbers of formulas, too: scalars without a path of their own
        weight = tensor.data_type in FLOATS and tensor.name not in buffers and (shape or "." in tensor.name)
        names[tensor.name] = Value(
            shape,
            tensor.data_type,
            weight="" if tensor.name in buffers else tensor.name,
            learnt=bool(weight),
            data=small_value(tensor),
        )
    return names


def folded(
    node: NodeProto,
    operands: tuple[Value | None, ...],
    shapes: list[Shape | None],
    dtypes: list[int],
    version: int,
    room: int,
) -> list[Value] | None:
    """The outputs of a node that only computes constants or views a weight; None for any other.

    version  of the set of operators
    room     how many numbers may be kept
    """
    if node.domain not in STANDARD:
        return None
    first = operands[0] if operands else None
    if (
        node.op_type in ("Shape", "Size")
        and first is not None
        and (data := shape_of(node, first)) is not None
    ):
        return [Value(data.shape, TensorProto.INT64, data=data)]
    if node.op_type in VIEWS and first is not None and first.fixed and (first.learnt or first.weight):
        # integers that are scaled are weights as good as floats
        learnt = first.learnt or node.op_type == "DequantizeLinear"
        if learnt and shapes[0] is not None and prod(shapes[0]) == prod(first.shape or ()):
            return [Value(shapes[0], dtypes[0], weight=first.weight, learnt=True)]
    # the second input of CastLike says a type, whatever it holds
    read = operands[:1] if node.op_type == "CastLike" else operands
    if node.op_type not in FOLDED or not all(value is None or value.constant for value in read):
        return None
    if node.op_type == "Constant" and (tensor := constant_tensor(node)) is not None:
        check_held(tensor)
        shape = tuple(tensor.dims)
        weight = node.output[0] if shape and tensor.data_type in FLOATS else ""
        return [Value(shape, tensor.data_type, weight=weight, data=small_value(tensor))]
    arrays = fold(node, operands, shapes, dtypes, version, room)
    if arrays is not None and len(arrays) == len(node.output):
        return [Value(array.shape, dtype_of(array), data=array) for array in arrays]
    if any(shape is None for shape in shapes):
        return None
    return [Value(shape, dtype) for shape, dtype in zip(shapes, dtypes, strict=True)]


def constant_tensor(node: NodeProto) -> TensorProto | None:
    """The tensor of a constant; None where it is a number or a list of numbers."""
    return next((attribute.t for attribute in node.attribute if attribute.name == "value"), None)


def chosen(node: NodeProto, operands: tuple[Value | None, ...]) -> GraphProto | None:
    """The branch that an `If` takes in every run; None where that depends on the run."""
    condition = operands[0].number if operands and operands[0] is not None else None
    if condition is None:
        return None
    name = "then_branch" if condition else "else_branch"
    return next((attribute.g for attribute in node.attribute if attribute.name == name), None)
