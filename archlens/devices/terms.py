"""What a network makes a device do, in amounts that each take their time: the terms of the cost model."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from archlens.devices.fusion import Traffic, traffic
from archlens.graph import Graph, Node
from archlens.ops import Op
from archlens.passes import fold

__all__ = ["CAUSES", "TERMS", "VIEWS", "Work", "amounts", "cause", "works"]

ARITHMETIC = ("dense", "pointwise", "grouped", "depthwise", "linear", "product", "attention")
"""What does dot products: convolutions over windows, 1×1, in groups and by channel; linear layers; products
of activations; attention as one operator."""
MOVING = (
    "activation", "transcendental", "affine", "normalization", "layer_norm", "add", "copy", "pooling",
    "other",
)  # fmt: skip
"""What does none: functions of an element, those with an exponential apart; batch normalisation, layer
normalisation and others; sums, products and scales; what only moves; what reduces."""
KINDS = (*ARITHMETIC, *MOVING)

TERMS = (
    *(f"arithmetic.{kind}" for kind in ARITHMETIC),
    *(f"memory.{kind}" for kind in KINDS),
    "scores",
    "spilled_memory",
    "weights",
    "spilled_weights",
    *(f"launches.{kind}" for kind in KINDS),
    "constant",
)
"""Every term that a profile may have a coefficient of, in seconds for each

arithmetic.KIND  multiply-add
memory.KIND      element of activations that is read or written
scores           score of attention as one operator: an exponential each
spilled_memory   element of activations of operators that read and write more than CACHE elements
weights          weight, read once a batch
spilled_weights  weight of operators with more than CACHE of them
launches.KIND    kernel, once a batch
constant         batch
"""
CAUSES = ("arithmetic", "memory", "weights", "launches")
"""What can bind."""
BY_CAUSE = {
    "arithmetic": "arithmetic", "scores": "arithmetic", "memory": "memory", "spilled_memory": "memory",
    "weights": "weights", "spilled_weights": "weights", "launches": "launches", "constant": "launches",
}  # fmt: skip
"""The cause of each term, by the first part of its name."""
CACHE = {"memory": 1 << 20, "weights": 1 << 22}
"""Elements from which on a cache holds no longer what is read and written, and weights."""

VIEWS = ("eager", "folded", "fused")
"""What an engine makes of a graph before it runs it.

eager   every operator by itself, as PyTorch runs it
folded  batch normalisation in the weights before it and activations in their producers: inference engines
fused   folded, and chains of other element-wise work as one kernel each: compilers
"""

WORDS = {
    "activation": "activation", "add": "add", "multiply": "add", "scale": "add", "concat": "copy",
    "shuffle": "copy", "copy": "copy", "pooling": "pooling", "reduction": "pooling",
    "normalization": "normalization",
}  # fmt: skip
"""The kind of each word for work without dot products."""
TRANSCENDENTAL = frozenset(
    {
        "sigmoid",
        "silu",
        "gelu",
        "tanh",
        "elu",
        "softmax",
        "log_softmax",
        "mish",
        "exp",
        "erf",
        "pow",
        "hard_swish",
    }
)
"""Functions that take tens of instructions for an element."""


@dataclass(frozen=True, slots=True)
class Work:
    """What one node makes the device do in a batch.

    name     of the node
    kind     one of KINDS
    amounts  by term
    """

    name: str
    kind: str
    amounts: Mapping[str, float]


def cause(term: str) -> str:
    """What a term is about, one of CAUSES."""
    return BY_CAUSE[term.partition(".")[0]]


def works(graph: Graph, view: str, scale: float = 1.0) -> tuple[Work, ...]:
    """The work of every node that has any, in the order of the graph as the view has it.

    scale  images for each that the graph has
    """
    seen = graph if view == "eager" else fold(graph)
    fused = traffic(seen) if view == "fused" else [None] * len(seen.nodes)
    found = (
        work_of(seen, node, moves, scale)
        for node, moves in zip(seen.nodes, fused, strict=True)
        if node.inputs
    )
    return tuple(work for work in found if work)


def work_of(graph: Graph, node: Node, moves: Traffic | None, scale: float) -> Work | None:
    """The terms of a node; None for a view, which nothing is done for.

    memory   = reads + writes − weights, or what moves once kernels are fused
    weights  = those that it reads, also where an earlier node has counted them
    scores   = multiply-adds / channels of a head
    """
    cost = node.cost
    inputs = graph.shapes_into(node)
    read = cost.params + node.shared
    kernels = node.op.kernels(inputs) if moves is None else moves.kernels
    moved = scale * (max(cost.memory_access - read, 0) if moves is None else moves.elements)
    if not (kernels or moved or read or cost.multiply_adds):
        return None
    kind = kind_of(node, inputs[0])
    found = {f"memory.{kind}": moved, "weights": float(read), f"launches.{kind}": float(kernels)}
    if cost.multiply_adds:
        first = kind if kind in ARITHMETIC else "product"
        found[f"arithmetic.{first}"] = cost.multiply_adds * scale
        if kind == "attention":
            found["scores"] = cost.multiply_adds * scale / max(1, inputs[0][-1])
    if moved > CACHE["memory"]:
        found["spilled_memory"] = moved
    if read > CACHE["weights"]:
        found["spilled_weights"] = float(read)
    return Work(node.name, kind, found)


def kind_of(node: Node, x: tuple[int, ...]) -> str:
    """One of KINDS."""
    op = node.op
    if op.work == "convolution":
        return kind_of_convolution(op, x)
    if op.scales_channels:
        return "affine"
    name = str(getattr(op, "name", op.kind))
    if op.work == "activation" and name in TRANSCENDENTAL:
        return "transcendental"
    if op.work == "normalization" and "layer" in name:
        return "layer_norm"
    if op.work in WORDS:
        return WORDS[op.work]
    if not node.cost.multiply_adds:
        return "other"
    if name == "attention":
        return "attention"
    return "linear" if node.cost.params or node.shared else "product"


def kind_of_convolution(op: Op, x: tuple[int, ...]) -> str:
    """Depthwise where each channel is a group."""
    groups = getattr(op, "groups", 1)
    if groups > 1:
        return "depthwise" if groups == x[1] else "grouped"
    windows = op.windows((x,))
    return "pointwise" if windows and all(window.kernel == 1 for window in windows) else "dense"


def amounts(listed: Iterable[Work]) -> dict[str, float]:
    """The terms of a whole network, with the constant: what a linear model multiplies."""
    found: dict[str, float] = {"constant": 1.0}
    for work in listed:
        for term, amount in work.amounts.items():
            found[term] = found.get(term, 0.0) + amount
    return found
