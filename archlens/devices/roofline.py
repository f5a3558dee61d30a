"""A network on a device of which only its data sheet is known."""

from collections.abc import Sequence

from archlens.devices.estimate import Estimate, Parts
from archlens.devices.sheet import BYTES, DataSheet
from archlens.devices.terms import follows_input, moves_alone
from archlens.graph import Graph, Node

__all__ = ["roofline"]

FACTORS = {2: (0.65, 1.85), 4: (0.94, 5.9)}
"""By the bytes of an element: measured over predicted, from the lowest 5 % of networks of any device known to
the highest 5 %.

float16  RTX 3090, 4090 and 5090, autocast, 226 to 229 networks each: eager 1.15 to 1.72, 1.14 to 1.59 and
         1.30 to 1.82, in the median 1.34, 1.27 and 1.48; the 4090 compiled 0.65 to 1.09, in the median 0.79
float32  GTX 1080 Ti, eager, 52 times of 26 networks at batch 12: 0.94 to 5.91, in the median 1.96
"""
LEVEL = 0.9


def roofline(graph: Graph, sheet: DataSheet) -> Estimate:
    """Every kernel takes as long as its arithmetic, its memory access or its launch, whichever is longest.

    seconds = Σ max(2 · multiply_adds / flops, bytes / bandwidth, kernels · launch)

    Williams, Waterman and Patterson, "Roofline", CACM 52 (2009), with the launches of an eager framework.
    """
    itemsize = BYTES[sheet.dtype]
    varies = follows_input(graph)
    return Estimate(
        device=sheet.name,
        batch=graph.input_shape[0],
        nodes=tuple(parts_of(graph, node, varies, sheet, itemsize) for node in graph.nodes),
        overlaps=True,
        constant=0.0,
        factors=FACTORS.get(itemsize, FACTORS[2]),
        level=LEVEL,
        ridge=sheet.ridge,
        itemsize=itemsize,
        roof=(sheet.flops / 2, sheet.bandwidth),
        fixed=frozenset(i for i, follows in enumerate(varies) if not follows),
    )


def parts_of(graph: Graph, node: Node, varies: Sequence[bool], sheet: DataSheet, itemsize: int) -> Parts:
    """Seconds of a node for each part by itself.

    Tensors that are the same for all images count as weights: both are read once a batch.
    """
    cost = node.cost
    fixed = moves_alone(graph, node, varies).fixed
    weights = min(cost.params + node.shared + fixed, cost.reads)
    return (
        2 * cost.multiply_adds / sheet.flops,
        itemsize * (cost.memory_access - weights) / sheet.bandwidth,
        itemsize * weights / sheet.bandwidth,
        sheet.launch * node.op.kernels(graph.shapes_into(node)),
    )
