"""The other road to a number: a graph built in PyTorch, and that module recorded."""

from dataclasses import replace

import torch

from archlens.builder import build
from archlens.cost import Cost, total
from archlens.graph import Graph
from archlens.recorder.recording import record

__all__ = ["differences", "instantiated"]


def instantiated(graph: Graph) -> Graph:
    """A graph, built in PyTorch without weights and recorded: what PyTorch runs, under the same names."""
    module = build(graph, device="meta").eval()
    inputs = [torch.empty(graph.nodes[i].shape, device="meta") for i in graph.inputs]
    return replace(record(module, inputs, {}, model=graph.model), family=graph.family)


def differences(graph: Graph, recorded: Graph) -> tuple[str, ...]:
    """The nodes of a graph that PyTorch runs at another cost or with another output.

    All that one module of the graph's ran counts as that node. A node that costs nothing need not
    have run anything, as a dropout at inference does not.
    """
    names = {node.name for node in graph.nodes if node.inputs}
    ran: dict[str, list[Cost]] = {}
    shapes: dict[str, tuple[int, ...]] = {}
    for node in recorded.nodes:
        name = node.name
        while name and name not in names:
            name = name.rpartition(".")[0]
        ran.setdefault(name, []).append(node.cost)
        shapes[name] = node.shape
    wrong = [
        node.name
        for node in graph.nodes
        if node.inputs
        and (total(ran.get(node.name, ())) != node.cost or shapes.get(node.name, node.shape) != node.shape)
    ]
    outside = total(ran.get("", ())) != Cost()
    return (*wrong, *(["what no module ran"] if outside else []))
