"""ONNX → Graph: the nodes of a file in their order, each by the rule of its operator."""

from collections import ChainMap
from collections.abc import Mapping, MutableMapping
from itertools import chain
from pathlib import Path

import onnx
from onnx import AttributeProto, GraphProto, ModelProto, NodeProto, TypeProto, helper
from onnx.shape_inference import infer_node_outputs

from archlens.errors import OperatorError, UsageError
from archlens.graph import Graph
from archlens.ops import Shape, Unknown
from archlens.recorder.onnx import (
    convolution,
    elementwise,
    layout,
    normalization,
    pooling,
    product,
    quantized,
    recurrent,
)
from archlens.recorder.onnx.call import Call, Rules, attributes_of
from archlens.recorder.onnx.constants import STANDARD, chosen, folded, initializers
from archlens.recorder.onnx.inputs import Bindings, declared, input_shapes
from archlens.recorder.onnx.naming import path_of
from archlens.recorder.onnx.reading import opset, read_model
from archlens.recorder.onnx.recording import Recording
from archlens.recorder.onnx.tensors import bounded
from archlens.recorder.onnx.trouble import OnnxError, quoted
from archlens.recorder.onnx.values import Value
from archlens.recorder.operators import Alias

__all__ = ["RULES", "import_onnx"]

RULES: Rules = dict(
    chain.from_iterable(
        family.RULES.items()
        for family in (
            convolution,
            elementwise,
            layout,
            normalization,
            pooling,
            product,
            quantized,
            recurrent,
        )
    )
)
"""What each standard operator of ONNX is, by its name."""

Names = MutableMapping[str, Value]

MAX_NUMBERS = 2**23
"""Numbers of constants that are worked out and kept, in all."""

