"""The graph while it grows: nodes in the order of the file, each weight counted once."""

from collections.abc import Sequence
from dataclasses import replace
from math import prod

from archlens.cost import Cost
from archlens.errors import OperatorError
from archlens.graph import Graph, Node
from archlens.ops import Input, Linear, Op, Shape, Unknown
from archlens.recorder.onnx.naming import dotted, staged, unique
from archlens.recorder.onnx.tensors import bounded
from archlens.recorder.onnx.values import Value
from archlens.recorder.operators import Constant, Parameter, Viewed

__all__ = ["Recording"]


class Recording:
    """Nodes in the order in which they run. Positions stand for their outputs.

    settled  nodes before this position stay as they are, while it is tried what others would cost
    remarks  what a reader of the result has to know
    longest  how many shapes are the largest that a run can give, not those of every run
    """

    def __init__(self) -> None:
        self.nodes: list[tuple[Op, tuple[int, ...], Shape, Cost, int]] = []
        self.paths: list[str] = []
        self.counted: dict[str, int] = {}
        self.held: dict[tuple[str, Shape] | int, int] = {}
        self.kept: list[Value] = []
        self.settled = 0
        self.remarks: list[str] = []
        self.longest = 0

    def forget(self, mark: int) -> None:
        """Take back all nodes from a position on."""
        del self.nodes[mark:], self.paths[mark:]
        while self.counted and next(reversed(self.counted.values())) >= mark:
            self.counted.popitem()
        while self.held and next(reversed(self.held.values())) >= mark:
            self.held.popitem()

    def replace(self, at: int, op: Op) -> None:
        """Put another operator in the place of one: of the same inputs and output, and no weights."""
        _, inputs, shape, _, shared = self.nodes[at]
        self.nodes[at] = op, inputs, shape, op.cost(self.shapes_of(inputs), shape), shared

    def costed(self, mark: int) -> bool:
        """Whether all nodes from a position on have costs."""
        return all(op.costed for op, *_ in self.nodes[mark:])

    def receive(self, name: str, shape: Shape, dtype: int) -> Value:
        """An input of the network. A single number is an axis of one element, seen without the axis."""
        path = dotted(name) or "input"
        if shape:
            return self.add(path, Input(shape), (), dtype)
        return self.add(path, Viewed("scalar", ()), (self.add(path, Input((1,)), (), dtype),), dtype)

    def add(
        self, path: str, op: Op, operands: Sequence[Value], dtype: int, weights: Sequence[Value] = ()
    ) -> Value:
        """Append a node. Raises an OperatorError where its inputs do not fit.

        operands  what feeds it, weights and constants too where they are read as tensors
        weights   those that it has for itself, and whose parameters its cost holds
        """
        for value in operands:
            if value.shape is None and not isinstance(op, Unknown):
                raise OperatorError("the shape of an input is only known in a run")
        shapes = tuple(value.shape or () for value in operands)
        shape = bounded(op.output(shapes), f"the output of {path}")
        cost = op.cost(shapes, shape)
        inputs = tuple(self.position(value) for value in operands)
        shared = min(self.count(weights), cost.params)
        self.nodes.append((op, inputs, shape, cost, shared))
        self.paths.append(path)
        return Value(shape, dtype, at=len(self.nodes) - 1)

    def with_bias(self, made: Value, bias: Value) -> Value | None:
        """The output of a linear layer once a bias has been added to it, which makes it the layer's own.

        made  what nobody else reads

        None where it is no output of such a layer, or the bias does not fit.
        """
        if (
            made.at is None
            or made.at < self.settled
            or not bias.fixed
            or not bias.weight
            or bias.deferred is not None
        ):
            return None
        op, inputs, shape, _, shared = self.nodes[made.at]
        if not isinstance(op, Linear) or op.bias or bias.weight + bias.part in self.counted:
            return None
        if prod(bias.shape or ()) != op.out or (bias.shape or ())[-1:] != (op.out,):
            return None
        op = replace(op, bias=True)
        self.nodes[made.at] = op, inputs, shape, op.cost(self.shapes_of(inputs), shape), shared
        self.counted[bias.weight + bias.part] = len(self.nodes)
        return made

    def shapes_of(self, positions: Sequence[int]) -> tuple[Shape, ...]:
        """The shapes of what nodes make."""
        return tuple(self.nodes[at][2] for at in positions)

    def count(self, weights: Sequence[Value]) -> int:
        """How many of these weights an earlier node has counted. From now on all of them are."""
        shared = 0
        for value in weights:
            stored = value.weight + value.part
            if stored in self.counted:
                shared += prod(value.shape or ())
            if stored:
                self.counted.setdefault(stored, len(self.nodes))
        return shared

    def position(self, value: Value) -> int:
        """The node that makes a tensor. A weight or a constant becomes one when it is first read as one."""
        if value.at is not None:
            return value.at
        shape = value.shape or ()
        key = (value.weight, shape) if value.weight and value.deferred is None else id(value)
        if key not in self.held and value.deferred is not None:
            for stands, made in zip(value.deferred.outputs, value.deferred.make(), strict=True):
                self.kept.append(stands)
                self.held[id(stands)] = self.position(made)
        if key not in self.held:
            self.kept.append(value)  # as long as it is kept, no other value has its id
            named = value.weight[:60] or "constant"
            op = Parameter(named, shape) if value.learnt else Constant(named, shape)
            weights = (value,) if value.learnt else ()
            at = self.add(dotted(value.weight) or op.kind, op, (), value.dtype, weights).at
            assert at is not None
            self.held[key] = at
        return self.held[key]

    def graph(self, name: str, outputs: Sequence[Value]) -> Graph:
        """The graph of all nodes, under names of their own."""
        positions = tuple(self.position(value) for value in outputs)
        kinds = [(path, node[0].kind) for path, node in zip(self.paths, self.nodes, strict=True)]
        names = staged(unique(kinds), [node[2] for node in self.nodes])
        nodes = tuple(
            Node(path, op, inputs, shape, replace(cost, params=cost.params - shared), shared)
            for path, (op, inputs, shape, cost, shared) in zip(names, self.nodes, strict=True)
        )
        return Graph(name, "", nodes, positions)
