"""What a network makes a device do, in amounts that each take their time: the terms of the cost model."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import prod

from archlens.devices.fusion import Traffic, traffic
from archlens.graph import Graph, Node
from archlens.passes import fold

__all__ = ["CAUSES", "TERMS", "VIEWS", "Work", "amounts", "cause", "works"]

ARITHMETIC = ("dense", "pointwise", "grouped", "depthwise", "linear", "product")
"""What does dot products: convolutions over windows, 1×1, in groups and by channel; linear layers; products
of activations, attention among them."""
MOVING = ("activation", "affine", "normalization", "add", "copy", "pooling", "other")
"""What does none: functions of an element; batch normalisation; other normalisation; sums, products and
scales; what only moves; what reduces."""
KINDS = (*ARITHMETIC, *MOVING)

TERMS = (
    *(f"arithmetic.{kind}" for kind in ARITHMETIC),
    *(f"memory.{kind}" for kind in KINDS),
    "weights",
    *(f"launches.{kind}" for kind in KINDS),
    "constant",
)
"""Every term that a profile may have a coefficient of, in seconds for each

arithmetic.KIND  multiply-add
memory.KIND      element of activations that is read or written
weights          weight, read once a batch
launches.KIND    kernel, once a batch
constant         batch
"""
CAUSES = ("arithmetic", "memory", "weights", "launches")
"""What can bind: the first part of a term's name; the constant counts as launches."""

VIEWS = ("eager", "folded", "fused")
"""What an engine makes of a graph before it runs it.

eager   every operator by itself, as PyTorch runs it
folded  batch normalisation in the weights before it and activations in their producers: inference engines
fused   chains of element-wise work as one kernel each, convolutions by themselves: compilers
"""

WORDS = {
    "activation": "activation", "add": "add", "multiply": "add", "scale": "add", "concat": "copy",
    "shuffle": "copy", "copy": "copy", "pooling": "pooling", "reduction": "pooling",
    "normalization": "normalization",
}  # fmt: skip
"""The kind of each word for work without dot products."""


@dataclass(frozen=True, slots=True)
class Work:
    """What one node makes the device do, in a batch of the graph's own size.

    name   of the node
    kind   one of KINDS
    each   amounts by term that grow with the batch: multiply-adds, elements of activations
    once   amounts that do not: weights, launches
    """

    name: str
    kind: str
    each: Mapping[str, float]
    once: Mapping[str, float]


def cause(term: str) -> str:
    """What a term is about, one of CAUSES."""
    first = term.partition(".")[0]
    return first if first in CAUSES else "launches"


def works(graph: Graph, view: str) -> tuple[Work, ...]:
    """The work of every node that has any, in the order of the graph as the view has it."""
    seen = fold(graph) if view == "folded" else graph
    fused = traffic(graph) if view == "fused" else [None] * len(seen.nodes)
    found = (work_of(seen, node, moves) for node, moves in zip(seen.nodes, fused, strict=True) if node.inputs)
    return tuple(work for work in found if work)


def work_of(graph: Graph, node: Node, moves: Traffic | None = None) -> Work | None:
    """The terms of a node; None for a view, which nothing is done for.

    memory   = reads + writes − weights, or what moves once kernels are fused
    weights  = those that it reads, also where an earlier node has counted them
    """
    cost = node.cost
    inputs = graph.shapes_into(node)
    read = cost.params + node.shared
    kernels = node.op.kernels(inputs) if moves is None else moves.kernels
    moved = max(cost.memory_access - read, 0) if moves is None else moves.elements
    if not (kernels or moved or read or cost.multiply_adds):
        return None
    kind = kind_of(node, inputs[0])
    each = {f"memory.{kind}": float(moved)}
    if cost.multiply_adds:
        each[f"arithmetic.{kind if kind in ARITHMETIC else 'product'}"] = float(cost.multiply_adds)
    return Work(node.name, kind, each, {"weights": float(read), f"launches.{kind}": float(kernels)})


def kind_of(node: Node, x: tuple[int, ...]) -> str:
    """One of KINDS."""
    work = node.op.work
    if work == "convolution":
        groups = getattr(node.op, "groups", 1)
        if groups > 1:
            return "depthwise" if groups == x[1] else "grouped"
        taps = prod(window.kernel for window in node.op.windows((x,)))
        return "pointwise" if taps == 1 and node.op.windows((x,)) else "dense"
    if node.op.scales_channels:
        return "affine"
    if work in WORDS:
        return WORDS[work]
    if node.cost.multiply_adds:
        return "linear" if node.cost.params or node.shared else "product"
    return "other"


def amounts(listed: Iterable[Work], batch: float = 1) -> dict[str, float]:
    """The terms of a whole network, with the constant: what a linear model multiplies.

    batch  images for each that the graph has
    """
    found: dict[str, float] = {"constant": 1.0}
    for work in listed:
        for term, amount in work.each.items():
            found[term] = found.get(term, 0.0) + amount * batch
        for term, amount in work.once.items():
            found[term] = found.get(term, 0.0) + amount
    return found
