"""Which layer of one network is which layer of another: by name, and where names differ, by structure."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

from archlens.graph import Graph, Node

__all__ = ["Pair", "align"]

Key = Callable[[Graph, Node], Hashable]
"""What two nodes must have in common to be taken for the same."""
Matches = dict[int, int]
"""Positions in the first graph → positions in the second."""
Step = Callable[[Graph, Graph, list[int], list[int]], Iterable[tuple[int, int]]]
"""Finds matches among the positions that are still free in both graphs."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A node of the first graph, and the one of the second that it became; None where there is none."""

    before: int | None
    after: int | None


def align(before: Graph, after: Graph) -> tuple[Pair, ...]:
    """Every node of both graphs, matched with its counterpart where it has one, in the order of the second.

    Two readings are tried: one that trusts names first, one that trusts structure first. The one that leaves
    fewer nodes changed, added and removed is kept, that of the names where both leave as many. So a network
    whose layers were only renamed is unchanged, and one whose stem changed every shape keeps its layers.
    """
    readings = [_matched(before, after, steps) for steps in (NAMES_FIRST, STRUCTURE_FIRST)]
    matches = min(readings, key=lambda matches: _unlike(before, after, matches))
    return tuple(_in_order(before, after, matches))


def same_work(graph: Graph, node: Node) -> Hashable:
    """The operator with its attributes, and the shapes that go in and come out."""
    return node.op, graph.shapes_into(node), node.shape


def _operator(graph: Graph, node: Node) -> Hashable:
    return node.op


def _kind(graph: Graph, node: Node) -> Hashable:
    return node.op.kind


def _by_name(key: Key) -> Step:
    """Match nodes that have their name and the key in common."""

    def named(before: Graph, after: Graph, left: list[int], right: list[int]) -> Iterable[tuple[int, int]]:
        names = {after.nodes[j].name: j for j in right}
        for i in left:
            j = names.get(before.nodes[i].name)
            if j is not None and key(before, before.nodes[i]) == key(after, after.nodes[j]):
                yield i, j

    return named


def _in_sequence(key: Key) -> Step:
    """Match the longest runs of nodes whose keys follow one another in both graphs."""

    def runs(before: Graph, after: Graph, left: list[int], right: list[int]) -> Iterable[tuple[int, int]]:
        keys = [key(before, before.nodes[i]) for i in left], [key(after, after.nodes[j]) for j in right]
        for i, j, size in SequenceMatcher(None, *keys, autojunk=False).get_matching_blocks():
            yield from zip(left[i : i + size], right[j : j + size], strict=True)

    return runs


def _anywhere(key: Key) -> Step:
    """Match nodes that have the key in common wherever they stand: layers that moved."""

    def moved(before: Graph, after: Graph, left: list[int], right: list[int]) -> Iterable[tuple[int, int]]:
        places: dict[Hashable, list[int]] = defaultdict(list)
        for j in reversed(right):
            places[key(after, after.nodes[j])].append(j)
        for i in left:
            if found := places.get(key(before, before.nodes[i])):
                yield i, found.pop()

    return moved


NAMES_FIRST = (
    _by_name(same_work), _by_name(_kind), _in_sequence(same_work), _anywhere(same_work),
    _in_sequence(_operator), _in_sequence(_kind),
)  # fmt: skip
STRUCTURE_FIRST = (
    _by_name(same_work), _in_sequence(same_work), _anywhere(same_work), _in_sequence(_operator),
    _by_name(_kind), _in_sequence(_kind),
)  # fmt: skip


def _matched(before: Graph, after: Graph, steps: Iterable[Step]) -> Matches:
    """What the steps match, each among the nodes that those before it have left."""
    matches: Matches = {}
    left, right = list(range(len(before.nodes))), list(range(len(after.nodes)))
    for step in steps:
        matches.update(step(before, after, left, right))
        taken = set(matches.values())
        left = [i for i in left if i not in matches]
        right = [j for j in right if j not in taken]
    return matches


def _unlike(before: Graph, after: Graph, matches: Matches) -> int:
    """How many nodes are changed, added or removed."""
    changed = sum(
        same_work(before, before.nodes[i]) != same_work(after, after.nodes[j]) for i, j in matches.items()
    )
    return changed + len(before.nodes) + len(after.nodes) - 2 * len(matches)


def _in_order(before: Graph, after: Graph, matches: Matches) -> Iterable[Pair]:
    """The pairs in the order of the second graph; what was removed stands where it stood in the first."""
    counterpart = {j: i for i, j in matches.items()}
    removed = [i for i in range(len(before.nodes)) if i not in matches]
    for j in range(len(after.nodes)):
        i = counterpart.get(j)
        while i is not None and removed and removed[0] < i:
            yield Pair(removed.pop(0), None)
        yield Pair(i, j)
    yield from (Pair(i, None) for i in removed)
