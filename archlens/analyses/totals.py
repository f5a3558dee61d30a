"""What a network costs in all, by stage, and by kind of operator."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from string import digits

from archlens.cost import Cost, total
from archlens.graph import Graph, Node
from archlens.ops import Shape
from archlens.spec.section import Operation, Section

__all__ = ["EVERY_NODE", "Row", "rows_by_operator", "rows_by_stage", "totals", "totals_of_sections"]

EVERY_NODE = 100
"""A depth at which each node has a row of its own: no path has as many components."""
MANY = 20
"""So many nodes that do the same each have a row of their own; more have one together."""


@dataclass(frozen=True, slots=True)
class Row:
    """Some nodes of a graph, added up.

    name       the part of their path that they share, or what they do
    kind       the operator where the row is a single node or a single kind, else `group`
    output     the shape that the last of them puts out; None where they are no part of the network
    cost       their sum
    positions  where they stand in the graph, in its order
    complete   whether the cost of each of them is known
    """

    name: str
    kind: str
    output: Shape | None
    cost: Cost
    positions: tuple[int, ...]
    complete: bool

    @property
    def nodes(self) -> int:
        """How many they are."""
        return len(self.positions)


def totals(graph: Graph) -> Cost:
    """The cost of the whole network: a lower bound when the graph is not complete."""
    return total(node.cost for node in graph.nodes)


def totals_of_sections(section: Section, known: dict[Section, Cost] | None = None) -> Cost:
    """The cost of a network that is known as sections, each of which is added up once.

    known  those of networks that share sections with it, which those of this one are put beside
    """
    known = {} if known is None else known

    def added(part: Section) -> Cost:
        if (found := known.get(part)) is None:
            found = known[part] = total(
                each.work.cost if isinstance(each, Operation) else added(each.section)
                for each in part.entries
            )
        return found

    return added(section)


def rows_by_stage(graph: Graph, depth: int = 1) -> tuple[Row, ...]:
    """A row for each part of the network, in the order in which they first run.

    depth   how many components of a node's path name its row: 1 for stages, 2 for the blocks in
            them, and so on; a node with a shorter path has a row of its own, or, unless every node is
            to have one, shares it with more than 20 others that do the same, such as the steps of a loop
    """

    def stage(node: Node) -> str:
        return ".".join(node.name.split(".")[:depth])

    rows = []
    groups = grouped(graph, stage)
    for name, positions in (groups if depth >= EVERY_NODE else repeated(graph, groups)).items():
        last = graph.nodes[positions[-1]]
        alone = len(positions) == 1 and last.name == name
        rows.append(added_up(graph, name, last.op.kind if alone else "group", last.shape, positions))
    return tuple(rows)


def repeated(graph: Graph, groups: dict[str, list[int]]) -> dict[str, list[int]]:
    """Groups, of which many that are single nodes and differ in their number alone have become one.

    The name of such a group tells the first node, and how many there are: `relu1 (100×)`.
    """
    alike: dict[tuple[str, str, Shape, Cost], list[str]] = {}
    for name, (first, *others) in groups.items():
        node = graph.nodes[first]
        if not others and node.name == name:
            alike.setdefault((name.rstrip(digits), node.op.kind, node.shape, node.cost), []).append(name)
    names = {
        name: f"{found[0]} ({len(found)}×)" for found in alike.values() if len(found) > MANY for name in found
    }
    together: dict[str, list[int]] = {}
    for name, positions in groups.items():
        together.setdefault(names.get(name, name), []).extend(positions)
    return together


def rows_by_operator(graph: Graph) -> tuple[Row, ...]:
    """A row for each kind of operator, by how much it computes, then moves."""

    def label(node: Node) -> str:
        return node.op.label(graph.shapes_into(node))

    rows = [
        added_up(graph, name, graph.nodes[positions[0]].op.kind, None, positions)
        for name, positions in grouped(graph, label).items()
    ]
    return heaviest_first(rows)


def grouped(graph: Graph, key: Callable[[Node], str]) -> dict[str, list[int]]:
    """The positions of the nodes that are no inputs by the given key, in the order of the graph."""
    groups: dict[str, list[int]] = {}
    for position, node in enumerate(graph.nodes):
        if node.inputs or node.cost != Cost():  # weights may stand by themselves
            groups.setdefault(key(node), []).append(position)
    return groups


def added_up(graph: Graph, name: str, kind: str, output: Shape | None, positions: Sequence[int]) -> Row:
    """A row of the nodes at these positions."""
    nodes = [graph.nodes[position] for position in positions]
    return Row(
        name=name,
        kind=kind,
        output=output,
        cost=total(node.cost for node in nodes),
        positions=tuple(positions),
        complete=all(node.op.costed for node in nodes),
    )


def heaviest_first(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Rows by how much they compute, then move."""
    return tuple(sorted(rows, key=lambda row: (-row.cost.multiply_adds, -row.cost.memory_access, row.name)))
