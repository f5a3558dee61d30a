"""What a network makes a device do, in amounts that each take their time: the terms of the cost model."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import prod

from archlens.devices.fusion import Traffic, traffic
from archlens.graph import Graph, Node
from archlens.ops import Input, Op
from archlens.passes import fold

__all__ = [
    "CAUSES", "TERMS", "VIEWS", "Work", "amounts", "cause", "follows_input", "moves_alone", "summed", "works",
]  # fmt: skip

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
    "pooled",
    "unaligned",
    "spilled_memory",
    "unaligned_memory",
    "weights",
    "spilled_weights",
    *(f"launches.{kind}" for kind in KINDS),
    "constant",
)
"""Every term that a profile may have a coefficient of, in seconds for each

arithmetic.KIND  multiply-add
memory.KIND      element of activations that is read or written
scores           score of attention as one operator: an exponential each
pooled           element that a window of a pool looks at, once for each window
unaligned        multiply-add of a dense product whose channels are not multiples of ALIGNED
spilled_memory   element of activations of operators that read and write more than CACHE elements
unaligned_memory  element that such a product reads or writes
weights          weight, read once a batch, or element of another tensor that is the same for all images
spilled_weights  weight of operators with more than CACHE of them
launches.KIND    kernel, once a batch
constant         batch
"""
CAUSES = ("arithmetic", "memory", "weights", "launches")
"""What can bind."""
BY_CAUSE = {
    "arithmetic": "arithmetic", "scores": "arithmetic", "pooled": "arithmetic",
    "unaligned": "arithmetic",
    "memory": "memory", "spilled_memory": "memory", "unaligned_memory": "memory",
    "weights": "weights", "spilled_weights": "weights", "launches": "launches", "constant": "launches",
}  # fmt: skip
"""The cause of each term, by the first part of its name."""
CACHE = {"memory": 1 << 20, "weights": 1 << 22}
"""Elements from which on a cache holds no longer what is read and written, and weights."""
ALIGNED = 16
"""Channels that a kernel of a dense product takes at once: 32 bytes of half precision."""
DENSE = frozenset({"dense", "pointwise", "linear"})

VIEWS = ("eager", "folded", "fused", "winograd")
"""What an engine makes of a graph before it runs it.

