"""An ONNX file read, and every count of ours beside what the onnx package says of the file."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from math import prod
from pathlib import Path

from archlens.analyses import totals
from archlens.builder import build
from archlens.errors import BuildError
from archlens.graph import Graph, verify
from archlens.ops import Shape
from archlens.recorder.onnx import import_onnx
from archlens.recorder.onnx.reading import read_model
from archlens.recorder.onnx.tensors import QUANTISED
from archlens.studies.claims import Check
from archlens.studies.verification.counters import FVCORE, TORCH
from archlens.studies.verification.runtime import in_runtime
from archlens.studies.verification.specs import against_pytorch, compared

from onnx import GraphProto, ModelProto, NodeProto, TensorProto  # isort: skip  # after archlens.recorder.onnx: it says
from onnx.shape_inference import InferenceError, infer_shapes  # isort: skip  # what to install without it

__all__ = ["shapes", "verify_onnx"]

FLOATS = (TensorProto.FLOAT, TensorProto.DOUBLE, TensorProto.FLOAT16, TensorProto.BFLOAT16)

NESTED = frozenset({"If", "Loop", "Scan"})
"""Operators that hold graphs with initializers of their own."""

ARITHMETIC = frozenset({"Add", "Cast", "Concat", "Div", "Gather", "Mul", "Slice", "Split", "Sub"})
"""Operators that may make a weight of others."""

OTHERWISE = frozenset({
    *((kind, place) for kind in ("DequantizeLinear", "QuantizeLinear") for place in (1, 2)),
    *(("Resize", place) for place in (1, 2, 3)), ("Upsample", 1),
    *(("QLinearConv", place) for place in (1, 2, 4, 5, 6, 7)),
    *(("QLinearMatMul", place) for place in (1, 2, 4, 5, 6, 7)),
    *(("BatchNormalization", place) for place in (3, 4)),
})  # fmt: skip
"""Where stored floats are scales, sizes or statistics."""

WHOLE = frozenset({
    ("DequantizeLinear", 0), ("Gather", 0), ("QLinearConv", 3), ("QLinearConv", 8), ("QLinearMatMul", 3),
    ("MatMulInteger", 1), ("ConvInteger", 1),
})  # fmt: skip
"""Where stored integers are weights."""

BIASES = frozenset({
    *((kind, place) for kind in ("Conv", "ConvTranspose", "Gemm") for place in (1, 2)),
    *((kind, place) for kind in ("BatchNormalization", "InstanceNormalization") for place in (1, 2)),
    ("PRelu", 1), ("LSTM", 3), ("GRU", 3), ("RNN", 3), ("MatMul", 1),
})  # fmt: skip
"""Where a single number is a weight, too."""

KIND = "pkg.torch.export.graph_signature.InputSpec.kind"
"""Where PyTorch's exporter says whether an initializer was a parameter."""


def verify_onnx(model: str, inputs: Mapping[str, Shape]) -> tuple[Check, ...]:
    """All checks of one file: its graph's rules, its initializers, onnx's shapes, and PyTorch if it can.

    inputs  shapes by the name of the input; under "" that of the only one

    Raises an OnnxError or a UsageError on one line.
    """
    graph = import_onnx(model, inputs)
    verify(graph)
    read = read_model(Path(model))
    checks = [parameters(graph, read.graph), *shapes(graph, read), *in_runtime(graph.model, model, inputs)]
    try:
        module = build(graph, device="meta").eval()
    except BuildError as error:
        why = f"PyTorch cannot build it: {error}"
        ours = str(totals(graph).multiply_adds)
        none = Check(graph.model, "multiply_adds", TORCH, "none", ours, "", "incomparable", why)
        return (*checks, none, replace(none, source=FVCORE))
    return (*checks, *against_pytorch(graph, module))


