"""What moves and what is launched once a compiler has made one kernel of each chain of element-wise work."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from archlens.graph import Graph, Node

__all__ = ["Traffic", "traffic"]

CHAINED = frozenset(
    {"activation", "normalization", "add", "multiply", "scale", "concat", "copy", "reduction"}
)
"""Work that a compiler runs in one kernel with what feeds it, where both have as many elements."""
LAST = frozenset({"pooling"})
"""Work that can end such a kernel: it has fewer elements than what feeds it."""


@dataclass(frozen=True, slots=True)
class Traffic:
    """What a node moves and launches.

    elements  read and written, of tensors that follow the images
    fixed     read, of tensors that are the same for every image
    kernels   launched for it
    """

    elements: int
    fixed: int
    kernels: int


def traffic(graph: Graph, varies: Sequence[bool]) -> list[Traffic]:
    """For each node in the order of the graph, what it still moves and launches once kernels are fused.

    varies  whether a node follows the images, a node each

    A node without dot products joins the kernel of the last node before it that it reads and that has none
    either. Inside of a kernel nothing is read or written; what several of its nodes read is read once; an
    output is written where another kernel reads it. This is what PyTorch's inductor does with pointwise work
    and reductions, but for its limits on size; convolutions and products stay kernels of their own.
    """
    nodes = graph.nodes
    source = sources(nodes)
    kernel = kernels(nodes, source)
    leaves = {source[output] for output in graph.outputs}
    for position, node in enumerate(nodes):
        if not node.op.alias:
            leaves.update(source[i] for i in node.inputs if kernel[source[i]] != kernel[position])
    loaded: set[tuple[int, int]] = set()
    left = []
    for position, node in enumerate(nodes):
        if node.op.alias or not node.inputs:
            left.append(Traffic(0, 0, 0))
            continue
        own = kernel[position]
        read = {(own, source[i]) for i in node.inputs if kernel[source[i]] != own} - loaded
        loaded |= read
        fixed = sum(prod(nodes[i].shape) for _, i in read if not varies[i])
        size = sum(prod(nodes[i].shape) for _, i in read if varies[i])
        size += prod(node.shape) if position in leaves else 0
        launched = node.op.kernels(graph.shapes_into(node)) if own == position else 0
        left.append(Traffic(size, fixed, launched))
    return left


def sources(nodes: tuple[Node, ...]) -> list[int]:
    """For each node, the one whose memory its output is: itself, unless it is a view."""
    found: list[int] = []
    for position, node in enumerate(nodes):
        found.append(found[node.inputs[0]] if node.op.alias and node.inputs else position)
    return found


def kernels(nodes: tuple[Node, ...], source: list[int]) -> list[int]:
    """For each node, the first node of the kernel that it is a part of."""
    found: list[int] = []
    open_ends = [False] * len(nodes)
    for position, node in enumerate(nodes):
        work, joined = node.op.work, position
        if work in CHAINED or work in LAST:
            before = [source[i] for i in node.inputs if open_ends[source[i]]]
            same = [i for i in before if work in LAST or prod(nodes[i].shape) == prod(node.shape)]
            joined = found[max(same)] if same else position
            open_ends[position] = work in CHAINED
        found.append(joined)
    return found
