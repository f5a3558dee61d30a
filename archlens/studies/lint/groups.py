"""G2: group convolutions raise memory access."""

from math import sqrt

from archlens.graph import Graph
from archlens.studies.lint.finding import Finding, Place, grouped
from archlens.studies.lint.layer import free_layers, with_channels

__all__ = ["grouped_layers"]

ADVICE = "make them dense and narrower; their neighbours have to be narrower, too"


def grouped_layers(graph: Graph) -> tuple[Finding, ...]:
    """Layers of g groups beside dense ones of 1/√g the channels: as many multiply-adds and weights.

    hw·(c₁ + c₂) + k²·c₁·c₂/g   →   hw·(c₁ + c₂)/√g + k²·(c₁/√g)·(c₂/√g)

    Layers of as many groups and one kernel are one finding. Depthwise convolutions are not among them:
    `free_layers` says why. Ma et al., arXiv 1807.11164, §2, G2 and Eq. 2.
    """
    places: list[tuple[str, Place]] = []
    for layer in free_layers(graph):
        if layer.groups == 1:
            continue
        node = graph.nodes[layer.position]
        thinner = sqrt(layer.groups)
        place = with_channels(graph, layer, (layer.in_channels / thinner, layer.out_channels / thinner), 1)
        if place is not None:
            label = node.op.label(graph.shapes_into(node)).split(" + ")[0]
            places.append((f"{label}, {layer.groups} groups", place))
    return grouped("g2", ADVICE, places)
