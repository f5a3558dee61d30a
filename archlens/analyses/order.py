"""The order of execution that needs the fewest activations at once."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import accumulate, chain, pairwise
from math import prod

from archlens.analyses.peak_activations import peak_activations, storages
from archlens.analyses.search import Piece, bound, peak, search
from archlens.graph import Graph

__all__ = ["BestOrder", "best_order", "reordered"]

STATES = 2_000
"""How many sets of nodes that have run the search looks at unless told otherwise: about a second."""


@dataclass(frozen=True, slots=True)
class BestOrder:
    """The smallest peak of activations, at inference, that an order of the nodes reaches.

    elements     the peak of `order`
    lower_bound  what no order stays below
    order        positions of the graph's nodes, as they run
    """

    elements: int
    lower_bound: int
    order: tuple[int, ...]

    @property
    def exact(self) -> bool:
        """Whether no order is better."""
        return self.elements == self.lower_bound


def best_order(graph: Graph, states: int = STATES) -> BestOrder:
    """The order of the nodes whose peak of live activations, as `peak_activations` has it, is the smallest.

    The network's inputs come first, as they exist from the start.

    A node that every other either leads to or comes from splits the network: what runs before it and
    what is alive then are the same in every order. So each part between two such nodes has a best
    order of its own, the peak is the largest of theirs, and only parts whose given order is above
    what the others need anyway are searched (see `search`), until `states` sets of nodes have been
    looked at. A part that is left over keeps its given order, and the lower bound is the larger of
    what its search had excluded and the largest set that must be alive at one node (see `bound`).

    Liberis and Lane (arXiv 1910.05110) reorder networks for microcontrollers by dynamic programming
    over sets of nodes. For trees of registers the question is Sethi and Ullman's (J. ACM 17(4), 1970).
    """
    live = peak_activations(graph).live
    parts = _parts(graph)
    peaks = [max(live[position] for position in part) for part in parts]
    given = sum(prod(graph.nodes[position].shape) for position in graph.inputs)
    before = max([given, *peaks])
    floor = max([given, *(most for part, most in zip(parts, peaks, strict=True) if len(part) == 1)])
    hardest = sorted(range(len(parts)), key=peaks.__getitem__, reverse=True)
    pieces = {number: _piece(graph, parts[number], live) for number in hardest if peaks[number] > floor}
    for number, piece in pieces.items():
        if peaks[number] > floor:
            floor = bound(piece, floor)
    ordered = list(parts)
    for number, piece in pieces.items():
        if peaks[number] > floor:
            found = search(piece, floor, states)
            states -= found.states
            floor = max(floor, found.bound)
            if found.order is not None:
                ordered[number] = tuple(parts[number][node] for node in found.order)
                peaks[number] = peak(piece, found.order)
    elements = max([given, *peaks])
    best = parts if elements == before else ordered
    return BestOrder(elements, floor, (*graph.inputs, *chain.from_iterable(best)))


def _parts(graph: Graph) -> list[tuple[int, ...]]:
    """The nodes but for the inputs, in their order, cut behind each that all others lead to or come from."""
    given = set(graph.inputs)
    running = [position for position in range(len(graph.nodes)) if position not in given]
    number = {position: place for place, position in enumerate(running)}
    end = len(running)
    first_reader = [end] * end
    last_feeder = [-1] * end
    for place, position in enumerate(running):
        for feeding in graph.nodes[position].inputs:
            if feeding not in given:
                first_reader[number[feeding]] = min(first_reader[number[feeding]], place)
                last_feeder[place] = max(last_feeder[place], number[feeding])
    earlier_lead_to = [-1, *accumulate(first_reader, max)]
    later_come_from = [*reversed(list(accumulate(reversed(last_feeder), min))), end]
    cuts = [
        place + 1
        for place in range(end)
        if earlier_lead_to[place] <= place and later_come_from[place + 1] >= place
    ]
    return [tuple(running[start:stop]) for start, stop in pairwise(sorted({0, *cuts, end}))]


def _piece(graph: Graph, part: tuple[int, ...], live: tuple[int, ...]) -> Piece:
    """The nodes of one part, as the search wants them."""
    storage = storages(graph)
    number = {position: place for place, position in enumerate(part)}
    feeding = [[number[i] for i in graph.nodes[position].inputs if i in number] for position in part]
    after: list[list[int]] = [[] for _ in part]
    for place, places in enumerate(feeding):
        for other in dict.fromkeys(places):
            after[other].append(place)
    makes = [prod(graph.nodes[i].shape) if storage[i] == i else 0 for i in part]
    needed = {storage[i]: 1 << place for place, i in enumerate(part) if storage[i] == i}
    for place, position in enumerate(part):
        for i in graph.nodes[position].inputs:
            needed[storage[i]] = needed.get(storage[i], 0) | 1 << place
    kept = {storage[output] for output in graph.outputs}
    kept |= {storage[i] for node in graph.nodes[part[-1] + 1 :] for i in node.inputs}
    ends = [(prod(graph.nodes[i].shape), who, number.get(i)) for i, who in needed.items() if i not in kept]
    frees = [[end for end, (_, who, _) in enumerate(ends) if who >> place & 1] for place in range(len(part))]
    return Piece(
        before=tuple(sum(1 << other for other in set(places)) for places in feeding),
        after=tuple(map(tuple, after)),
        makes=tuple(makes),
        ends=tuple(ends),
        frees=tuple(map(tuple, frees)),
        start=live[part[0]] - makes[0],
    )


def reordered(graph: Graph, order: Iterable[int]) -> Graph:
    """The same network, its nodes in another order: positions in the graph, each after what feeds it."""
    order = tuple(order)
    new = {old: position for position, old in enumerate(order)}
    nodes = tuple(
        replace(graph.nodes[old], inputs=tuple(new[i] for i in graph.nodes[old].inputs)) for old in order
    )
    return replace(graph, nodes=nodes, outputs=tuple(new[output] for output in graph.outputs))
