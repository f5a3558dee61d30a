"""The shapes of a node's outputs by ONNX's own rules, asked for only where it is safe to ask."""

from collections.abc import Mapping, Sequence

import onnx
from onnx import AttributeProto, NodeProto, TypeProto, helper, numpy_helper
from onnx.shape_inference import infer_node_outputs

from archlens.ops import Shape
from archlens.recorder.onnx.inputs import declared
from archlens.recorder.onnx.tensors import MAX_AXES
from archlens.recorder.onnx.trouble import OnnxError, quoted
from archlens.recorder.onnx.values import Value

__all__ = ["inferred", "known_type"]


def inferred(
    node: NodeProto, operands: Sequence[Value | None], versions: Mapping[str, int], domain: str, reader: str
) -> dict[str, TypeProto]:
    """The types of the outputs; none where ONNX has no rule for this operator, or not all types are known.

    versions  of the sets of operators, by domain
    reader    what the node is called in an error
    """
    if any(value is not None and value.dtype == 0 for value in operands):
        return {}
    if any(attribute.type in (AttributeProto.GRAPH, AttributeProto.GRAPHS) for attribute in node.attribute):
        return {}
    if not domain:
        check_attributes(node, operands, reader)
    try:
        schema = onnx.defs.get_schema(node.op_type, versions.get(domain, 1), domain)
    except (onnx.defs.SchemaError, TypeError):  # unknown, or a version that is no version
        return {}
    known = {name: value for name, value in zip(node.input, operands, strict=True) if value is not None}
    data = {
        name: numpy_helper.from_array(value.data, name)
        for name, value in known.items()
        if value.data is not None
    }
    types = {name: value.type() for name, value in known.items()}
    try:
        return infer_node_outputs(
            schema, node, types, data, opset_imports=[helper.make_opsetid("", versions.get("", 1))]
        )
    except Exception as error:
        raise OnnxError(f"{reader} does not fit its inputs: {quoted(reason(error))}") from error


def check_attributes(node: NodeProto, operands: Sequence[Value | None], reader: str) -> None:
    """Refuse what onnx's rules do not survive: lists of two thousand million outputs, axes far outside."""
    first = operands[0] if operands else None
    rank = len(first.shape) if first is not None and first.shape is not None else MAX_AXES
    for entry in node.attribute:
        if entry.name == "num_outputs" and entry.i != len(node.output):
            # onnx makes a list of so many before it compares
            raise OnnxError(f"{reader} does not have as many outputs as its num_outputs says")
        if entry.name in ("axis", "batch_axis", "time_axis") and not -rank - 1 <= entry.i <= rank:
            raise OnnxError(f"{reader} does not fit its inputs: axis {entry.i} of a tensor with {rank} axes")
        if entry.name == "batch_dims" and not 0 <= entry.i < rank:
            raise OnnxError(f"{reader} does not fit its inputs: batch_dims={entry.i} of {rank} axes")
        if len(entry.ints) > 2 * MAX_AXES and len(entry.ints) > rank:
            raise OnnxError(f"{reader} does not fit its inputs: {len(entry.ints)} numbers in {entry.name}")


def known_type(type_of: TypeProto | None) -> tuple[Shape | None, int]:
    """The shape and the element type of an inferred tensor, if all of its shape is known."""
    if type_of is None or not type_of.HasField("tensor_type"):
        return None, 0
    return declared(type_of, {}), type_of.tensor_type.elem_type


def reason(error: Exception) -> str:
    """What ONNX says is wrong, without the places in its C++ code."""
    text = str(error).strip()
    return text.rpartition("] ")[2] or type(error).__name__
