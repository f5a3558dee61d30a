"""ONNX → Graph: the nodes of a file in their order, each by the rule of its operator."""

from collections import ChainMap
from collections.abc import Callable, Mapping, MutableMapping
from copy import copy
from itertools import chain
from pathlib import Path
from warnings import warn

from onnx import GraphProto, ModelProto, NodeProto

from archlens.errors import OperatorError, UsageError
from archlens.graph import Graph
from archlens.ops import Shape
from archlens.recorder.custom import custom_rules
from archlens.recorder.onnx import contributed
from archlens.recorder.onnx.application import agree, rule_for, typed, unknown
from archlens.recorder.onnx.bodies import body_of, versions_of
from archlens.recorder.onnx.call import Call, attributes_of
from archlens.recorder.onnx.constants import STANDARD, folded, initializers
from archlens.recorder.onnx.control import CONTROL, controlled
from archlens.recorder.onnx.custom import name_of, ruled
from archlens.recorder.onnx.inference import inferred, known_type
from archlens.recorder.onnx.inputs import declared, empty, input_shapes, resized
from archlens.recorder.onnx.naming import path_of
from archlens.recorder.onnx.order import ordered, uses
from archlens.recorder.onnx.reading import opset, read_model
from archlens.recorder.onnx.recording import Recording
from archlens.recorder.onnx.sequence import listed
from archlens.recorder.onnx.spelling import spelt
from archlens.recorder.onnx.standard import RULES
from archlens.recorder.onnx.stated import Part, stated
from archlens.recorder.onnx.tensors import bounded
from archlens.recorder.onnx.trouble import OnnxError, quoted
from archlens.recorder.onnx.values import Value