ODD = (OperatorError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What a rule raises for attributes that are missing, or of another type than the standard's."""


def import_onnx(path: str | Path, inputs: Mapping[str, Shape] | None = None, *, batch: int = 1) -> Graph:
    """The network in an ONNX file. External data are not looked for: no count needs the numbers.

    inputs  shapes by the name of the input, with or without the batch; under "" that of the only input
    batch   the length of open first axes

    Raises an OnnxError, on one line, for a file that cannot be read, and a UsageError for inputs that
    do not fit.
    """
    file = Path(path)
    try:
        model = read_model(file)
        return Import(model, inputs or {}, batch).graph(file.stem)
    except OnnxError as error:
        raise OnnxError(f"{path}: {error}") from error
    except UsageError as error:
        raise UsageError(f"{path}: {error}") from error


class Import:
    """One model on its way into a graph."""

    def __init__(self, model: ModelProto, inputs: Mapping[str, Shape], batch: int) -> None:
        self.model = model
        self.version = opset(model)
        self.recording = Recording()
        self.room = MAX_NUMBERS
        self.shapes, self.bound = input_shapes(model.graph, inputs, batch)

    def graph(self, name: str) -> Graph:
        """The whole network."""
        main = self.model.graph
        if not self.shapes:
            raise OnnxError("has no input")
        names: Names = {}
        types = {entry.name: entry.type.tensor_type.elem_type for entry in main.input}
        for given, shape in self.shapes.items():
            try:
                bounded(shape, f"the input {quoted(given)}")
                names[given] = self.recording.receive(given, shape, types[given])
            except OperatorError as error:
                raise OnnxError(f"the input {quoted(given)} cannot be used: {error}") from error
        outputs = self.run(main, names)
        if not outputs:
            raise OnnxError("has no output")
        return self.recording.graph(name, outputs)

    def run(self, graph: GraphProto, outer: Names) -> list[Value]:
        """All nodes of a graph; its outputs. Names of the graph around it are known in it."""
        names: Names = ChainMap({}, outer)
        names.update(initializers(graph))
        stated = {
            entry.name: (declared(entry.type, self.bound), entry.type.tensor_type.elem_type)
            for entry in chain(graph.value_info, graph.output)
        }
        own: set[str] = set()
        for node in graph.node:
            outputs = self.node(node, names, stated)
            for name, value in zip(node.output, outputs, strict=True):
                if name in own:
                    raise OnnxError(f"has two nodes that make {quoted(name)}")
                if name:
                    own.add(name)
                    names[name] = value
        return [self.find(entry.name, names, "the output") for entry in graph.output]

    def find(self, name: str, names: Names, reader: str) -> Value:
        """What stands behind a name that has been made by now."""
        if name not in names:
            raise OnnxError(f"{reader} reads {quoted(name)}, which nothing before it makes")
        return names[name]

    def node(
        self, node: NodeProto, names: Names, stated: Mapping[str, tuple[Shape | None, int]]
    ) -> list[Value]:
        """One node; its outputs, in order."""
        reader = f"{quoted(node.name or node.op_type)} ({quoted(node.op_type)})"
        operands = tuple(self.find(name, names, reader) if name else None for name in node.input)
        if node.op_type == "If" and node.domain in STANDARD and (branch := chosen(node, operands)):
            outputs = self.run(branch, names)
            if len(outputs) != len(node.output):
                raise OnnxError(f"{reader} has {len(node.output)} outputs, its branch {len(outputs)}")
            return outputs
        types = self.infer(node, operands, reader)
        shapes, dtypes = [], []
        for name in node.output:
            shape, dtype = known_type(types.get(name))
            told, kind = stated.get(name, (None, 0))
            shape = told if shape is None else shape
            shapes.append(None if shape is None else bounded(shape, f"the output of {reader}"))
            dtypes.append(dtype or kind)
        fixed = folded(node, operands, shapes, dtypes, self.version, self.room)
        if fixed is None:
            return self.apply(node, operands, shapes, dtypes)
        self.room -= sum(value.data.size for value in fixed if value.data is not None)
        return fixed

    def infer(self, node: NodeProto, operands: tuple[Value | None, ...], reader: str) -> dict[str, TypeProto]:
        """The types of the outputs, by ONNX's own rules; none where it has none for this operator."""
        if any(value is not None and value.dtype == 0 for value in operands):
            return {}
        if any(
            attribute.type in (AttributeProto.GRAPH, AttributeProto.GRAPHS) for attribute in node.attribute
        ):
            return {}
        if any(entry.name == "num_outputs" and entry.i != len(node.output) for entry in node.attribute):
            # onnx makes a list of so many before it compares
            raise OnnxError(f"{reader} does not have as many outputs as its num_outputs says")
        domain = "" if node.domain in STANDARD else node.domain
        version = self.version if not domain else versions(self.model).get(domain, 1)
        try:
            schema = onnx.defs.get_schema(node.op_type, version, domain)
        except (onnx.defs.SchemaError, TypeError):  # unknown, or a version that is no version
            return {}
        known = {name: value for name, value in zip(node.input, operands, strict=True) if value is not None}
        data = {
            name: onnx.numpy_helper.from_array(value.data, name)
            for name, value in known.items()
            if value.data is not None
        }
        types = {name: value.type() for name, value in known.items()}
        try:
            return infer_node_outputs(
                schema, node, types, data, opset_imports=[helper.make_opsetid("", self.version)]
            )
        except Exception as error:
            raise OnnxError(f"{reader} does not fit its inputs: {quoted(reason(error))}") from error

    def apply(
        self,
        node: NodeProto,
        operands: tuple[Value | None, ...],
        shapes: list[Shape | None],
        dtypes: list[int],
    ) -> list[Value]:
        """What the rule of an operator makes of it; an unknown operator where it has none that fits."""
        try:
            attributes = attributes_of(node)
        except ValueError as error:
            raise OnnxError(f"{quoted(node.op_type)} has an attribute that cannot be read") from error
        weight = next((value.weight for value in operands if value is not None and value.learnt), "")
        call = Call(
            node.op_type, operands, tuple(shapes), tuple(dtypes), attributes, path_of(node, weight),
            self.version, self.recording,
        )  # fmt: skip
        rule = RULES.get(node.op_type) if node.domain in STANDARD else None
        mark = len(self.recording.nodes)
        if rule is not None:
            try:
                made = rule(call)
                values = made if isinstance(made, list) else [made]
                if agree(values, shapes, list(node.output)):
                    return values + [Value(None, 0, at=values[0].at)] * (len(node.output) - len(values))
            except ODD:
                pass  # a form that the rule does not know
            self.recording.forget(mark)
        return unknown(call, node)


def known_type(type_of: TypeProto | None) -> tuple[Shape | None, int]:
    """The shape of an inferred tensor, if all of it is known, and the type of its elements."""
    if type_of is None or not type_of.HasField("tensor_type"):
        return None, 0
    return declared(type_of, {}), type_of.tensor_type.elem_type


def agree(values: list[Value], shapes: list[Shape | None], names: list[str]) -> bool:
    """Whether outputs have the shapes that ONNX infers, and none that is read is missing."""
    if len(values) < len(names) and any(names[len(values) :]):
        return False
    return all(shape is None or value.shape == shape for value, shape in zip(values, shapes, strict=False))


def unknown(call: Call, node: NodeProto) -> list[Value]:
    """An operator without a rule: it is named, and whoever adds up says that a total is a lower bound."""
    domain = "" if node.domain in STANDARD else f"{node.domain}::"
    name = quoted(f"{domain}{node.op_type}")
    first, *others = call.shapes or (None,)
    made = call.add(Unknown(name, first or ()), *call.inputs)
    outputs = [Value(first, call.dtypes[0] if call.dtypes else 0, at=made.at)]
    for shape, dtype in zip(others, call.dtypes[1:], strict=True):
        part = call.add(Alias("output", shape or ()), Value(first or (), 0, at=made.at))
        outputs.append(Value(shape, dtype, at=part.at))
    return outputs[: len(node.output)]


def reason(error: Exception) -> str:
    """What ONNX says is wrong, without its places in C++."""
    text = str(error).strip()
    return text.rpartition("] ")[2] or type(error).__name__


def versions(model: ModelProto) -> Bindings:
    """The versions of the operator sets that a model uses, by their domains."""
    return {entry.domain: entry.version for entry in model.opset_import}
