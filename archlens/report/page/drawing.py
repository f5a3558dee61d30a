"""The graph of a network as it is drawn: repeated blocks once, folded layers in their producers, laid out."""

import math
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from archlens.errors import MissingDependencyError
from archlens.graph import Graph
from archlens.passes import absorbed
from archlens.report.page.index import whole

__all__ = ["Drawing", "Drawings", "drawn", "laid_out"]

MOST = 1200
"""Nodes beyond which a drawing is no help, and its layout takes long."""
ITERATIONS = 24
"""Of the layout: how often the order within its rows is improved."""

Edges = tuple[tuple[int, int], ...]
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is drawn of a network.

    nodes    positions in the graph of what is drawn
    parts    for each of them, how many layers follow it that an engine makes a part of it
    edges    from which drawn node to which, by their places among the nodes
    repeats  a run of drawn nodes, from the first to the last place, and how many times it stands there
    """

    nodes: tuple[int, ...]
    parts: tuple[int, ...]
    edges: Edges
    repeats: tuple[tuple[int, int, int], ...]


def drawn(graph: Graph) -> Drawing:
    """What is drawn of a network: of equal blocks in a row the first one, and no layer that is folded."""
    stands_for, runs = _folded(graph)
    homes = absorbed(graph)
    home = [position if host is None else host for position, host in enumerate(homes)]
    kept = [i for i in range(len(graph.nodes)) if stands_for[i] == i and home[i] == i]
    place = {position: at for at, position in enumerate(kept)}

    def at(position: int) -> int:
        return place[stands_for[home[stands_for[position]]]]

    edges = {
        (at(feeding), at(position))
        for position, node in enumerate(graph.nodes)
        for feeding in node.inputs
        if stands_for[position] == position and at(feeding) != at(position)
    }
    forward = tuple(sorted((a, b) for a, b in edges if a < b))
    parts = [0] * len(kept)
    for position in range(len(graph.nodes)):
        if stands_for[position] == position and home[position] != position:
            parts[at(position)] += 1
    spans = []
    for first, last, times in runs:
        inside = [place[i] for i in range(first, last + 1) if i in place]
        if inside:
            spans.append((inside[0], inside[-1], times))
    return Drawing(tuple(kept), tuple(parts), forward, tuple(spans))


def _folded(graph: Graph) -> tuple[list[int], list[tuple[int, int, int]]]:
    """For each node, the one that stands for it; the runs of equal blocks: first and last node, and times."""
    stands_for = list(range(len(graph.nodes)))
    runs: list[tuple[int, int, int]] = []
    paths = [node.name.split(".") for node in graph.nodes]

    def fold(low: int, high: int, depth: int) -> None:
        children = list(_children(paths, low, high, depth))
        signatures = [_signature(graph, *child) for child in children]
        at = 0
        while at < len(children):
            end = at + 1
            while (
                end < len(children)
                and signatures[end] == signatures[at]
                and children[at][1] - children[at][0] > 1
            ):
                end += 1
            first, after = children[at]
            for start, _ in children[at + 1 : end]:
                for offset in range(after - first):
                    stands_for[start + offset] = first + offset
            if end - at > 1:
                runs.append((first, after - 1, end - at))
            if after - first > 1 and depth < max(map(len, paths[first:after])) - 1:
                fold(first, after, depth + 1)
            at = end

    fold(0, len(graph.nodes), 0)
    for position in range(len(stands_for)):  # a block in a block that is itself repeated
        while stands_for[stands_for[position]] != stands_for[position]:
            stands_for[position] = stands_for[stands_for[position]]
    return stands_for, runs


def _children(paths: Sequence[list[str]], low: int, high: int, depth: int) -> Iterator[tuple[int, int]]:
    """Stretches of nodes that share the component of their path at this depth."""
    start = low
    for position in range(low + 1, high + 1):
        if position == high or paths[position][: depth + 1] != paths[start][: depth + 1]:
            yield start, position
            start = position


def _signature(graph: Graph, low: int, high: int) -> Hashable:
    """What two stretches have in common that do the same: operators, shapes, and who feeds whom inside.

    Of what has no weights the kind is enough: the residual branches of some networks differ in a constant.
    What comes from outside must be what runs just before: a block that reads farther back stands alone.
    """
    found = []
    for position in range(low, high):
        node = graph.nodes[position]
        inner = tuple(i - low if i >= low else "before" for i in node.inputs)
        counted = node.cost.params or node.cost.multiply_adds
        found.append((node.op if counted else node.op.kind, graph.shapes_into(node), node.shape, inner))
    return tuple(found)


def laid_out(count: int, edges: Edges) -> tuple[list[Point], list[list[Point]]]:
    """Where the nodes stand, and the bends of each edge, in the order given.

    The layered layout of Sugiyama, Tagawa and Toda (1981), by igraph. Raises a MissingDependencyError without
    it.
    """
    try:
        from igraph import Graph as Drawn
    except ImportError as error:
        raise MissingDependencyError("a page draws graphs with igraph", extra="charts") from error
    if count > MOST:
        return [], []
    graph = Drawn(n=count, edges=list(edges), directed=True)
    layout = graph.layout_sugiyama(layers=_layers(count, edges), maxiter=ITERATIONS)
    points = [(round(x, 2), round(y, 2)) for x, y in layout.coords]
    bends = [[(round(x, 2), round(y, 2)) for x, y in each] for each in layout.edge_routing]
    return _apart(points[:count]), bends


def _apart(points: Sequence[Point]) -> list[Point]:
    """The points, those of a row no nearer than 1: igraph lets some stand on one another."""
    rows: dict[float, list[int]] = {}
    for place, (_, y) in enumerate(points):
        rows.setdefault(y, []).append(place)
    found = list(points)
    for y, row in rows.items():
        row.sort(key=lambda place: points[place][0])
        placed: list[float] = []
        for place in row:
            placed.append(max(points[place][0], placed[-1] + 1 if placed else -math.inf))
        moved = sum(x - points[place][0] for x, place in zip(placed, row, strict=True)) / len(row)
        for x, place in zip(placed, row, strict=True):
            found[place] = (round(x - moved, 2), y)
    return found


def _layers(count: int, edges: Edges) -> list[int]:
    """The row of each node: below everything that feeds it."""
    rows = [0] * count
    for start, end in edges:  # sorted: what feeds a node has its row already
        rows[end] = max(rows[end], rows[start] + 1)
    return rows


class Drawings:
    """Drawings of networks, laid out once for each that has the same form."""

    def __init__(self) -> None:
        self._places: dict[tuple[int, Edges], int] = {}
        self.layouts: list[dict[str, Any]] = []

    def network(self, graph: Graph) -> dict[str, Any]:
        """The columns of one network's drawing."""
        found = drawn(graph)
        key = len(found.nodes), found.edges
        if key not in self._places:
            self._places[key] = len(self.layouts)
            self.layouts.append(_layout(*key))
        return {
            "layout": self._places[key],
            "nodes": _steps(found.nodes),
            "parts": list(found.parts),
            "repeats": [list(run) for run in found.repeats],
        }


def _layout(count: int, edges: Edges) -> dict[str, Any]:
    points, bends = laid_out(count, edges)
    return {
        "x": [whole(x) for x, _ in points],
        "y": [whole(y) for _, y in points],
        "from": _steps([start for start, _ in edges]),
        "to": [end - start for start, end in edges],
        "bends": [[whole(number) for point in each for number in point] for each in bends],
    }


def _steps(values: Sequence[int]) -> list[int]:
    """Each less the one before: rising numbers become small ones."""
    return [value - before for value, before in zip(values, (0, *values), strict=False)]
