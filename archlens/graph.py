"""The graph in the middle: everything before it makes one, everything after it reads one."""

import re
from collections import Counter
from dataclasses import dataclass, replace

from archlens.cost import Cost
from archlens.errors import GraphError, OperatorError
from archlens.ops.operator import Op, Shape, Shapes
from archlens.ops.view import Input

__all__ = ["Graph", "Node", "verify"]

NAME = re.compile(r"\w+(\.\w+)*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Node:
    """One operator at work: where it stands, what feeds it, what comes out, what it costs.

    name    dotted path, which becomes the module path: `stage2.0.conv1`
    inputs  positions, in the graph, of the nodes that feed it, in order
    shape   of its output, batch first
    shared  learnable weights that an earlier node has counted: its cost is without them
    """

    name: str
    op: Op
    inputs: tuple[int, ...]
    shape: Shape
    cost: Cost
    shared: int = 0


@dataclass(frozen=True, slots=True, repr=False)
class Graph:
    """A network as a frozen, topologically ordered list of nodes.

    model    the name it was loaded under
    family   the family of its spec, or "" when it has none
    nodes    inputs first use, every node after those that feed it
    outputs  positions of the nodes whose outputs leave the network, the main one first
    unread   learnable weights of the recorded module that no node read: a head that is not used, an expert
             that was not reached
    unread_places  the modules that hold these, or their own names
    dtype    what the weights of the recorded module hold, "" for float32: turns elements into bytes, no more
    """

    model: str
    family: str
    nodes: tuple[Node, ...]
    outputs: tuple[int, ...]
    unread: int = 0
    dtype: str = ""
    unread_places: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """In a line: <Graph resnet50, input 1×3×224×224, 176 nodes>."""
        shape = "×".join(map(str, self.input_shape)) if self.outputs else "none"
        return f"<Graph {self.model}, input {shape}, {len(self.nodes)} nodes>"

    @property
    def inputs(self) -> tuple[int, ...]:
        """Positions of the nodes that the network is given."""
        return tuple(
            [i for i, node in enumerate(self.nodes) if not node.inputs and isinstance(node.op, Input)]
        )

    @property
    def input_shape(self) -> Shape:
        """The shape of the first input, batch first; that of the main output for a network without inputs."""
        inputs = self.inputs
        return self.nodes[inputs[0] if inputs else self.outputs[0]].shape

    def shapes_into(self, node: Node) -> Shapes:
        """The shapes of what feeds a node, in order."""
        return tuple([self.nodes[feeding].shape for feeding in node.inputs])

    @property
    def uncosted(self) -> tuple[Node, ...]:
        """Nodes whose cost no rule could tell. Totals of such a graph are lower bounds."""
        return tuple(node for node in self.nodes if not node.op.costed)

    @property
    def complete(self) -> bool:
        """Whether every node was costed."""
        return not self.uncosted


def verify(graph: Graph) -> None:
    """Raise a GraphError unless the graph keeps its own rules.

    It begins with an input, or with what it makes itself, and has an output; names are unique dotted paths,
    none the parent of another; nodes come after what feeds them; shapes and costs are what the operators'
    rules give.
    """
    if not any(node.op.costed and not node.inputs for node in graph.nodes):
        raise GraphError(f"{graph.model}: no node is an input")
    names = Counter(node.name for node in graph.nodes)
    parents = {name[: dot.start()] for name in names for dot in re.finditer(r"\.", name)}
    for position, node in enumerate(graph.nodes):
        if names[node.name] > 1 or node.name in parents or not NAME.fullmatch(node.name):
            raise GraphError(f"{graph.model}: {node.name!r} is not a name of its own")
        if any(not 0 <= feeding < position for feeding in node.inputs):
            raise GraphError(f"{graph.model}: {node.name} is fed by {node.inputs}, not all of them before it")
        shapes = graph.shapes_into(node)
        fits = len(shapes) > 1 if node.op.arity is None else node.op.arity in (len(shapes), -1)
        if not fits and node.op.costed:
            raise GraphError(f"{graph.model}: {node.name} ({node.op.kind}) is fed by {len(shapes)} tensors")
        try:
            shape = node.op.output(shapes)
        except OperatorError as error:
            raise GraphError(f"{graph.model}: {node.name} ({node.op.kind}): {error}") from error
        if shape != node.shape:
            raise GraphError(f"{graph.model}: {node.name} has shape {node.shape}, its rule says {shape}")
        cost = node.op.cost(shapes, shape)
        shared = min(max(node.shared, 0), cost.params)
        if shared != node.shared or replace(cost, params=cost.params - shared) != node.cost:
            raise GraphError(f"{graph.model}: {node.name} does not cost what its rule says")
    if not graph.outputs or any(not 0 <= output < len(graph.nodes) for output in graph.outputs):
        raise GraphError(f"{graph.model}: {graph.outputs} are not nodes of the graph")
