"""G1: equal channel widths minimise memory access."""

from math import prod, sqrt

from archlens.analyses import LayerAccess
from archlens.graph import Graph
from archlens.studies.lint.finding import Finding, Place, grouped
from archlens.studies.lint.layer import free_layers, with_channels

__all__ = ["unequal_widths"]

ADVICE = "give both sides as many channels; their neighbours have to take them"


def unequal_widths(graph: Graph) -> tuple[Finding, ...]:
    """Layers with c₁ ≠ c₂ channels beside those with √(c₁·c₂) on either side: as many multiply-adds.

    hw·(c₁ + c₂) + k²·c₁·c₂/g   →   hw·2·√(c₁·c₂) + k²·c₁·c₂/g

    Layers of one ratio are one finding, in whichever direction. Where a map changes its size, c₁ = c₂ is not
    what moves least, and both sides belong to stages of different widths: such layers are left out.
    Ma et al., arXiv 1807.11164, §2, G1 and Eq. 1.
    """
    places: list[tuple[str, Place]] = []
    for layer in free_layers(graph):
        node = graph.nodes[layer.position]
        (shape,) = graph.shapes_into(node)
        equal_already = layer.in_channels == layer.out_channels
        if equal_already or prod(shape) * layer.out_channels != prod(node.shape) * layer.in_channels:
            continue
        equal = sqrt(layer.in_channels * layer.out_channels)
        place = with_channels(graph, layer, (equal, equal), layer.groups)
        if place is not None:
            label = node.op.label((shape,)).split(" + ")[0]
            places.append((f"{label}, channels {_ratio(layer)}", place))
    return grouped("g1", ADVICE, places)


def _ratio(layer: LayerAccess) -> str:
    """`1:6` for 1:6 and 6:1; about 1:5.8 where the numbers are large."""
    few, many = sorted(layer.channel_ratio)
    if few == 1:
        return f"1:{many}"
    return f"about 1:{many / few:.1f}"
