"""How much of the input each place of a map sees."""

from dataclasses import dataclass
from fractions import Fraction
from math import prod
from typing import Any, NamedTuple

from archlens.analyses.axes import Followed, given
from archlens.analyses.field import Field, joined
from archlens.graph import Graph, Node
from archlens.ops import Channels, Op, Shape, Shapes, Span
from archlens.ops.rearrangement import Along, Laid, Rearrangement, Turned
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

    tensor      what each of its elements sees; None where places are no longer told apart: of a constant,
                behind a global pool, attention or a linear layer over places, and where an operator is not
                followed
    widest      there, the widest field that leads to it along local paths
    everything  whether it sees all places on some path
    unknown     whether some path leads through an operator of which nothing tells what its outputs see
    """

    tensor: Followed | None
    widest: Followed | None = None
    everything: bool = False
    unknown: bool = False

    @property
    def seeing(self) -> bool:
        """Whether anything of the input is seen: not by constants, such as weights that are computed."""
        return self.tensor is not None or self.everything or self.unknown

    @property
    def local(self) -> bool:
        """Whether its places can be told: they stand along axes of their own."""
        tensor = self.tensor
        return tensor is not None and (
            tensor.axes is None or all(tensor.axis_of(place) is not None for place in tensor.places)
        )

    @property
    def channels(self) -> Channels[Field]:
        """The field of each channel; None for channels of zeros, or that see no place in particular."""
        tensor = self.tensor or self.widest
        return tensor.channels if tensor is not None else Channels(((1, None),), joined)

    @property
    def places(self) -> tuple[int, ...]:
        """The axes of the network's input that the fields' spans run along."""
        tensor = self.tensor or self.widest
        return tensor.places if tensor is not None else ()

    def receptive_field(self, axes: tuple[int, ...]) -> ReceptiveField | None:
        """The field that a reader asks for; None where nothing is seen, or it is not known."""
        fields = self.channels.values
        if not fields or not axes or self.unknown or not set(axes) <= set(self.places):
            return None
        at = [self.places.index(axis) for axis in axes]
        whole = joined(fields)
        spans = [whole.spans[place] for place in at]
        sizes = [[field.spans[place].size for place in at] for field in fields]
        return ReceptiveField(
            size=tuple(span.size for span in spans),
            smallest=tuple(map(min, zip(*sizes, strict=True))),
            stride=tuple(span.stride for span in spans),
            padding=tuple(span.padding for span in spans),
            centre=tuple(span.centre for span in spans),
            everything=self.everything or not self.local,
            local=self.local,
            aligned=whole.aligned,
        )


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
        return self.states[position].receptive_field(self.axes)

    def whole(self, position: int) -> Field:
        """What all channels of a node see together, which must see something."""
        return joined(self.states[position].channels.values)

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
    known: dict[tuple[Op, Shapes], tuple[Span, ...] | None] = {}
    in_place = {kind: _stays_in_place(kind) for kind in {type(node.op) for node in graph.nodes}}
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
        key = (node.op, shapes)
        states.append(_state(node, shapes, feeding, known, key))
    last = _last_local(graph, states)
    axes = states[last].places
    if axes == tuple(range(1, len(graph.nodes[last].shape))):
        axes = axes[1:]  # nothing has looked along any axis: the first one is taken for channels
    return ReceptiveFields(tuple(states), last, graph.outputs[0], tuple(sorted(axes)))


def _stays_in_place(kind: type[Op]) -> bool:
    """Whether each output of every operator of a class sees the place where it stands, in its own channel."""
    rules = ("spans", "windows", "mixes", "rearrangement", "channels")
    return all(getattr(kind, rule) is getattr(Op, rule) for rule in rules)


def _state(
    node: Node,
    shapes: Shapes,
    feeding: list[State],
    known: dict[tuple[Op, Shapes], tuple[Span, ...] | None],
    key: tuple[Op, Shapes],
) -> State:
    """What is known behind an operator, from what is known before it."""
    op = node.op
    seeing = [at for at, state in enumerate(feeding) if state.seeing]
    if not seeing:
        return State(None)
    first = feeding[0]
    only = first.tensor if len(seeing) == 1 and seeing[0] == 0 else None
    steps = op.rearrangement(shapes)
    if (
        steps is not None
        and only is not None
        and (only.axes is not None or _turns(steps))
        and not _zeros(steps)
    ):
        return _behind(first, _rearranged(only, shapes[0], node.shape, steps), op)
    if any(state.tensor is not None and state.tensor.axes is not None for state in feeding):
        moved = _unplain(node, shapes, feeding)
        if moved is not None:
            return moved
        settled = [
            state.tensor.settled(shape) if state.tensor is not None else None
            for state, shape in zip(feeding, shapes, strict=True)
        ]
        if any(s.tensor is not None and t is None for s, t in zip(feeding, settled, strict=True)):
            return _lost(op, shapes, node.shape, feeding)
        feeding = [
            state._replace(tensor=tensor) if tensor is not None else state
            for state, tensor in zip(feeding, settled, strict=True)
        ]
    spans = known[key] if key in known else known.setdefault(key, op.spans(shapes))
    if spans is None:
        return _lost(op, shapes, node.shape, feeding)
    return _plain(node, shapes, feeding, spans)


def _zeros(steps: Rearrangement) -> bool:
    """Whether channels of zeros are put before others, which takes them to stand along axis 1."""
    return any(isinstance(step, Along) and step.axis == 1 and step.span.low(0) < 0 for step in steps)


def _turns(steps: Rearrangement) -> bool:
    """Whether axes are turned or laid out anew."""
    return any(not isinstance(step, Along) for step in steps)


def _rearranged(tensor: Followed, x: Shape, y: Shape, steps: Rearrangement) -> Followed | None:
    """A tensor whose elements were put elsewhere, step by step; None where they cannot be followed."""
    made: Followed | None = tensor
    for number, step in enumerate(steps):
        if made is None:
            return None
        if isinstance(step, Laid):
            made, x = made.laid(x, step.shape), step.shape
        elif isinstance(step, Turned):
            made, x = made.turned(x, step.order), tuple(x[axis] for axis in step.order)
        else:
            later = [each for each in steps[number + 1 :] if not isinstance(each, Along)]
            if later and step.length is None:
                return None
            length = y[step.axis] if step.length is None else step.length
            made = made.along(x, step.axis, step.span, length)
            x = (*x[: step.axis], length, *x[step.axis + 1 :])
    return made


def _behind(before: State, tensor: Followed | None, op: Op) -> State:
    """The state behind an operator that only rearranges: it cannot be followed where there is no tensor."""
    if tensor is None:
        known = type(op).kind != "" and not hasattr(op, "name")
        return State(None, before.tensor, everything=True, unknown=before.unknown or not known)
    return before._replace(tensor=tensor)


def _unplain(node: Node, shapes: Shapes, feeding: list[State]) -> State | None:
    """Behind an operator that works element by element, or along channels only, wherever these stand.

    None where it needs channels along axis 1.
    """
    op = node.op
    followed = [(state.tensor, shape) for state, shape in zip(feeding, shapes, strict=True) if state.tensor]
    tensor, shape = max(followed, key=lambda each: prod(each[1]))
    mixed = op.mixes(shapes)
    if mixed is None or op.windows(shapes) or type(op).spans is not Op.spans:
        return None
    everything = any(state.everything or (state.tensor is None and state.seeing) for state in feeding)
    unknown = any(state.unknown for state in feeding)
    if mixed:
        if len(followed) > 1:
            return None
        dropped = len(node.shape) < len(shape)
        made = tensor.mixed(shape, mixed, node.shape, dropped=dropped)
        return None if made is None else State(made, None, everything, unknown)
    if type(op).channels is not Op.channels or shape != node.shape:
        return None
    channels = tensor.channels
    for other, theirs in followed:
        if other is tensor:
            continue
        alike = _alike(tensor, shape, other, theirs)
        if not alike:
            return None
        channels = channels.onto([other.channels]) if other.channels.runs != channels.runs else channels
    return State(Followed(channels, tensor.places, tensor.axes), None, everything, unknown)


def _alike(tensor: Followed, shape: Shape, other: Followed, theirs: Shape) -> bool:
    """Whether the elements of one tensor stand where those of another do, or are repeated over channels."""
    if tensor.places != other.places or len(shape) != len(theirs):
        return False
    if shape == theirs:
        return tensor.parts(shape) == other.parts(theirs)
    pairs = zip(tensor.parts(shape), other.parts(theirs), shape, theirs, strict=True)
    single = len(other.channels.runs) == 1 and other.channels.count == 1
    return single and all(a == b or (length == 1 != own) for a, b, own, length in pairs)


def _plain(node: Node, shapes: Shapes, feeding: list[State], spans: tuple[Span, ...]) -> State:
    """Behind an operator on maps whose channels stand along axis 1 and whose places along the others."""
    first, op = feeding[0], node.op
    unknown = any(state.unknown for state in feeding)
    sliding = spans.count(HERE) < len(spans)
    places = next((state.places for state in feeding if state.tensor is not None), ())
    if len(feeding) == 1 or (sliding and not any(state.seeing for state in feeding[1:])):
        if first.tensor is None:
            return _beyond(feeding)
        channels, everything = op.channels(shapes, (first.tensor.channels,)), first.everything
    else:
        around = node.shape[2:]
        local = [
            state.tensor is not None and state.places == places and shape[2:] == around
            for state, shape in zip(feeding, shapes, strict=True)
        ]
        if not any(local):
            return _beyond(feeding)
        known = [
            state.channels if seen else Channels(((shape[1] if len(shape) > 1 else 1, None),), joined)
            for state, shape, seen in zip(feeding, shapes, local, strict=True)
        ]
        channels = op.channels(shapes, tuple(known))
        partly = zip(feeding, local, strict=True)
        everything = any(
            state.everything or (state.tensor is not None and not seen) for state, seen in partly
        )
    if sliding:
        channels = channels.mapped(lambda field: field.then(spans))
    tensor = Followed(channels, places)
    if len(places) != len(node.shape) - 2:
        return _beyond(feeding)
    if tensor == first.tensor and everything == first.everything and unknown == first.unknown:
        return first
    return State(tensor, None, everything, unknown)


def _lost(op: Op, shapes: Shapes, output: Shape, feeding: list[State]) -> State:
    """Behind an operator that may see every place, or of which nothing tells what it sees."""
    beyond = _beyond(feeding)
    followed = [state.tensor is not None for state in feeding]
    if op.sees_everything or not any(followed):
        return beyond
    elements = [
        prod(shape)
        // max(1, prod(part.length for axis in state.tensor.parts(shape) for part in axis if part.of >= 0))
        for state, shape in zip(feeding, shapes, strict=True)
        if state.tensor is not None
    ]
    return beyond if prod(output) <= min(elements) else beyond._replace(unknown=True)


def _beyond(feeding: list[State]) -> State:
    """Where places are no longer told: the widest field that leads here, and that everything is seen."""

    def width(state: State) -> int:
        return max((field.spans[0].size for field in state.channels.values if field.spans), default=0)

    widest = max(feeding, key=width)
    unknown = any(state.unknown for state in feeding)
    return State(None, widest.tensor or widest.widest, everything=True, unknown=unknown)


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
