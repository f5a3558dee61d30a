"""What was recorded so far: nodes in the order in which they ran."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from threading import get_ident, local
from typing import Any

from archlens.graph import Graph, Node
from archlens.ops import Op, Reshape, Shape
from archlens.recorder.entry import Entry
from archlens.recorder.naming import names
from archlens.recorder.operators import Parameter, Viewed
from archlens.recorder.value import Learnable, Value, Weight

__all__ = ["Tape"]


class Tape:
    """The nodes, and how values become positions among them.

    entries  the nodes
    failed   the path of the innermost module that an exception left, if one did
    thread   which thread began the recording
    record   what records an operator that another thread runs, as long as the recording lasts
    """

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.failed = ""
        self.thread = get_ident()
        self.record: Callable[[Any, tuple[Any, ...], dict[str, Any]], Any] | None = None
        self._running = local()
        self._placed: list[Value] = []

    @property
    def scope(self) -> str:
        """The path of the module that this thread is running."""
        found: str = getattr(self._running, "scope", "")
        return found

    @scope.setter
    def scope(self, path: str) -> None:
        self._running.scope = path

    def emit(self, op: Op, inputs: Sequence[Value], weights: Iterable[Weight] = ()) -> int:
        """Append an operator that reads these values, and give its position. Raises an OperatorError if they
        do not fit.
        """
        positions = tuple(self.position(value) for value in inputs)
        shape = op.output(tuple(self.entries[position].shape for position in positions))
        self.entries.append(Entry(op, positions, shape, self.scope, tuple(weights)))
        return len(self.entries) - 1

    def value(self, node: int, weight: Weight | None = None) -> Value:
        """What stands for the tensor that a node has made, which has memory of its own."""
        entry = self.entries[node]
        return Value(entry.shape, entry.scope, node=node, weight=weight)

    def view(self, parent: Value, op: Op | None, shape: Shape, weight: Weight | None = None) -> Value:
        """What stands for a view of a tensor.

        It becomes a node only if something needs it as a tensor: a later view may undo it.

        op  None for the same elements under the same shape
        """
        if isinstance(op, Reshape):
            while isinstance(parent.view, Reshape) and parent.parent and parent.scope == self.scope:
                parent = parent.parent
        elif op is None and parent.view is None and parent.parent is not None:
            parent = parent.parent
        same = isinstance(op, Reshape) and shape == parent.shape
        return Value(
            shape,
            self.scope,
            parent.storage,
            parent.storage.version,
            parent=parent,
            view=None if same else op,
            weight=weight,
        )

    def position(self, value: Value) -> int:
        """The node that holds a value, up to date with what was written in place through its aliases."""
        stale = value.version != value.storage.version
        if value.parent is not None and (stale or value.node is None):
            feeding = self.position(value.parent)
            value.node = feeding if value.view is None else self._add(value.view, (feeding,), value)
            self._placed.append(value)
        elif value.node is None:
            assert value.source is not None
            make, name = value.source
            op = make(name, value.shape)
            weights = (value.weight,) if value.weight is not None and isinstance(op, Parameter) else ()
            self.entries.append(Entry(op, (), value.shape, value.scope, weights, name))
            value.node = len(self.entries) - 1
            self._placed.append(value)
        if stale and value.parent is None:
            update = Viewed("update", value.shape)
            value.node = self._add(update, (value.node, value.storage.writer), value)
        value.version = value.storage.version
        return value.node

    def _add(self, op: Op, inputs: tuple[int, ...], value: Value) -> int:
        self.entries.append(Entry(op, inputs, value.shape, value.scope))
        return len(self.entries) - 1

    def write(self, value: Value, node: int) -> None:
        """Note that a node overwrites a tensor in place: the tensor and all that share its memory change by
        that.
        """
        value.storage.version += 1
        value.storage.writer = node
        value.storage.unknown = True
        value.version = value.storage.version
        value.node, value.parent, value.view, value.source, value.weight = node, None, None, None, None

    def work_since(self, start: int) -> tuple[int, int]:
        """The multiply-adds and the element-wise work of all nodes from a position on."""
        costs = [
            entry.op.cost(tuple(self.entries[i].shape for i in entry.inputs), entry.shape)
            for entry in self.entries[start:]
        ]
        return sum(cost.multiply_adds for cost in costs), sum(cost.elementwise for cost in costs)

    def take_back(self, start: int) -> None:
        """Remove all nodes from a position on; no node before it has read them."""
        del self.entries[start:]
        for value in self._placed:
            if value.node is not None and value.node >= start:
                value.node = None
        self._placed = [value for value in self._placed if value.node is not None]

    def replace_from(self, start: int, op: Op, inputs: tuple[int, ...], weights: tuple[Weight, ...]) -> int:
        """Put one node in the place of all from a position on; nothing else has read these yet."""
        shape = op.output(tuple(self.entries[position].shape for position in inputs))
        del self.entries[start:]
        self.entries.append(Entry(op, inputs, shape, self.scope, weights))
        return start

    def graph(self, model: str, outputs: Sequence[int]) -> Graph:
        """The graph of everything that was recorded."""
        counted: dict[Learnable, set[tuple[int, int]]] = {}
        nodes: list[Node] = []
        for entry, name in zip(self.entries, names(self.entries), strict=True):
            shapes = tuple(nodes[position].shape for position in entry.inputs)
            shared = sum(already(weight, counted) for weight in entry.weights)
            cost = entry.op.cost(shapes, entry.shape)
            if shared:
                cost = replace(cost, params=cost.params - shared)
            nodes.append(Node(name, entry.op, entry.inputs, entry.shape, cost, shared))
        return Graph(model, "", tuple(nodes), tuple(outputs))


def already(weight: Weight, counted: dict[Learnable, set[tuple[int, int]]]) -> int:
    """How many elements of a weight an earlier node has counted; from now on, all of them are.

    Parts that overlap without being the same are told apart by their number only: together they are
    never more than the whole.
    """
    parts = counted.setdefault(weight.parameter, set())
    part = (weight.offset, weight.elements)
    if part in parts:
        return weight.elements
    before = min(sum(elements for _, elements in parts), weight.parameter.elements)
    parts.add(part)
    return max(0, weight.elements - (weight.parameter.elements - before))