def parameters(graph: Graph, read: GraphProto) -> Check:
    """Ours beside the elements of the tensors that the file holds and some node reads as a weight.

    Statistics of batch normalisations are not learned, nor what PyTorch's exporter calls a buffer, nor
    scales and zeros of numbers in few bits, nor numbers by themselves unless they are a layer's bias.
    """
    buffers = {
        entry.name
        for entry in read.value_info
        if any(prop.key == KIND and prop.value != "PARAMETER" for prop in entry.metadata_props)
    }
    held = {tensor.name: tensor for tensor in read.initializer}
    held |= {
        node.output[0]: attribute.t
        for node in read.node
        if node.op_type == "Constant"
        for attribute in node.attribute
        if attribute.name == "value"
    }
    weights = {
        name
        for node in read.node
        for place, name in enumerate(node.input)
        if name in held and name not in buffers and is_weight(node, place, held[name])
    }
    theirs = sum(prod(held[name].dims) for name in weights)
    check = compared(graph, "params", "onnx", theirs, totals(graph).params)
    kinds = {node.op_type for node in read.node if "Linear" in node.op_type or node.op_type in NESTED}
    computed = {
        node.op_type
        for node in read.node
        if node.op_type in ARITHMETIC and node.input and all(name in held for name in node.input if name)
    }
    if check.verdict == "equal" or not kinds | computed:
        return check
    found = ", ".join(sorted(kinds | computed))
    why = f"{found}: tensors of the file are not all that it learns, nor only that"
    return replace(check, verdict="incomparable", why=why)


def is_weight(node: NodeProto, place: int, tensor: TensorProto) -> bool:
    """Whether a node reads a stored tensor as a weight of its own, or as several floats."""
    if (node.op_type, place) in OTHERWISE or (tensor.data_type not in FLOATS):
        table = node.op_type == "Gather" and tensor.data_type not in QUANTISED
        return (node.op_type, place) in WHOLE and prod(tensor.dims) > 1 and not table
    return prod(tensor.dims) > 1 or (node.op_type, place) in BIASES


def shapes(graph: Graph, read: ModelProto) -> Iterator[Check]:
    """What onnx infers for the layers with weights of their own, and for the outputs, beside ours."""
    theirs = inferred(graph, read)
    ours = {node.name: node.shape for node in graph.nodes}
    wrong, compared_with = 0, 0
    for node in read.graph.node:
        owner = owner_of(list(node.input[1:2]))
        shape = theirs.get(node.output[0]) if node.output else None
        if node.op_type not in ("Conv", "ConvTranspose", "Gemm") or owner not in ours or shape is None:
            continue
        compared_with += 1
        if shape != ours[owner]:
            wrong += 1
            yield Check(
                graph.model, f"shape of {owner}", "onnx", str(shape), str(ours[owner]), "", "different"
            )
    outputs = [
        (theirs.get(entry.name), i) for entry, i in zip(read.graph.output, graph.outputs, strict=False)
    ]
    for shape, i in outputs:
        node = graph.nodes[i]
        if shape is not None and shape != node.shape:
            wrong += 1
            yield Check(
                graph.model, f"shape of {node.name}", "onnx", str(shape), str(node.shape), "", "different"
            )
    known = sum(shape is not None for shape, _ in outputs)
    if not wrong and not compared_with + known:
        why = "onnx infers none of them"
        yield Check(graph.model, "shapes", "onnx", "none", "", "", "incomparable", why)
    elif not wrong:
        many = f"{compared_with} layers and {known} outputs"
        yield Check(graph.model, "shapes", "onnx", many, many, "", "equal")


def inferred(graph: Graph, read: ModelProto) -> dict[str, Shape]:
    """The shapes that onnx's own inference finds for tensors, from the shapes that the graph was given."""
    given = [graph.nodes[i] for i in graph.inputs]
    weights = {tensor.name for tensor in read.graph.initializer}
    entries = [entry for entry in read.graph.input if entry.name not in weights]
    for entry, node in zip(entries, given, strict=False):
        for axis, length in zip(entry.type.tensor_type.shape.dim, node.shape, strict=False):
            axis.dim_value = length
    del read.graph.value_info[:]
    for entry in read.graph.output:
        entry.type.tensor_type.ClearField("shape")
    try:
        found = infer_shapes(read, data_prop=True).graph
    except InferenceError:
        return {}
    shapes = {}
    for entry in (*found.value_info, *found.output):
        if entry.type.tensor_type.HasField("shape"):
            axes = entry.type.tensor_type.shape.dim
            if all(axis.HasField("dim_value") for axis in axes):
                shapes[entry.name] = tuple(axis.dim_value for axis in axes)
    return shapes


def owner_of(weights: list[str]) -> str:
    """The path of the layer whose weight this is, as exporters name it: layer1.0.conv1.weight."""
    return weights[0].removesuffix(".weight") if weights and weights[0].endswith(".weight") else ""
