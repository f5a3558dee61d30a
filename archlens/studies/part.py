"""The part of a graph that leads to some of its nodes."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from archlens.cost import Cost
from archlens.graph import Graph, Node
from archlens.ops import Input

__all__ = ["part"]


def part(graph: Graph, nodes: Sequence[int], given: Callable[[Node, int], bool] | None = None) -> Graph:
    """The part that leads to the nodes, which become its outputs.

    given  whether a node is to be given the tensor of one that feeds it, so that nothing before that is
           needed: it becomes an input of the network, behind those that it has
    """

    def is_given(node: Node, feeding: int) -> bool:
        return given is not None and given(node, feeding)

    needed = set(nodes)
    for position in range(max(nodes), -1, -1):
        if position in needed:
            node = graph.nodes[position]
            needed.update(feeding for feeding in node.inputs if not is_given(node, feeding))
    kept: list[Node] = []
    moved: dict[int, int] = {}
    for position in sorted(needed):
        node = graph.nodes[position]
        feeding = []
        for source in node.inputs:
            if is_given(node, source):
                shape = graph.nodes[source].shape
                kept.append(Node(f"given{len(kept)}", Input(shape), (), shape, Cost()))
                feeding.append(len(kept) - 1)
            else:
                feeding.append(moved[source])
        moved[position] = len(kept)
        kept.append(replace(node, inputs=tuple(feeding)))
    return Graph(graph.model, graph.family, tuple(kept), tuple(moved[node] for node in nodes))
