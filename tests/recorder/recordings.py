"""Recordings, and what tests ask of them."""

from torch import nn

import archlens
from archlens.cost import Cost, total
from archlens.graph import Graph, Node, verify

__all__ = ["costs", "names", "node", "recorded"]


def recorded(module: nn.Module, *inputs: object, **named: object) -> Graph:
    """The graph, which keeps its own rules."""
    graph = archlens.record(module, *inputs, **named)
    verify(graph)
    return graph


def costs(graph: Graph) -> Cost:
    """All of them."""
    return total(node.cost for node in graph.nodes)


def names(graph: Graph) -> list[str]:
    """Of the nodes that are no inputs."""
    return [node.name for node in graph.nodes if node.inputs]


def node(graph: Graph, name: str) -> Node:
    """The node of a name."""
    return next(node for node in graph.nodes if node.name == name)