__all__ = ["RULES", "Import", "import_onnx"]

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
    do not fit. Warns where the costlier of two branches was counted.
    """
    file = Path(path)
    try:
        model = read_model(file)
        reader = Import(model, inputs or {}, batch)
        graph = reader.graph(file.stem)
    except OnnxError as error:
        raise OnnxError(f"{path}: {error}") from error
    except UsageError as error:
        raise UsageError(f"{path}: {error}") from error
    for remark in dict.fromkeys(reader.recording.remarks):
        warn(f"{path}: {remark}", stacklevel=2)
    return graph


class Import:
    """One model on its way into a graph.

    open  names of tensors that are as long as only a run tells
    """

    def __init__(self, model: ModelProto, inputs: Mapping[str, Shape], batch: int) -> None:
        self.model = model
        self.version = opset(model)
        self.versions = {**versions_of(model), "": self.version}
        self.recording = Recording()
        self.names: Names = {}
        self.open: set[str] = set()
        self.uses = uses(model.graph)
        self.room = MAX_NUMBERS
        self.shapes, self.bound = input_shapes(model.graph, inputs, batch)
        self.resized = resized(model.graph, self.shapes)

    def graph(self, name: str) -> Graph:
        """The whole network."""
        main = self.model.graph
        names: Names = {}
        types = {entry.name: entry.type.tensor_type.elem_type for entry in main.input}
        for given, shape in self.shapes.items():
            if 0 in shape:
                names[given] = empty(shape, types[given])
                continue
            try:
                bounded(shape, f"the input {quoted(given)}")
                names[given] = self.recording.receive(given, shape, types[given])
            except OperatorError as error:
                raise OnnxError(f"the input {quoted(given)} cannot be used: {error}") from error
        try:
            outputs = self.run(main, names)
        except OnnxError as error:
            if self.resized:
                raise UsageError(f"--input {self.resized}, and the graph allows no other: {error}") from error
            raise
        if not outputs:
            raise OnnxError("has no output")
        return self.recording.graph(name, outputs)

    def run(self, graph: GraphProto, outer: Names, given: Mapping[str, Value] | None = None) -> list[Value]:
        """All nodes of a graph; its outputs. Names of the graph around it are known in it.

        given  what it is given beside them, by the name of its input
        """
        names: Names = ChainMap({}, outer)
        names.update(given or {})
        names.update(initializers(graph))
        shapes = {
            entry.name: (declared(entry.type, self.bound), entry.type.tensor_type.elem_type)
            for entry in chain(graph.value_info, graph.output)
        }
        own: set[str] = set()
        part = Part("", 0)
        for node in ordered(graph, names):
            if part.text != (text := stated(node)):
                part.close(self.recording, names, self.uses)
                part = Part(text, len(self.recording.nodes))
            if text:
                part.add(node, tuple(names.get(name) for name in node.input))
            before = self.recording.longest
            outputs = self.node(node, names, shapes)
            if self.recording.longest > before or not self.open.isdisjoint(node.input):
                self.open.update(node.output)
            for name, value in zip(node.output, outputs, strict=True):
                if name in own:
                    raise OnnxError(f"has two nodes that make {quoted(name)}")
                if name:
                    own.add(name)
                    names[name] = value
        part.close(self.recording, names, self.uses)
        if graph is self.model.graph:
            self.names = names
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
        if node.op_type in CONTROL and node.domain in STANDARD:
            inner = Inner(self, names)
            if (outputs := controlled(inner, node, operands, reader)) is not None:
                return outputs
        if node.domain in STANDARD and (made := listed(node, operands, self.recording)) is not None:
            return [made]
        if node.domain in STANDARD:
            if (whole := spelt(node, operands, self.readers(names), self.recording)) is not None:
                return [self.forgotten(names, whole)]
            if (biased := self.biased(node, operands)) is not None:
                return [biased]
        domain = "" if node.domain in STANDARD else node.domain
        types = inferred(node, operands, self.versions, domain, reader)
        shapes, dtypes = [], []
        for name in node.output:
            shape, dtype = known_type(types.get(name))
            told, kind = stated.get(name, (None, 0))
            shape = told if shape is None and not self.resized else shape
            shapes.append(None if shape is None else bounded(shape, f"the output of {reader}"))
            dtypes.append(dtype or kind)
        fixed = folded(
            node, operands, shapes, dtypes, self.version, self.room,
            lambda: self.apply(node, operands, shapes, dtypes),
        )  # fmt: skip
        if fixed is None:
            return self.apply(node, operands, shapes, dtypes)
        self.room -= sum(value.data.size for value in fixed if value.data is not None)
        return fixed

    def forgotten(self, names: Names, whole: Value) -> Value:
        """The value, whose node took the place of others: no name stands for those from now on."""
        last = len(self.recording.nodes) - 1
        if whole.at == last:
            own = names.maps[0] if isinstance(names, ChainMap) else names
            for name in [name for name, value in own.items() if value.at is not None and value.at >= last]:
                del own[name]
        return whole

    def readers(self, names: Names) -> Callable[[int], int]:
        """How often what a node of the recording makes is read."""
        return lambda at: sum(self.uses[name] for name, value in names.items() if value.at == at)

    def biased(self, node: NodeProto, operands: tuple[Value | None, ...]) -> Value | None:
        """A linear layer whose bias is added by a node of its own; None for any other node."""
        if node.op_type != "Add" or len(operands) != 2:
            return None
        for name, made, bias in zip(node.input, operands, reversed(operands), strict=True):
            if made is None or bias is None or self.uses[name] != 1:
                continue
            if (whole := self.recording.with_bias(made, bias)) is not None:
                return whole
        return None

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
        if node.domain in contributed.DOMAINS and dtypes and not dtypes[0]:
            dtypes = [contributed.element_type(node.op_type, operands), *dtypes[1:]]
        weight = next((value.weight for value in operands if value is not None and value.learnt), "")
        call = Call(
            node.op_type, operands, tuple(shapes), tuple(dtypes), attributes, path_of(node, weight),
            self.version, self.recording,
        )  # fmt: skip
        rule = rule_for(node)
        mark = len(self.recording.nodes)
        if name_of(node) in custom_rules and (told := ruled(call, node)) is not None:
            return told
        if rule is not None:
            try:
                made = rule(call)
                values = typed(made if isinstance(made, list) else [made], dtypes)
                if agree(values, shapes, list(node.output)):
                    return values + [Value(None, 0, at=values[0].at)] * (len(node.output) - len(values))
            except ODD:
                pass  # a form that the rule does not know
            self.recording.forget(mark)
        if (told := self.by_body(node, operands, shapes)) is not None:
            return told
        return unknown(call, node)

    def by_body(
        self, node: NodeProto, operands: tuple[Value | None, ...], shapes: list[Shape | None]
    ) -> list[Value] | None:
        """What an operator does by its definition; None where it has none, or some of that has no rule."""
        domain = "" if node.domain in STANDARD else node.domain
        found = body_of(node, operands, self.versions, domain)
        if found is None:
            return None
        graph, versions = found
        inner = copy(self)
        inner.versions, inner.uses = {**self.versions, **versions}, uses(graph)
        inner.version = inner.versions[""]
        names = (entry.name for entry in graph.input)
        given = {name: value for name, value in zip(names, operands, strict=False) if value is not None}
        mark = len(self.recording.nodes)
        try:
            made = inner.run(graph, {}, given)
        except (OnnxError, *ODD):
            made = []
        if made and self.recording.costed(mark):
            left = iter(made)
            whole = [next(left, Value(None, 0)) if name else Value(None, 0) for name in node.output]
            if agree(
                whole, [shape if name else None for name, shape in zip(node.output, shapes, strict=True)], []
            ):
                return whole
        self.recording.forget(mark)
        return None


class Inner:
    """Runs the graphs that a node holds, where the names of the graph around it are known."""

    def __init__(self, outer: Import, names: Names) -> None:
        self.outer = outer
        self.names = names
        self.recording = outer.recording
        self.remarks = outer.recording.remarks

    def inner(self, graph: GraphProto, given: Mapping[str, Value]) -> list[Value]:
        """The outputs of a graph."""
        return self.outer.run(graph, self.names, given)
