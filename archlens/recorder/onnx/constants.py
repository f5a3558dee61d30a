"""What a file brings along, and what follows from it alone: weights and constants."""

from collections.abc import Callable
from dataclasses import replace
from math import prod

import numpy
from onnx import GraphProto, NodeProto, TensorProto, helper

from archlens.ops import Shape
from archlens.recorder.onnx.folding import FOLDED, dtype_of, fold, shape_of
from archlens.recorder.onnx.tensors import FLOATS, QUANTISED, check_held, small_value
from archlens.recorder.onnx.trouble import OnnxError
from archlens.recorder.onnx.values import Deferred, Value

__all__ = ["STANDARD", "chosen", "folded", "initializers"]

STANDARD = ("", "ai.onnx")
"""The domains of ONNX's own operators."""

VIEWS = frozenset({
    "Cast", "CastLike", "DequantizeLinear", "Flatten", "Identity", "QuantizeLinear", "Reshape",
    "Squeeze", "Transpose", "Unsqueeze",
})  # fmt: skip
"""Operators whose output holds the elements of their first input: of a weight they make the same weight."""

PARTS = frozenset({"Gather", "GatherElements", "GatherND", "Slice", "Split"})
"""Operators whose output holds some elements of their first input: of a weight they make a part of it."""

KIND = "pkg.torch.export.graph_signature.InputSpec.kind"
"""Where torch.onnx says that an initializer is a PARAMETER or a BUFFER."""


def initializers(graph: GraphProto) -> dict[str, Value]:
    """What stands for the weights and constants that a graph of the file holds, by their names."""
    if graph.sparse_initializer:
        raise OnnxError("has sparse initializers, which archlens does not read")
    kinds = {
        entry.name: prop.value
        for entry in graph.value_info
        for prop in entry.metadata_props
        if prop.key == KIND
    }
    return {
        tensor.name: stored(tensor, tensor.name, kinds.get(tensor.name, "")) for tensor in graph.initializer
    }


def stored(tensor: TensorProto, name: str, kind: str = "") -> Value:
    """What stands for a tensor that the file holds, be it in the graph or in a node.

    Whether it is a weight is told by who uses it: an operator that has weights counts this one as its own.
    What is read as a tensor, such as a bias that an Add adds, counts if it holds several floats: a single
    number is part of a formula.

    kind  what PyTorch's exporter says of it: PARAMETER, or another word for what is none; "" if nothing
    """
    check_held(tensor)
    shape = tuple(tensor.dims)
    buffer = kind not in ("", "PARAMETER")
    learnt = tensor.data_type in FLOATS and not buffer and (prod(shape) > 1 or kind == "PARAMETER")
    return Value(
        shape,
        tensor.data_type,
        weight="" if buffer else name,
        learnt=learnt,
        named=kind == "PARAMETER",
        data=small_value(tensor),
    )


def folded(
    node: NodeProto,
    operands: tuple[Value | None, ...],
    shapes: list[Shape | None],
    dtypes: list[int],
    version: int,
    room: int,
    make: Callable[[], list[Value]],
) -> list[Value] | None:
    """The outputs of a node that only computes with what the file holds; None for any other.

    version  of the set of operators
    room     how many numbers may be kept
    make     appends the node to the network, which happens where weights that it computes are read as tensors
    """
    if node.domain not in STANDARD:
        return None
    if node.op_type == "Constant" and (made := constant(node)) is not None:
        return [made]
    first = operands[0] if operands else None
    if (
        node.op_type in ("Shape", "Size")
        and first is not None
        and (data := shape_of(node, first)) is not None
    ):
        return [Value(data.shape, TensorProto.INT64, data=data)]
    if (view := viewed(node, first, shapes, dtypes)) is not None:
        return [view]
    # the second input of CastLike says a type, whatever it holds
    read = operands[:1] if node.op_type == "CastLike" else operands
    if node.op_type not in FOLDED or not all(value is None or value.fixed for value in read):
        return None
    if len({value.weight for value in read if value is not None and value.named}) > 1:
        return None  # parameters of which one is computed: all of them are the network's
    arrays = fold(node, operands, shapes, dtypes, version, room)
    if arrays is not None and len(arrays) == len(node.output):
        values = [Value(array.shape, dtype_of(array), data=array) for array in arrays]
    elif any(shape is None for shape in shapes):
        return None
    else:
        values = [Value(shape, dtype) for shape, dtype in zip(shapes, dtypes, strict=True)]
    weights = [value for value in read if value is not None and numbers(value)]
    return computed(node, values, weights, make) if weights else values


def numbers(value: Value) -> bool:
    """Whether a stored tensor may be somebody's weight: not if it is places, lengths, or one number."""
    several = prod(value.shape or ()) > 1 and value.dtype in FLOATS | QUANTISED
    return bool(value.weight) and (value.learnt or several)


def constant(node: NodeProto) -> Value | None:
    """What stands for the output of a Constant; None if it is empty, or a text.

    All zeros or all ones are what exporters fill in where an operator asks for a scale or a shift that the
    network does not have.
    """
    given = {attribute.name: attribute for attribute in node.attribute}
    if "value" in given:
        value = stored(given["value"].t, node.output[0])
    elif "value_floats" in given:
        floats = list(given["value_floats"].floats)
        tensor = helper.make_tensor(node.output[0], TensorProto.FLOAT, [len(floats)], floats)
        value = stored(tensor, node.output[0])
    else:
        return None
    filled = value.data is not None and any(numpy.all(value.data == number) for number in (0, 1))
    return replace(value, learnt=False) if value.learnt and filled else value


def viewed(node: NodeProto, x: Value | None, shapes: list[Shape | None], dtypes: list[int]) -> Value | None:
    """A weight under another shape or type: the same weight. None where it is something else."""
    if node.op_type not in VIEWS or x is None or not x.fixed or not x.weight or x.deferred is not None:
        return None
    shape = shapes[0]
    if shape is None or prod(shape) != prod(x.shape or ()):
        return None
    # integers that are scaled are weights as good as floats
    learnt = x.learnt or (node.op_type == "DequantizeLinear" and prod(shape) > 1)
    if not learnt and x.data is not None:
        return None  # a number, or a list of places: its value is what matters
    return Value(shape, dtypes[0], weight=x.weight, part=x.part, learnt=learnt, named=x.named)


def computed(
    node: NodeProto, values: list[Value], weights: list[Value], make: Callable[[], list[Value]]
) -> list[Value]:
    """What follows from weights alone: itself a weight for who has it as one."""
    origin = next((value for value in weights if value.learnt), weights[0])
    learnt = any(value.learnt for value in weights)
    deferred = Deferred(make) if learnt else None
    whole = node.op_type not in PARTS
    made = [
        replace(
            value,
            weight=origin.weight,
            part=origin.part if whole else f"{origin.part}[{name}]",
            learnt=learnt,
            named=any(each.named for each in weights),
            deferred=deferred,
        )
        for name, value in zip(node.output, values, strict=True)
    ]
    if deferred is not None:
        deferred.outputs.extend(made)
    return made


def chosen(node: NodeProto, operands: tuple[Value | None, ...]) -> GraphProto | None:
    """The branch that an `If` takes in every run; None where that depends on the run."""
    condition = operands[0].number if operands and operands[0] is not None else None
    if condition is None:
        return None
    name = "then_branch" if condition else "else_branch"
    return next((attribute.g for attribute in node.attribute if attribute.name == name), None)