eager     every operator by itself, as PyTorch runs it
folded    batch normalisation in the weights before it and activations in their producers: inference engines
fused     folded, and chains of other element-wise work as one kernel each: compilers
winograd  folded, and convolutions of 3×3 with stride 1 by Winograd's algorithm: engines for phones
"""
WINOGRAD = 16, 36
"""Multiplications for four places of a 3×3 convolution: of Winograd's F(2×2, 3×3), and of the plain sum.
Source: Lavin and Gray, Fast Algorithms for Convolutional Neural Networks, 2015, section 4.1."""

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
    """The cause that a term of the model belongs to, one of CAUSES."""
    return BY_CAUSE[term.partition(".")[0]]


def works(graph: Graph, view: str, scale: float = 1.0) -> tuple[Work, ...]:
    """The work of every node that has any, in the order of the graph as the view has it.

    scale  images for each that the graph has
    """
    seen = graph if view == "eager" else fold(graph)
    varies = follows_input(seen)
    fused = traffic(seen, varies) if view == "fused" else [None] * len(seen.nodes)
    found = (
        work_of(
            seen, node, moves or moves_alone(seen, node, varies), products(seen, node, view),
            scale if varies[position] else 1.0,
        )
        for position, (node, moves) in enumerate(zip(seen.nodes, fused, strict=True))
        if node.inputs
    )  # fmt: skip
    return tuple(work for work in found if work)


def products(graph: Graph, node: Node, view: str) -> int:
    """Multiply-adds of a node that are computed: fewer than it has where Winograd's algorithm serves.

    It serves convolutions over 3×3 places that lie side by side, with stride 1, in one group.
    """
    cost = node.cost
    if view != "winograd" or node.op.work != "convolution" or getattr(node.op, "groups", 1) > 1:
        return cost.multiply_adds
    windows = node.op.windows(graph.shapes_into(node)) or ()
    serves = len(windows) == 2 and all(
        (window.kernel, window.stride, window.dilation) == (3, 1, 1) for window in windows
    )
    fewer, plain = WINOGRAD
    return cost.multiply_adds * fewer // plain if serves else cost.multiply_adds


def follows_input(graph: Graph) -> tuple[bool, ...]:
    """For each node, whether it computes something of the images: all else is done once a batch.

    Weights that are standardised before they are used are of the other sort, and tables of positions.
    """
    found: list[bool] = []
    for node in graph.nodes:
        found.append(isinstance(node.op, Input) if not node.inputs else any(found[i] for i in node.inputs))
    return tuple(found)


def moves_alone(graph: Graph, node: Node, varies: Sequence[bool]) -> Traffic:
    """What a node moves where it runs as a kernel of its own, not fused with others.

    fixed = elements of the tensors that do not follow the input, where the node reads all of them: which rows
    of a table are read may follow the images
    """
    read = node.cost.params + node.shared
    moved = max(node.cost.memory_access - read, 0)
    fixed = sum(prod(graph.nodes[i].shape) for i in set(node.inputs) if not varies[i])
    if fixed > node.cost.reads - read:
        fixed = 0
    return Traffic(moved - fixed, fixed, node.op.kernels(graph.shapes_into(node)))


def work_of(graph: Graph, node: Node, moves: Traffic, products: int, scale: float) -> Work | None:
    """The terms of a node; None for a view, which nothing is done for.

    products  multiply-adds that are computed

    memory   = what it moves that follows the images
    weights  = those that it reads, also where an earlier node has counted them, and what else is read once
    scores   = multiply-adds / channels of a head
    pooled   = elements of the output × places of a window
    """
    cost = node.cost
    inputs = graph.shapes_into(node)
    read = cost.params + node.shared + moves.fixed
    kernels = moves.kernels
    moved = scale * moves.elements
    if not (kernels or moved or read or products):
        return None
    kind = kind_of(node, inputs[0])
    found = {f"memory.{kind}": moved, "weights": float(read), f"launches.{kind}": float(kernels)}
    if products:
        first = kind if kind in ARITHMETIC else "product"
        found[f"arithmetic.{first}"] = products * scale
        if kind == "attention":
            found["scores"] = products * scale / max(1, inputs[0][-1])
        axis = -1 if kind == "linear" else 1
        if kind in DENSE and (inputs[0][axis] % ALIGNED or node.shape[axis] % ALIGNED):
            found["unaligned"] = products * scale
            found["unaligned_memory"] = moved
    if windows := node.op.work == "pooling" and node.op.windows(inputs):
        found["pooled"] = scale * prod(node.shape) * prod(window.kernel for window in windows)
    if moved > CACHE["memory"]:
        found["spilled_memory"] = moved
    if read > CACHE["weights"]:
        found["spilled_weights"] = float(read)
    return Work(node.name, kind, found)


def kind_of(node: Node, x: tuple[int, ...]) -> str:
    """The kind of work of a node, one of KINDS."""
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
    """The kind of a convolution: dense, pointwise, grouped, or depthwise if each channel is a group."""
    groups = getattr(op, "groups", 1)
    if groups > 1:
        return "depthwise" if groups == x[1] else "grouped"
    windows = op.windows((x,))
    return "pointwise" if windows and all(window.kernel == 1 for window in windows) else "dense"


def amounts(listed: Iterable[Work]) -> dict[str, float]:
    """The terms of a whole network, with the constant: what a linear model multiplies."""
    return summed([{"constant": 1.0}, *(work.amounts for work in listed)])


def summed(parts: Iterable[Mapping[str, float]]) -> dict[str, float]:
    """Amounts term by term, added up."""
    found: dict[str, float] = {}
    for part in parts:
        for term, amount in part.items():
            found[term] = found.get(term, 0.0) + amount
    return found
