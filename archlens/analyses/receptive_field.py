"""How much of the input each place of a map sees."""

from dataclasses import dataclass
from fractions import Fraction
from math import prod
from typing import Any, NamedTuple

from archlens.analyses.field import Field, joined
from archlens.graph import Graph, Node
from archlens.ops import Channels, Op, Shape, Shapes, Span
from archlens.ops.span import HERE

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


class State(NamedTuple):
    """What the analysis knows about a node.

    channels    the field of each channel; None for channels of zeros, or that see no place in particular
    local       whether the node's places are places of the input's map
    everything  whether it sees all places on some path
    roles       what each of its axes is: 0 the batch, 1 (a part of) the channels, 2 and up an axis of the
                input's map; None where they stand in that order
    """

    channels: Channels[Field]
    local: bool
    everything: bool
    roles: tuple[int, ...] | None = None

    def receptive_field(self) -> ReceptiveField | None:
        """The field that a reader asks for; None where nothing is seen along any axis."""
        fields = self.channels.values
        if not fields or not fields[0].spans:
            return None
        whole = joined(fields)
        sizes = [[span.size for span in field.spans] for field in fields]
        return ReceptiveField(
            size=tuple(span.size for span in whole.spans),
            smallest=tuple(map(min, zip(*sizes, strict=True))),
            stride=tuple(span.stride for span in whole.spans),
            padding=tuple(span.padding for span in whole.spans),
            centre=tuple(span.centre for span in whole.spans),
            everything=self.everything,
            local=self.local,
            aligned=whole.aligned,
        )


