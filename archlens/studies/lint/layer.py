"""Layers whose channels a designer chooses, and the same layers with other channels."""

from dataclasses import replace
from itertools import product
from math import ceil, floor

from archlens.analyses import LayerAccess, memory_access, totals
from archlens.errors import OperatorError
from archlens.graph import Graph
from archlens.ops import Fused, Op, Shape
from archlens.passes import chain, excerpt
from archlens.studies.lint.finding import Pair, Place

__all__ = [
    "TOLERANCE",
    "channel_axis",
    "free_layers",
    "is_depthwise",
    "layer_of",
    "map_size",
    "resized",
    "widened",
    "with_channels",
]

TOLERANCE = 0.05
"""How far the multiply-adds of an alternative may be off: channels are whole numbers, and some are few."""


def free_layers(graph: Graph) -> tuple[LayerAccess, ...]:
    """Convolutions and linear layers, but those that the task or the guidelines leave no choice about.

    The first layers on the way from an input and the last ones on the way to an output have channels
    that the data prescribe. Depthwise convolutions are no candidates, either, although they are group
    convolutions: there is one number of channels to them, so nothing to make equal, and a dense layer of as
    many multiply-adds would have its square root, which is another network. The paper itself builds on
    them, and counts them with the element-wise operators (arXiv 1807.11164, §2, G4): few multiply-adds for
    what they move. Unlike those, they cannot be left out.
    """
    begun, followed = _between(graph)
    found = []
    for layer in memory_access(graph).layers:
        op = layer_of(graph.nodes[layer.position].op)
        groups = int(getattr(op, "groups", 1))
        free = begun[layer.position] and followed[layer.position] and "out" in op.parameters()
        if free and not is_depthwise(layer.in_channels, groups):
            found.append(replace(layer, groups=groups))
    return tuple(found)


def _between(graph: Graph) -> tuple[list[bool], list[bool]]:
    """Of each node, whether something multiplies before it, and whether something does after it."""
    multiplies = [node.cost.multiply_adds > 0 for node in graph.nodes]
    begun = [False] * len(graph.nodes)
    followed = [False] * len(graph.nodes)
    for at, node in enumerate(graph.nodes):
        begun[at] = any(begun[i] or multiplies[i] for i in node.inputs)
    for at in reversed(range(len(graph.nodes))):
        for i in graph.nodes[at].inputs:
            followed[i] = followed[i] or followed[at] or multiplies[at]
    return begun, followed


def is_depthwise(in_channels: int, groups: int) -> bool:
    """Whether each channel is a group of its own."""
    return groups == in_channels > 1


def resized(op: Op, out: int, groups: int) -> Op:
    """A copy of a layer with other numbers of output channels and groups. Raises an OperatorError."""
    if isinstance(op, Fused):
        return replace(op, operator=resized(op.operator, out, groups))
    changes = {"out": out, "groups": groups}
    return replace(op, **{name: value for name, value in changes.items() if name in op.parameters()})  # type: ignore[type-var]


def with_channels(
    graph: Graph, layer: LayerAccess, channels: tuple[float, float], groups: int
) -> Place | None:
    """A layer beside the same one with about so many channels, in and out, and so many groups.

    Of the whole numbers next to these, multiples of the groups, those are taken that give the number of
    multiply-adds best. None where that is off by more than the tolerance, or where nothing is saved.
    """
    node = graph.nodes[layer.position]
    (shape,) = graph.shapes_into(node)
    best: tuple[float, Graph, int, int] | None = None
    for c_in, c_out in product(*(_multiples(wanted, groups) for wanted in channels)):
        try:
            other = chain(widened(shape, node.op, c_in), [resized(node.op, c_out, groups)])
        except OperatorError:
            continue
        off = abs(totals(other).multiply_adds / layer.multiply_adds - 1)
        if best is None or off < best[0]:
            best = off, other, c_in, c_out
    if best is None or best[0] > TOLERANCE:
        return None
    _, instead, c_in, c_out = best
    now = excerpt(graph, [layer.position])
    moved, saved = totals(now).memory_access, totals(now).memory_access - totals(instead).memory_access
    if saved <= 0:
        return None
    size = map_size(shape, channel_axis(shape, node.op))
    return Place(
        path=node.name,
        position=layer.position,
        now=f"{layer.in_channels} → {layer.out_channels} channels{size}",
        instead=f"{c_in} → {c_out} channels",
        multiply_adds=totals(instead).multiply_adds / layer.multiply_adds,
        memory_access=moved,
        saved=saved,
        kernels=0,
        pair=Pair(now, instead),
    )


def _multiples(wanted: float, groups: int) -> tuple[int, int]:
    """The multiples of a number of groups on either side of a width."""
    return max(groups, groups * floor(wanted / groups)), groups * ceil(wanted / groups)


def widened(shape: Shape, op: Op, channels: int) -> Shape:
    """A shape with another number of the channels that an operator multiplies along."""
    axis = channel_axis(shape, op)
    return (*shape[:axis], channels, *shape[axis + 1 :])


def channel_axis(shape: Shape, op: Op) -> int:
    """The axis that an operator multiplies along: that of the channels, the last one for linear layers."""
    mixed = op.mixes((shape,))
    return mixed[0] if mixed else 1


def map_size(shape: Shape, channels: int = 1) -> str:
    """` at 56×56`, whichever axis has the channels, or nothing for what is no map."""
    places = [length for axis, length in enumerate(shape) if axis not in (0, channels)]
    return f" at {'×'.join(map(str, places))}" if places else ""


def layer_of(op: Op) -> Op:
    """The operator of a node, without the activations that are fused to it."""
    return op.operator if isinstance(op, Fused) else op
