"""How much of the input each place of a map sees."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from archlens.analyses.field import Field, joined
from archlens.analyses.followed import given
from archlens.analyses.propagation import Known, State, passed_on, stays_in_place
from archlens.graph import Graph
from archlens.ops import Span

__all__ = ["ReceptiveField", "ReceptiveFields", "receptive_fields"]


@dataclass(frozen=True, slots=True)
class ReceptiveField:
    """What a node's output sees of the input, along each spatial axis.

    size        from the first place seen to the last, along local paths: of the widest channel
    smallest    of the narrowest channel: less where a split lets channels pass by
    stride      how far the field moves on from one output to the next: the jump
    padding     how far the first output's field reaches beyond the start of the input
    centre      the middle of the first output's field, counted in places from 0
    everything  whether some path leads through an operator that sees all places: a global pool, a
                gate, attention
    local       whether places can still be told: not behind a flatten or a global pool, where the
                field is that of the last local path
    aligned     whether all paths share their centre and their stride
    """

    size: tuple[int, ...]
    smallest: tuple[int, ...]
    stride: tuple[Fraction, ...]
    padding: tuple[int, ...]
    centre: tuple[Fraction, ...]
    everything: bool
    local: bool
    aligned: bool

    def __str__(self) -> str:
        return "x".join(map(str, self.size))

    def as_dict(self) -> dict[str, Any]:
        """The field as JSON: whole numbers wherever they are."""
        return {
            "size": list(self.size),
            "stride": [plain(step) for step in self.stride],
            "padding": list(self.padding),
            "global": self.everything,
            "smallest": list(self.smallest),
            "centre": [plain(place) for place in self.centre],
            "aligned": self.aligned,
        }


def plain(number: Fraction) -> int | float:
    """A fraction as a number that JSON has."""
    return int(number) if number.denominator == 1 else float(number)


@dataclass(frozen=True, slots=True)
class ReceptiveFields:
    """The fields of all nodes of a graph; made into numbers where they are asked for.

    last    the last node before the main output whose places are local
    output  the main output
    axes    the axes of the input that are places of a map there: 2 and 3, or 1 and 2 where channels come last
    """

    states: tuple[State, ...]
    last: int
    output: int
    axes: tuple[int, ...]

    def of(self, position: int) -> ReceptiveField | None:
        """The field of a node; None where it has none, or none is known."""
        return _field(self.states[position], self.axes)

    def whole(self, position: int) -> Field:
        """What all channels of a node see together, which must see something."""
        return _whole(self.states[position])

    def span(self, position: int, axis: int) -> Span:
        """What all channels of a node see together along an axis of the input."""
        return self.whole(position).spans[self.states[position].places.index(axis)]

    @property
    def unknown(self) -> bool:
        """Whether the network has an operator of which nothing tells what its outputs see."""
        return self.states[self.output].unknown

    @property
    def network(self) -> ReceptiveField | None:
        """The network's own: of the last local node before the main output; None where it is unknown."""
        return None if self.unknown else self.of(self.last)


def receptive_fields(graph: Graph) -> ReceptiveFields:
    """Which part of the input each node sees, forward through the whole graph.

    Along a chain, with size r, stride (jump) j and padding p of all before, an operator with kernel k,
    dilation d, stride s and padding q gives

    size     r + d·(k − 1)·j
    stride   j · s
    padding  p + q·j

    (Araujo, Norris and Sim: Computing Receptive Fields of Convolutional Neural Networks, Distill 2019).
    Where paths meet, a field reaches from the first place that any of them sees to the last. Fields
    are kept for each channel, as a split can let channels pass by, and for each place of a period,
    behind an up-sampling. A padded place counts as seen. Axes are followed wherever they go: to the end, into
    windows, from channels into places and back.

    The statistics of a normalisation are taken as given, as at inference. Operators that see every
    place (global pools, gates, attention, a flatten before a linear layer) mark what they feed as
    seeing everything; its field stays that of its local paths. Where an operator cannot be followed, the
    field is unknown from there on.
    """
    states: list[State] = []
    known: Known = {}
    in_place = {kind: stays_in_place(kind) for kind in {type(node.op) for node in graph.nodes}}
    inputs = set(graph.inputs)
    for position, node in enumerate(graph.nodes):
        if len(node.inputs) == 1 and in_place[type(node.op)]:
            states.append(states[node.inputs[0]])
            continue
        if not node.inputs:
            states.append(State(given(node.shape) if position in inputs else None))
            continue
        shapes = graph.shapes_into(node)
        feeding = [states[position] for position in node.inputs]
        states.append(passed_on(node, shapes, feeding, known))
    last = _last_local(graph, states)
    axes = states[last].places
    if axes == tuple(range(1, len(graph.nodes[last].shape))):
        axes = axes[1:]  # nothing has looked along any axis: the first one is taken for channels
    return ReceptiveFields(tuple(states), last, graph.outputs[0], tuple(sorted(axes)))


def _field(state: State, axes: tuple[int, ...]) -> ReceptiveField | None:
    """The field that a reader asks for; None where nothing is seen, or it is not known."""
    smallest = state.channels.smallest(_sizes)
    if smallest is None or not axes or state.unknown or not set(axes) <= set(state.places):
        return None
    at = [state.places.index(axis) for axis in axes]
    whole = _whole(state)
    spans = [whole.spans[place] for place in at]
    return ReceptiveField(
        size=tuple(span.size for span in spans),
        smallest=tuple(smallest[place] for place in at),
        stride=tuple(span.stride for span in spans),
        padding=tuple(span.padding for span in spans),
        centre=tuple(span.centre for span in spans),
        everything=state.everything or not state.local,
        local=state.local,
        aligned=whole.aligned,
    )


def _sizes(field: Field) -> tuple[int, ...]:
    """How many places a field reaches over, along each axis."""
    return tuple([span.size for span in field.spans])


def _whole(state: State) -> Field:
    """What all channels see together, which must see something: every place from the first to the last."""
    found = state.channels.sum
    assert found is not None
    return joined([found])


def _last_local(graph: Graph, states: list[State]) -> int:
    """The last node that is local and that the main output depends on."""
    needed = {graph.outputs[0]}
    for position in range(graph.outputs[0], -1, -1):
        if position not in needed:
            continue
        if states[position].local and len(graph.nodes[position].shape) > 2:
            return position
        needed.update(graph.nodes[position].inputs)
    return graph.inputs[0] if graph.inputs else 0
