"""How far the memory access of convolutions and linear layers is from the least that their work needs."""

from dataclasses import dataclass
from math import gcd, isqrt, prod

from archlens.graph import Graph, Node

__all__ = ["LayerAccess", "MemoryAccess", "memory_access"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerAccess:
    """The memory access of one convolution or linear layer, in elements.

    position       of its node in the graph
    name           its dotted path
    multiply_adds  what the bound holds fixed, with the groups, the kernel and the maps
    memory_access  elements loaded and stored
    bound          the least that they can be, see `memory_access`
    in_channels    c_in, `out_channels` c_out: features of a linear layer
    groups         of channels
    """

    position: int
    name: str
    multiply_adds: int
    memory_access: int
    bound: int
    in_channels: int
    out_channels: int
    groups: int

    @property
    def excess(self) -> int:
        """Elements moved beyond the bound."""
        return self.memory_access - self.bound

    @property
    def ratio(self) -> float:
        """Memory access over its bound: 1 or more."""
        return self.memory_access / self.bound

    @property
    def channel_ratio(self) -> tuple[int, int]:
        """c_in : c_out in lowest terms: (1, 6) where 52 channels become 312."""
        common = gcd(self.in_channels, self.out_channels)
        return self.in_channels // common, self.out_channels // common

    def intensity(self, element_bytes: int = 4) -> float:
        """Arithmetic intensity: multiply-adds per byte moved, for elements of so many bytes."""
        return self.multiply_adds / (self.memory_access * element_bytes)


@dataclass(frozen=True, slots=True)
class MemoryAccess:
    """The convolutions and linear layers of a network, in the order of the graph."""

    layers: tuple[LayerAccess, ...]

    @property
    def memory_access(self) -> int:
        """Elements that the layers move."""
        return sum(layer.memory_access for layer in self.layers)

    @property
    def bound(self) -> int:
        """The sum of the layers' bounds, each reached or not regardless of its neighbours."""
        return sum(layer.bound for layer in self.layers)

    @property
    def excess(self) -> int:
        """Elements moved beyond the bound."""
        return self.memory_access - self.bound

    @property
    def ratio(self) -> float | None:
        """Memory access over its bound, None without layers."""
        return self.memory_access / self.bound if self.layers else None

    def worst(self, count: int) -> tuple[LayerAccess, ...]:
        """Up to so many layers that cause the excess, those that cause most of it first."""
        wasteful = [layer for layer in self.layers if layer.excess]
        return tuple(sorted(wasteful, key=lambda layer: (-layer.excess, layer.position))[:count])


def memory_access(graph: Graph) -> MemoryAccess:
    """Memory access and its lower bound, of every operator with one input, weights and multiply-adds.

    Such a layer moves X + Y + W elements: its input, its output and its weights. With n samples, g groups
    and a kernel of k×k taps,

    X = n · h_in·w_in · c_in
    Y = n · h_out·w_out · c_out
    W = k² · c_in·c_out / g
    B = n · h_out·w_out · W               multiply-adds

    What can the channels do about it, everything else being fixed, B too? B fixes W = B / (n·h_out·w_out),
    and thereby c_in·c_out = g·W / k², and X·Y = n² · h_in·w_in · h_out·w_out · g·W / k². Neither depends
    on how the product is divided between c_in and c_out. By the inequality of arithmetic and geometric
    means X + Y ≥ 2·√(X·Y), so

    X + Y + W ≥ 2·√(X·Y) + W,             equal for X = Y

    For a dense 1×1 convolution with stride 1 of a single sample this is ShuffleNet V2's bound on what it
    calls MAC, 2·√(hwB) + B/(hw), which equal channel widths reach (Ma et al., arXiv 1807.11164, §2, Eq. 2
    and G1). With g groups X·Y is g·hwB, hence 2·√(g·hwB) + B/(hw): fewer weights for the same B have to
    be paid for with wider maps (G2). With a stride of s the map shrinks by s², and X = Y asks for
    c_out = s²·c_in: a depthwise convolution, whose c_in and c_out are one number, reaches the bound only at
    stride 1. A linear layer is a 1×1 convolution of as many places as it has rows, and in a transposed
    convolution, where B = n·h_in·w_in·W, the maps change places.

    Whatever else a layer moves stands on both sides: biases, and the second pass over weights that are
    normalised. X + Y is an integer, so 2·√(X·Y) is rounded up: no layer is below its bound.

    The bound of a layer leaves its neighbours out, which have to take the channels that it makes.
    """
    layers = [
        _layer(graph, position, node)
        for position, node in enumerate(graph.nodes)
        if node.cost.params and node.cost.multiply_adds and len(node.inputs) == 1
    ]
    return MemoryAccess(tuple(layers))


def _layer(graph: Graph, position: int, node: Node) -> LayerAccess:
    x = graph.nodes[node.inputs[0]].shape
    mixed = node.op.mixes((x,))
    channels = mixed[0] if mixed else 1  # linear layers multiply along another axis than convolutions
    moved = node.cost.memory_access
    read, written = prod(x), prod(node.shape)
    return LayerAccess(
        position=position,
        name=node.name,
        multiply_adds=node.cost.multiply_adds,
        memory_access=moved,
        bound=moved - read - written + _root_rounded_up(4 * read * written),
        in_channels=x[channels],
        out_channels=node.shape[channels],
        groups=getattr(node.op, "groups", 1),
    )


def _root_rounded_up(number: int) -> int:
    """The smallest integer whose square is at least a positive number."""
    return isqrt(number - 1) + 1
