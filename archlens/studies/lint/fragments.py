"""G3: network fragmentation reduces the degree of parallelism."""

from collections.abc import Sequence
from math import prod

from archlens.analyses import Fragmentation, fragmentation_by_part, totals
from archlens.errors import OperatorError
from archlens.graph import Graph
from archlens.ops import Op
from archlens.passes import chain, excerpt
from archlens.quantity import plural
from archlens.studies.lint.element_wise import ONCE, is_element_wise, left_out, repeated
from archlens.studies.lint.finding import Finding, Pair, Place, grouped
from archlens.studies.lint.layer import (
    TOLERANCE,
    channel_axis,
    is_depthwise,
    layer_of,
    map_size,
    resized,
    widened,
)

__all__ = ["fragmented_parts", "parallel_parts", "repeated_fragments"]

ADVICE = "merge the branches: the longest chain by itself, with more channels, does as much"
FRAGMENTS_A_STEP = 2
"""Fragments for each step of the longest chain from which on a part is fragmented: a shortcut that projects
beside a bottleneck makes four in three steps, the module of GoogLeNet seven in two."""

HALVINGS = 14
"""Of the interval in which the channels of a chain are looked for: more would not change whole numbers."""


def fragmented_parts(graph: Graph) -> tuple[Finding, ...]:
    """Parts with two or more fragments for each step, beside one chain of as many multiply-adds.

    The alternative is Table 3's: of the fragments that run one after the other on the longest chain, those
    with most multiply-adds where there are several such chains, all channels multiplied by the one number
    that makes up for the multiply-adds of the other branches. Joins go with the branches.
    Ma et al., arXiv 1807.11164, §2, G3.
    """
    parts = parallel_parts(graph)
    places: list[tuple[str, Place]] = []
    for (path, positions), broken_up in zip(
        parts.items(), fragmentation_by_part(graph, parts.values()), strict=True
    ):
        few = broken_up.fragments < FRAGMENTS_A_STEP * max(broken_up.serial_depth, 1)
        place = None if few else _merged(graph, path, positions, broken_up)
        if place is not None:
            places.append((f"up to {broken_up.parallel_width} fragments side by side", place))
    return grouped("g3", ADVICE, places)


def repeated_fragments(graph: Graph) -> tuple[Finding, ...]:
    """Pools and the like that compute what an earlier one has computed."""
    places = []
    for at, _ in repeated(graph):
        node = graph.nodes[at]
        if is_element_wise(node) or not node.cost.memory_access:
            continue
        place = left_out(graph, at, node.cost.memory_access)
        places.append((node.op.label(graph.shapes_into(node)), place))
    return grouped("g3", ONCE, places)


def parallel_parts(graph: Graph) -> dict[str, tuple[int, ...]]:
    """The parts of a network whose branches run side by side, by path.

    From the whole network down, a part is looked into as long as one of the parts in it is more than half as
    wide as it is: what is left are cells, modules and units, whose own parts are the branches.
    """
    scopes: dict[str, list[int]] = {}
    for at, node in enumerate(graph.nodes):
        steps = node.name.split(".") if node.inputs else []
        for depth in range(len(steps)):
            scopes.setdefault(".".join(steps[:depth]), []).append(at)
    widths = {
        path: part.parallel_width
        for path, part in zip(scopes, fragmentation_by_part(graph, scopes.values()), strict=True)
    }
    children: dict[str, list[str]] = {}
    for path in scopes:
        if path:
            children.setdefault(path.rpartition(".")[0], []).append(path)
    found: dict[str, tuple[int, ...]] = {}
    waiting = [""] if scopes else []
    while waiting:
        path = waiting.pop()
        inside = children.get(path, [])
        if any(2 * widths[child] > widths[path] for child in inside):
            waiting += inside
        elif widths[path] > 1:
            found[path] = tuple(scopes[path])
    return dict(sorted(found.items(), key=lambda part: part[1][0]))


