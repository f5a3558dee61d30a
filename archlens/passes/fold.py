"""What every inference engine does first: fewer operators that compute the same."""

from dataclasses import replace

from archlens.graph import Graph, Node
from archlens.ops import Fused, Op, Shapes

__all__ = ["absorbed", "fold", "fused_kernels", "kernels_left"]


def fold(graph: Graph) -> Graph:
    """The graph as it runs at inference: scales in the weights before them, activations in their producers.

    A batch normalisation with running statistics multiplies each channel by a constant and adds
    another, which the convolution before it can do with its weights and a bias (Jacob et al., arXiv
    1712.05877, §3.2). A pointwise operator runs on its producer's result before that is stored. Either
    needs a producer whose output nobody else sees. What remains keeps its name and its shape.
    """
    homes = absorbed(graph)
    operators = [node.op for node in graph.nodes]
    shared = [node.shared for node in graph.nodes]
    for node, home in zip(graph.nodes, homes, strict=True):
        if home is not None:
            host, op = graph.nodes[home], operators[home]
            inputs = graph.shapes_into(host)
            absorbing = op.absorbing_scale(inputs) if node.op.scales_channels else None
            operators[home] = absorbing or Fused.of(op, node.op)
            if absorbing is None:
                shared[home] += node.shared
            elif shared[home]:  # scaled weights are others than before, but where their scale is shared too
                both = host.cost.params == node.cost.params == 0
                shared[home] = absorbing.cost(inputs, host.shape).params if both else 0
    staying = [position for position, home in enumerate(homes) if home is None]
    after = {position: place for place, position in enumerate(staying)}
    places = tuple(after[position if home is None else home] for position, home in enumerate(homes))
    nodes = tuple(_moved(graph, at, operators[at], shared[at], places) for at in staying)
    return Graph(graph.model, graph.family, nodes, tuple(places[output] for output in graph.outputs))


def absorbed(graph: Graph) -> tuple[int | None, ...]:
    """For each node, the position of the node that `fold` makes it a part of; None where it stays.

    A node that others become a part of stays itself.
    """
    nodes = graph.nodes
    users = [0] * len(nodes)
    for output in graph.outputs:
        users[output] += 1
    for node in nodes:
        for feeding in node.inputs:
            users[feeding] += 1
    homes: list[int | None] = [None] * len(nodes)
    known: dict[tuple[Op, Shapes], bool] = {}

    def absorbs(host: Node) -> bool:
        """Whether a node's weights take over a scale behind it; equal operators are asked once."""
        key = (host.op, graph.shapes_into(host))
        if key not in known:
            known[key] = host.op.absorbing_scale(key[1]) is not None
        return known[key]

    weightless = set()  # nodes with an epilogue: what comes after it cannot go into the weights before it
    for position, node in enumerate(nodes):
        op = node.op
        if not (op.pointwise or op.scales_channels) or len(node.inputs) != 1 or users[node.inputs[0]] != 1:
            continue
        producer = node.inputs[0]
        earlier = homes[producer]
        home = producer if earlier is None else earlier
        host = nodes[home]
        if op.scales_channels and home not in weightless and absorbs(host):
            homes[position] = home
        elif op.pointwise and host.op.costed and not host.op.alias:
            homes[position] = home
            weightless.add(home)
    return tuple(homes)


def fused_kernels(graph: Graph) -> int:
    """How many kernels run once the graph is folded, counted without folding it."""
    return sum(kernels_left(graph))


def kernels_left(graph: Graph) -> list[int]:
    """The kernels of each node once the graph is folded: none of those that become a part of another."""
    return [
        node.op.kernels(graph.shapes_into(node)) if home is None else 0
        for node, home in zip(graph.nodes, absorbed(graph), strict=True)
    ]


def _moved(graph: Graph, position: int, op: Op, shared: int, places: tuple[int, ...]) -> Node:
    """A node of the graph with what it does now, fed by nodes where they stand now."""
    node = graph.nodes[position]
    cost = node.cost
    if op is not node.op:
        cost = op.cost(graph.shapes_into(node), node.shape)
        cost = replace(cost, params=cost.params - shared)
    return Node(node.name, op, tuple(places[before] for before in node.inputs), node.shape, cost, shared)
