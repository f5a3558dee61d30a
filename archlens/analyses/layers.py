"""How deep a network is, in the layers that papers count."""

from archlens.graph import Graph

__all__ = ["layers"]


def layers(graph: Graph) -> int:
    """Convolutions and linear layers on the longest path from the input to the main output.

    depth(node) = max(depth of what feeds it) + 1 if it has weights and multiplies by them, else + 0

    What He et al. count when they call a network ResNet-50 (arXiv 1512.03385, Table 1), and
    Simonyan and Zisserman "weight layers" (arXiv 1409.1556, Table 1).
    """
    depths: list[int] = []
    for node in graph.nodes:
        weighted = node.cost.params > 0 and node.cost.multiply_adds > 0
        depths.append(max((depths[feeding] for feeding in node.inputs), default=0) + weighted)
    return depths[graph.outputs[0]]
