"""A network on a device of which only its data sheet is known."""

from archlens.devices.estimate import Estimate, Parts
from archlens.devices.sheet import BYTES, DataSheet
from archlens.graph import Graph, Node

__all__ = ["roofline"]

FACTORS = (1.0, 4.0)
LEVEL = 0.9


def roofline(graph: Graph, sheet: DataSheet) -> Estimate:
    """Every kernel takes as long as its arithmetic, its memory access or its launch, whichever is longest.

    seconds = Σ max(2 · multiply_adds / flops, bytes / bandwidth, kernels · launch)

    Williams, Waterman and Patterson, "Roofline", CACM 52 (2009), with the launches of an eager framework.
    """
    itemsize = BYTES[sheet.dtype]
    return Estimate(
        device=sheet.name,
        batch=graph.input_shape[0],
        nodes=tuple(parts_of(graph, node, sheet, itemsize) for node in graph.nodes),
        overlaps=True,
        constant=0.0,
        factors=FACTORS,
        level=LEVEL,
        ridge=sheet.ridge,
        itemsize=itemsize,
    )


def parts_of(graph: Graph, node: Node, sheet: DataSheet, itemsize: int) -> Parts:
    """Seconds of a node for each part by itself."""
    cost = node.cost
    weights = min(cost.params + node.shared, cost.reads)
    return (
        2 * cost.multiply_adds / sheet.flops,
        itemsize * (cost.memory_access - weights) / sheet.bandwidth,
        itemsize * weights / sheet.bandwidth,
        sheet.launch * node.op.kernels(graph.shapes_into(node)),
    )
