"""Parts of a network as networks by themselves, to be costed and timed at their real shapes."""

from collections.abc import Iterable, Sequence

from archlens.cost import Cost
from archlens.graph import Graph, Node
from archlens.ops import Input, Op, Shape

__all__ = ["chain", "excerpt"]


def chain(shape: Shape, operators: Iterable[Op]) -> Graph:
    """Operators one after the other. Raises an OperatorError where they do not fit."""
    nodes = [_given(0, shape)]
    for number, op in enumerate(operators, 1):
        inputs = (nodes[-1].shape,)
        output = op.output(inputs)
        nodes.append(Node(f"step.{number}", op, (number - 1,), output, op.cost(inputs, output)))
    return Graph("instead", "", tuple(nodes), (len(nodes) - 1,))


def excerpt(graph: Graph, positions: Sequence[int]) -> Graph:
    """Some nodes of a graph, in its order; what others feed them is given. Weights that they share count."""
    inside = set(positions)
    outside = sorted({i for at in positions for i in graph.nodes[at].inputs if i not in inside})
    nodes = [_given(number, graph.nodes[i].shape) for number, i in enumerate(outside)]
    places = {i: number for number, i in enumerate(outside)}
    for at in positions:
        node = graph.nodes[at]
        places[at] = len(nodes)
        cost = node.op.cost(graph.shapes_into(node), node.shape)
        nodes.append(Node(node.name, node.op, tuple(places[i] for i in node.inputs), node.shape, cost))
    read = {i for node in nodes for i in node.inputs}
    ends = [number for number, node in enumerate(nodes) if node.inputs and number not in read]
    return Graph("now", "", tuple(nodes), tuple(reversed(ends)))


def _given(number: int, shape: Shape) -> Node:
    """What stands for a tensor from outside: one place where it has no axis, or an axis without places."""
    shape = tuple(max(1, length) for length in shape) or (1,)
    return Node(f"given.{number}", Input(shape), (), shape, Cost())