def _merged(graph: Graph, path: str, positions: Sequence[int], broken_up: Fragmentation) -> Place | None:
    """A part beside its longest chain; None where that cannot do as much, or saves nothing."""
    now = excerpt(graph, positions)
    cost = totals(now)
    line = _longest_chain(now)
    if not line or not cost.multiply_adds:
        return None
    best: tuple[float, Graph] | None = None
    low, high = 1.0, float(broken_up.fragments)
    for _ in range(HALVINGS):
        factor = (low + high) / 2
        try:
            other = _scaled(now, line, factor)
        except OperatorError:
            return None
        ratio = totals(other).multiply_adds / cost.multiply_adds
        if best is None or abs(ratio - 1) < abs(best[0] - 1):
            best = ratio, other
        low, high = (factor, high) if ratio < 1 else (low, factor)
    assert best is not None
    ratio, instead = best
    saved = cost.memory_access - totals(instead).memory_access
    if abs(ratio - 1) > TOLERANCE or saved <= 0:
        return None
    kernels = sum(node.op.kernels(instead.shapes_into(node)) for node in instead.nodes if node.inputs)
    size = map_size(now.nodes[now.outputs[0]].shape)
    steps = broken_up.serial_depth
    wider = prod(instead.nodes[-1].shape) / prod(now.nodes[line[-1]].shape)
    return Place(
        path=path or "the network",
        position=positions[0],
        now=f"{broken_up.fragments} fragments in {plural(steps, 'step')}, "
        f"{plural(broken_up.kernels, 'kernel')}{size}",
        instead=f"{plural(kernels, 'kernel')} in a chain of {steps}, {wider:.2f} times the channels",
        multiply_adds=ratio,
        memory_access=cost.memory_access,
        saved=saved,
        kernels=broken_up.kernels - kernels,
        pair=Pair(now, instead),
    )


def _longest_chain(part: Graph) -> list[int]:
    """The path with most fragments, then most multiply-adds, without the joins on it."""
    best: list[tuple[int, int]] = []
    back: list[int] = []
    singles = fragmentation_by_part(part, [[at] for at in range(len(part.nodes))])
    for node, alone in zip(part.nodes, singles, strict=True):
        before = max(node.inputs, key=lambda i: best[i], default=-1)
        fragments, work = best[before] if before >= 0 else (0, 0)
        best.append((fragments + alone.fragments, work + alone.multiply_adds))
        back.append(before)
    at = max(range(len(best)), key=lambda i: best[i], default=-1)
    line = []
    while at >= 0:
        if len(part.nodes[at].inputs) == 1:
            line.append(at)
        at = back[at]
    return line[::-1]


def _scaled(part: Graph, line: Sequence[int], factor: float) -> Graph:
    """Operators one after the other, each with that many times its channels. Raises an OperatorError."""
    first = part.nodes[line[0]]
    (given,) = part.shapes_into(first)
    axis = channel_axis(given, first.op)
    start = widened(given, first.op, max(1, round(factor * given[axis])))
    operators: list[Op] = []
    shape = start
    for at in line:
        node = part.nodes[at]
        op = _with_more_channels(node.op, part.shapes_into(node)[0], shape, factor)
        shape = op.output((shape,))
        operators.append(op)
    return chain(start, operators)


def _with_more_channels(op: Op, before: tuple[int, ...], now: tuple[int, ...], factor: float) -> Op:
    """A layer for an input that has become wider; any other operator takes what it is given."""
    layer = layer_of(op)
    if "out" not in layer.parameters():
        return op
    axis = channel_axis(before, op)
    channels, out = now[axis], int(getattr(layer, "out"))  # noqa: B009  # of whichever class
    groups = int(getattr(layer, "groups", 1))
    if is_depthwise(before[axis], groups):
        return resized(op, channels * (out // groups), channels)
    return resized(op, max(groups, groups * round(factor * out / groups)), groups)
