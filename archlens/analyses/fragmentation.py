"""Into how many small operators a network is broken up, and how many of them could run side by side."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from archlens.analyses.antichain import antichain_size
from archlens.graph import Graph, Node
from archlens.ops import Shapes

__all__ = ["Fragmentation", "fragmentation", "fragmentation_by_part"]

Order = list[list[int]]
"""Of each node of a stretch of the graph, the nodes of that stretch that feed it: places from its start."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fragmentation:
    """What the third guideline of ShuffleNet V2 is about (Ma et al., arXiv 1807.11164, §2, G3).

    fragments       convolutions, and pools that slide a window: the paper's "individual convolution or
                    pooling operations". Global and adaptive pools and linear layers are none
    parallel_width  the largest set of fragments of which none needs the result of another
    serial_depth    fragments on the longest chain of which each needs the one before it
    multiply_adds   of all operators, linear layers and matrix products included
    heaviest_chain  multiply-adds of the chain that has most of them: what remains to be done one after
                    the other, however many processors there are
    kernels         launches of an eager framework, nothing fused
    """

    fragments: int
    parallel_width: int
    serial_depth: int
    multiply_adds: int
    heaviest_chain: int
    kernels: int

    @property
    def parallelism(self) -> float | None:
        """Multiply-adds in all over those on the heaviest chain: work over span, the most that running side
        by side can gain (Brent, JACM 1974); 1 for a chain. None where nothing multiplies.
        """
        return self.multiply_adds / self.heaviest_chain if self.heaviest_chain else None

    @property
    def multiply_adds_per_kernel(self) -> float | None:
        """How much a launch gets done, on average. None where nothing is launched."""
        return self.multiply_adds / self.kernels if self.kernels else None


def fragmentation(graph: Graph) -> Fragmentation:
    """The fragmentation of a whole network, auxiliary classifiers and other side outputs included.

    The width is exact: by Dilworth's theorem (Annals of Mathematics, 1950) the largest set without
    dependencies has as many members as the fewest chains that hold all fragments, which are

    fragments − pairs of a maximum matching between fragments and those that need them, however indirectly

    Of a graph that is not complete, fragments, kernels and multiply-adds are lower bounds.
    """
    return fragmentation_by_part(graph, [range(len(graph.nodes))])[0]


def fragmentation_by_part(graph: Graph, parts: Iterable[Sequence[int]]) -> tuple[Fragmentation, ...]:
    """The fragmentation inside each part of a network, a part being positions of nodes.

    Only what belongs to the part is counted. Two of its fragments also depend on each other if that
    is through nodes outside, since no schedule can then run them at the same time.
    """
    fragments = [_is_fragment(node, graph.shapes_into(node)) for node in graph.nodes]
    kernels = [node.op.kernels(graph.shapes_into(node)) for node in graph.nodes]
    return tuple(_of_part(graph, fragments, kernels, part) for part in parts)


def _is_fragment(node: Node, inputs: Shapes) -> bool:
    """Convolutions of any kind, and pools that slide a window."""
    return node.op.work == "convolution" or (node.op.work == "pooling" and bool(node.op.windows(inputs)))


def _of_part(graph: Graph, fragments: list[bool], kernels: list[int], part: Sequence[int]) -> Fragmentation:
    """One part. Paths between its nodes stay between the first and the last of them: order is topological."""
    first = min(part, default=0)
    stretch = graph.nodes[first : max(part, default=-1) + 1]
    members = [False] * len(stretch)
    weights = [0] * len(stretch)
    for position in part:
        members[position - first] = fragments[position]
        weights[position - first] = graph.nodes[position].cost.multiply_adds
    order = [[feeding - first for feeding in node.inputs if feeding >= first] for node in stretch]
    return Fragmentation(
        fragments=sum(members),
        parallel_width=_width(order, members),
        serial_depth=_heaviest_chain(order, members),
        multiply_adds=sum(weights),
        heaviest_chain=_heaviest_chain(order, weights),
        kernels=sum([kernels[position] for position in part]),
    )


def _heaviest_chain(order: Order, weights: Sequence[int]) -> int:
    """The largest sum of weights along a path."""
    chains: list[int] = []
    for feeding, weight in zip(order, weights, strict=True):
        if len(feeding) == 1:
            chains.append(chains[feeding[0]] + weight)
        else:
            chains.append(max([chains[i] for i in feeding], default=0) + weight)
    return max(chains, default=0)


def _width(order: Order, members: Sequence[bool]) -> int:
    """The largest set of members of which none needs another.

    No such set has members on both sides of a bottleneck, so each piece between two is looked at by
    itself. Sets of members are bits of an integer.
    """
    widest = 0
    piece: list[int] = []
    needed: list[int] = []
    for place, (feeding, bottleneck) in enumerate(zip(order, _bottlenecks(order), strict=True)):
        if bottleneck:
            widest = max(widest, antichain_size(piece), int(members[place]))
            piece = []
            needed.append(0)
            continue
        needs = 0
        for i in feeding:
            needs |= needed[i]
        if members[place]:
            piece.append(needs)
            needs |= 1 << (len(piece) - 1)
        needed.append(needs)
    return max(widest, antichain_size(piece))


def _bottlenecks(order: Order) -> list[bool]:
    """Whether all that comes before a node leads to it, and all that comes after comes from it.

    So it is where no earlier node is used later, none is used by nobody, and no later one starts anew.
    """
    used = [len(order)] * len(order)
    reach = 0
    for place, feeding in enumerate(order):
        for i in feeding:
            used[i] = place
        if not feeding:
            reach = place
    found = []
    for place, last in enumerate(used):
        found.append(reach <= place)
        reach = max(reach, last)
    return found
