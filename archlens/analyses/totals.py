"""What a network costs in all, by stage, and by kind of operator."""

from collections.abc import Callable
from dataclasses import dataclass

from archlens.cost import Cost, total
from archlens.graph import Graph, Node
from archlens.ops import Shape

__all__ = ["Row", "rows_by_operator", "rows_by_stage", "totals"]


@dataclass(frozen=True, slots=True)
class Row:
    """Some nodes of a graph, added up.

    name      the part of their path that they share, or their kind of operator
    kind      the operator where the row is a single node, else `group`
    output    the shape that the last of them puts out; None where they are no part of the network
    cost      their sum
    nodes     how many they are
    complete  whether the cost of each of them is known
    """

    name: str
    kind: str
    output: Shape | None
    cost: Cost
    nodes: int
    complete: bool


def totals(graph: Graph) -> Cost:
    """The cost of the whole network: a lower bound when the graph is not complete."""
    return total(node.cost for node in graph.nodes)


def rows_by_stage(graph: Graph, depth: int = 1) -> tuple[Row, ...]:
    """A row for each part of the network, in the order in which they first run.

    depth   how many components of a node's path name its row: 1 for stages, 2 for the blocks in
            them, and so on; a node with a shorter path has a row of its own
    """

    def stage(node: Node) -> str:
        return ".".join(node.name.split(".")[:depth])

    return tuple(
        Row(
            name=name,
            kind=nodes[0].op.kind if len(nodes) == 1 and nodes[0].name == name else "group",
            output=nodes[-1].shape,
            cost=total(node.cost for node in nodes),
            nodes=len(nodes),
            complete=all(node.op.costed for node in nodes),
        )
        for name, nodes in _grouped(graph, stage).items()
    )


def rows_by_operator(graph: Graph) -> tuple[Row, ...]:
    """A row for each kind of operator, by how much it computes, then moves."""

    def label(node: Node) -> str:
        return node.op.label(tuple(graph.nodes[feeding].shape for feeding in node.inputs))

    rows = [
        Row(
            name=name,
            kind=nodes[0].op.kind,
            output=None,
            cost=total(node.cost for node in nodes),
            nodes=len(nodes),
            complete=all(node.op.costed for node in nodes),
        )
        for name, nodes in _grouped(graph, label).items()
    ]
    return tuple(sorted(rows, key=lambda row: (-row.cost.multiply_adds, -row.cost.memory_access, row.name)))


def _grouped(graph: Graph, key: Callable[[Node], str]) -> dict[str, list[Node]]:
    """The nodes that compute something by the given key, in the order of the graph."""
    groups: dict[str, list[Node]] = {}
    for node in graph.nodes:
        if node.inputs:
            groups.setdefault(key(node), []).append(node)
    return groups
