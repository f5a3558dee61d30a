"""A network at an input that is long along one axis: just long enough for the fields of some nodes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, lcm

from archlens.analyses.receptive_field import ReceptiveFields, receptive_fields
from archlens.errors import ArchlensError
from archlens.graph import Graph
from archlens.ops import Span
from archlens.spec.catalog import Reference

__all__ = ["LongInput", "UncheckedError", "long_input"]

SLACK = 2
"""Places between a field and the ends of the input, so that what reaches further than it should shows."""

LENGTHS = 24
"""How many inputs are tried, each longer than the last by an eighth."""


WIDTHS = (1, 16, 32, 64, 128)
"""Lengths that are tried along the other axes, before the published ones."""


class UncheckedError(ArchlensError):
    """A field that cannot be checked, with the reason."""


@dataclass(frozen=True, slots=True)
class LongInput:
    """A network at an input that is long along one axis, and what its nodes see there.

    axis  of the input's shape: 2, 3, …
    """

    graph: Graph
    fields: ReceptiveFields
    axis: int

    @property
    def length(self) -> int:
        """The length of the input along the axis."""
        return self.graph.input_shape[self.axis]

    def whole(self, node: int) -> Span:
        """What all channels of a node see together, along the axis."""
        return self.fields.span(node, self.axis)

    def each(self, node: int) -> list[Span | None]:
        """What every channel of a node sees, along the axis; None for a channel of zeros."""
        state = self.fields.states[node]
        at = state.places.index(self.axis)
        return [field and field.spans[at] for count, field in state.channels.runs for _ in range(count)]

    def along(self, node: int) -> int:
        """The axis of a node's output that is its long one."""
        tensor = self.fields.states[node].tensor
        along = None if tensor is None else tensor.axis_of(self.axis)
        assert along is not None
        return along

    def places(self, node: int) -> range:
        """The outputs to look at: a period and the first of the next one, in the middle of the input.

        None where the input is too short for what they see.
        """
        span, length = self.whole(node), self.length
        period = len(span.lows)
        fitting = [
            place
            for place in range(0, self.graph.nodes[node].shape[self.along(node)] - period, period)
            if span.low(place) >= SLACK and span.high(place + period) < length - SLACK
        ]
        start = fitting[len(fitting) // 2] if fitting else 0
        return range(start, start + period + 1 if fitting else start)


def long_input(
    reference: Reference, graph: Graph, fields: ReceptiveFields, nodes: Sequence[int], axis: int
) -> LongInput:
    """The network along one axis of an input that the fields of the given nodes fit into.

    Its length leaves the same rest as the published one when divided by the network's stride, as
    paddings may depend on it. Along the other axes it is as short as the network lets it be, as what
    is seen along one axis does not depend on the others.

    Raises an UncheckedError where no such input is found.
    """
    widths: tuple[int, ...] = (*WIDTHS, max(graph.input_shape[2:]))
    for length in _lengths(graph, fields, nodes, axis):
        for width in widths:
            shape = [min(width, own) for own in graph.input_shape[2:]]
            shape[axis - 2] = length
            found = _lowered(reference, (graph.input_shape[1], *shape), axis)
            if found is None or not _alike(graph, fields, found, max(nodes) + 1):
                continue
            if all(found.places(node) for node in nodes):
                return found
            widths = (width,)  # a longer input need not be another width
            break
    raise UncheckedError(f"no input that its fields fit into along axis {axis} leaves the network as it is")


def _lowered(reference: Reference, shape: tuple[int, ...], axis: int) -> LongInput | None:
    """The network at an input; None where it takes no such input."""
    try:
        graph = reference.lower({"input": shape})
    except ArchlensError:
        return None
    return LongInput(graph, receptive_fields(graph), axis)


def _lengths(graph: Graph, fields: ReceptiveFields, nodes: Sequence[int], axis: int) -> Iterator[int]:
    """Lengths to try, from what the fields at the published input need."""
    published = graph.input_shape[axis]
    spans = [fields.span(node, axis) for node in nodes]
    advances = {
        state.channels.values[0].spans[state.places.index(axis)].advance
        for state in fields.states
        if state.local and axis in state.places
    }
    step = lcm(*advances)
    needed = max(span.size + 2 * span.advance for span in spans) + 2 * SLACK
    for _ in range(LENGTHS):
        length = published % step + ceil((needed - published % step) / step) * step
        yield length
        if published % step == 0:
            yield ceil(length / published) * published
        needed = length + max(step, length // 8)


def _alike(graph: Graph, fields: ReceptiveFields, found: LongInput, count: int) -> bool:
    """Whether the first nodes are the same ones, and local or see everything where they were before."""
    ours = [(node.name, node.op.kind, node.inputs) for node in graph.nodes[:count]]
    theirs = [(node.name, node.op.kind, node.inputs) for node in found.graph.nodes[:count]]
    before = [(state.local, state.everything) for state in fields.states[:count]]
    after = [(state.local, state.everything) for state in found.fields.states[:count]]
    return ours == theirs and before == after
