"""Operators that ONNX defines by others: their bodies, in the form that their inputs ask for."""

from collections.abc import Mapping, Sequence
from typing import Any

import onnx
from onnx import FunctionProto, GraphProto, ModelProto, NodeProto, TypeProto, ValueInfoProto

from archlens.recorder.onnx.values import Value

__all__ = ["body_of", "versions_of"]


def body_of(
    node: NodeProto, operands: Sequence[Value | None], versions: Mapping[str, int], domain: str
) -> tuple[GraphProto, dict[str, int]] | None:
    """What a node does in other operators, and the versions of their sets; None where ONNX does not say.

    The graph has the names of the definition: all its inputs, and those outputs that the node asks for.
    """
    if any(value is not None and value.shape is None for value in operands):
        return None
    try:
        schema = onnx.defs.get_schema(node.op_type, versions.get(domain, 1), domain)
        function = defined(schema, node, operands, versions.get("", 1))
    except Exception:  # unknown, or a form that the definition does not have
        return None
    if function is None:
        return None
    given = {entry.name: entry for entry in node.attribute}
    given = {**{name: entry.default_value for name, entry in schema.attributes.items()}, **given}
    absent = {
        name for place, name in enumerate(function.input) if place >= len(operands) or operands[place] is None
    }
    graph = GraphProto(name=node.op_type)
    graph.input.extend(ValueInfoProto(name=name) for name in function.input)
    read = zip(function.output, node.output, strict=False)
    graph.output.extend(ValueInfoProto(name=name) for name, reader in read if reader)
    for inner in function.node:
        made = graph.node.add()
        made.CopyFrom(inner)
        made.name = f"{node.name or node.op_type}/{inner.op_type}"
        made.input[:] = ["" if name in absent else name for name in inner.input]
        del made.attribute[:]
        for entry in inner.attribute:
            if not entry.ref_attr_name:
                made.attribute.add().CopyFrom(entry)
            elif (value := given.get(entry.ref_attr_name)) is not None and value.type:
                kept = made.attribute.add()
                kept.CopyFrom(value)
                kept.name = entry.name
    return graph, versions_of(function)


def defined(
    schema: Any, node: NodeProto, operands: Sequence[Value | None], version: int
) -> FunctionProto | None:
    """The body that a schema has for a version of the standard's operators."""
    if schema.has_context_dependent_function:
        types = [TypeProto() if value is None else value.type() for value in operands]
        written = [entry.SerializeToString() for entry in types]
        newest = max(each for each in schema.context_dependent_function_opset_versions if each <= version)
        body = schema.get_context_dependent_function_with_opset_version(
            newest, node.SerializeToString(), written
        )
    elif schema.has_function:
        newest = max(each for each in schema.function_opset_versions if each <= version)
        body = schema.get_function_with_opset_version(newest)
    else:
        return None
    return FunctionProto.FromString(body) if body else None


def versions_of(written: FunctionProto | ModelProto) -> dict[str, int]:
    """Which version of each set of operators the nodes of a body or a model are written for."""
    return {entry.domain: entry.version for entry in written.opset_import}