@dataclass(frozen=True, slots=True)
class ReceptiveFields:
    """The fields of all nodes of a graph; made into numbers where they are asked for."""

    states: tuple[State, ...]
    last: int

    def of(self, position: int) -> ReceptiveField | None:
        """The field of a node; None where it has none."""
        return self.states[position].receptive_field()

    def whole(self, position: int) -> Field:
        """What all channels of a node see together, which must see something."""
        return joined(self.states[position].channels.values)

    @property
    def network(self) -> ReceptiveField | None:
        """The network's own: of the last node before the main output whose places are local."""
        return self.of(self.last)


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
    behind an up-sampling. A padded place counts as seen.

    The statistics of a normalisation are taken as given, as at inference. Operators that see every
    place (global pools, gates, attention, a flatten before a linear layer) mark what they feed as
    seeing everything; its field stays that of its local paths. So does a reshape that mixes places.
    """
    states: list[State] = []
    known: dict[tuple[Op, Shapes], tuple[Span, ...] | None] = {}
    in_place = {kind: _stays_in_place(kind) for kind in {type(node.op) for node in graph.nodes}}
    inputs = set(graph.inputs)
    for position, node in enumerate(graph.nodes):
        if len(node.inputs) == 1 and in_place[type(node.op)]:
            states.append(states[node.inputs[0]])
            continue
        if not node.inputs:
            states.append(_given(node, position not in inputs))
            continue
        shapes = graph.shapes_into(node)
        feeding = tuple([states[position] for position in node.inputs])
        key = (node.op, shapes)
        spans = known[key] if key in known else known.setdefault(key, node.op.spans(shapes))
        states.append(_state(node, shapes, feeding, spans))
    return ReceptiveFields(tuple(states), _last_local(graph, states))


def _stays_in_place(kind: type[Op]) -> bool:
    """Whether each output of every operator of a class sees the place where it stands, in its own channel."""
    rules = ("spans", "windows", "mixes", "moved", "channels")
    return all(getattr(kind, rule) is getattr(Op, rule) for rule in rules)


def _given(node: Node, constant: bool) -> State:
    """An input of the network, each place of which sees itself, or a constant, which sees nothing.

    What is made of constants alone is one, too.
    """
    spans = (HERE,) * max(0, len(node.shape) - 2)
    width = node.shape[1] if len(node.shape) > 1 else 1
    if constant:
        return State(Channels(((width, None),), joined), False, False)
    return State(Channels(((width, Field(spans)),), joined), True, False)


def _state(node: Node, shapes: Shapes, feeding: tuple[State, ...], spans: tuple[Span, ...] | None) -> State:
    """What is known behind an operator, from what is known before it."""
    first = feeding[0]
    if not any(map(_seeing, feeding)):
        return _given(node, constant=True)
    if any(state.roles is not None for state in feeding) or node.op.moved(shapes):
        return _rearranged(node, shapes, feeding)
    if spans is None:
        return _beyond(feeding)
    sliding = spans.count(HERE) < len(spans)
    if len(feeding) == 1 or (sliding and not any(map(_seeing, feeding[1:]))):
        if not first.local:
            return _beyond(feeding)
        channels, everything = node.op.channels(shapes, (first.channels,)), first.everything
    else:
        around = node.shape[2:]
        local = [state.local and shape[2:] == around for state, shape in zip(feeding, shapes, strict=True)]
        if not any(local):
            return _beyond(feeding)
        known = [
            state.channels if seen else Channels(((shape[1] if len(shape) > 1 else 1, None),), joined)
            for state, shape, seen in zip(feeding, shapes, local, strict=True)
        ]
        channels = node.op.channels(shapes, tuple(known))
        partly = zip(feeding, local, strict=True)
        everything = any(state.everything or (state.local and not seen) for state, seen in partly)
    if sliding:
        channels = channels.mapped(lambda field: field.then(spans))
    if channels is first.channels and everything == first.everything:
        return first
    return State(channels, True, everything)


def _seeing(state: State) -> bool:
    """Whether anything of the input is seen: not by constants, such as weights that are computed."""
    return state.local or state.everything


def _rearranged(node: Node, shapes: Shapes, feeding: tuple[State, ...]) -> State:
    """Behind a map whose axes were moved, or its channels parted: channels last, as linear layers want it."""
    op = node.op
    known = [state for state in feeding if state.local]
    roles = {
        state.roles or tuple(range(len(shape)))
        for state, shape in zip(feeding, shapes, strict=True)
        if state.local
    }
    mixed = op.mixes(shapes)
    if len(roles) != 1 or mixed is None or op.windows(shapes):
        return _beyond(feeding)
    (before,) = roles
    if any(before[axis] != 1 for axis in mixed if shapes[0][axis] > 1):
        return _beyond(feeding)
    after = _roles(before, shapes[0], op.moved(shapes))
    plain = type(op).channels is Op.channels and type(op).spans is Op.spans
    if after is None or not (plain or mixed) or len(after) != len(node.shape):
        return _beyond(feeding)
    channels = known[0].channels.onto([state.channels for state in known[1:]])
    if mixed or after.count(1) > 1 or before.count(1) > 1:
        width = prod(length for role, length in zip(after, node.shape, strict=True) if role == 1)
        channels = channels.mixed(1, width)
    everything = any(state.everything for state in feeding)
    in_order = after == tuple(range(len(after)))
    return State(channels, True, everything, None if in_order else after)


def _roles(
    before: tuple[int, ...], x: Shape, moved: tuple[tuple[int, ...], ...] | None
) -> tuple[int, ...] | None:
    """The roles of the axes of an output; None where an axis of space is parted or merged with another."""
    if moved is None:
        return before
    after: list[int] = []
    for made in moved:
        roles = {before[axis] for axis in made if x[axis] > 1} or {before[axis] for axis in made[:1]}
        if len(roles) != 1:
            return None
        after.extend(roles)
    places = [role for role in after if role != 1]
    return tuple(after) if len(set(places)) == len(places) else None


def _beyond(feeding: tuple[State, ...]) -> State:
    """Where places are no longer told: the widest field that leads here, and that everything is seen."""

    def width(state: State) -> int:
        return max((field.spans[0].size for field in state.channels.values if field.spans), default=0)

    return State(max(feeding, key=width).channels, False, True)


def _last_local(graph: Graph, states: list[State]) -> int:
    """The last node that is local and that the main output depends on."""
    needed = {graph.outputs[0]}
    for position in range(graph.outputs[0], -1, -1):
        if position not in needed:
            continue
        if states[position].local and len(graph.nodes[position].shape) > 2:
            return position
        needed.update(graph.nodes[position].inputs)
    return graph.inputs[0]
