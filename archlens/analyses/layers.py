"""How deep a network is, in the layers that papers count."""

from collections.abc import Iterator

from archlens.graph import Graph, Node
from archlens.ops import Shape

__all__ = ["depths", "layers"]


def layers(graph: Graph) -> int:
    """Convolutions and linear layers on the longest path from the input to the main output, without gates.

    depth(node) = max(depth of what feeds it) + 1 if it has weights and multiplies by them, else + 0

    What He et al. count when they call a network ResNet-50 (arXiv 1512.03385, Table 1), and
    Simonyan and Zisserman "weight layers" (arXiv 1409.1556, Table 1). The two layers that make the
    factors of squeeze-and-excitation are not among the 50 of SE-ResNet-50 or the 154 of SENet-154
    (Hu et al., arXiv 1709.01507, Table 2 and Section 6): a path ends where its tensor is spread
    over a larger one.
    """
    return depths(graph)[graph.outputs[0]]


def depths(graph: Graph) -> tuple[int, ...]:
    """How many of these layers the longest path to each node has, with its own."""
    found: list[int] = []
    for node in graph.nodes:
        weighted = node.cost.params > 0 and node.cost.multiply_adds > 0
        found.append(max((found[feeding] for feeding in _followed(graph, node)), default=0) + weighted)
    return tuple(found)


def _followed(graph: Graph, node: Node) -> Iterator[int]:
    """What feeds a node, less what is only spread over a tensor of the output's shape, such as a gate."""
    whole = any(graph.nodes[feeding].shape == node.shape for feeding in node.inputs)
    for feeding in node.inputs:
        shape = graph.nodes[feeding].shape
        if not (whole and shape != node.shape and _spreads(shape, node.shape)):
            yield feeding


def _spreads(shape: Shape, over: Shape) -> bool:
    """Whether a tensor has one element where the other has several, and is as long along all other axes."""
    return len(shape) <= len(over) and all(
        length in (1, whole) for length, whole in zip(reversed(shape), reversed(over), strict=False)
    )
