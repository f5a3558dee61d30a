"""How what a tensor sees is passed on from node to node."""

from math import prod
from typing import NamedTuple

from archlens.analyses.field import Field, joined
from archlens.analyses.followed import Followed
from archlens.graph import Node
from archlens.ops import Channels, Op, Shape, Shapes, Span
from archlens.ops.rearrangement import Along, Laid, Picked, Rearrangement, Turned
from archlens.ops.span import HERE

__all__ = ["Known", "State", "passed_on", "stays_in_place"]

Known = dict[tuple[Op, Shapes], tuple[Span, ...] | None]
"""The spans of operators that were asked before: networks repeat their blocks."""


class State(NamedTuple):
    """What the analysis of receptive fields knows about one node.

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
        """Whether the node depends on the network's input at all; weights that are computed do not."""
        return self.tensor is not None or self.everything or self.unknown

    @property
    def local(self) -> bool:
        """Whether its places can be told: they stand along axes of their own."""
        tensor = self.tensor
        if tensor is None or tensor.axes is None:
            return tensor is not None
        standing = {part.of for parts in tensor.axes for part in parts}
        return all(tensor.axis_of(place) is not None for place in standing.intersection(tensor.places))

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


def stays_in_place(kind: type[Op]) -> bool:
    """Whether each output of every operator of a class sees the place where it stands, in its own channel."""
    rules = ("spans", "windows", "mixes", "rearrangement", "channels")
    return all(getattr(kind, rule) is getattr(Op, rule) for rule in rules)


def passed_on(node: Node, shapes: Shapes, feeding: list[State], known: Known) -> State:
    """What is known behind an operator, from what is known before it."""
    op = node.op
    seeing = [at for at, state in enumerate(feeding) if state.seeing]
    if not seeing:
        return State(None)
    first = feeding[0]
    only = first.tensor if len(seeing) == 1 and seeing[0] == 0 else None
    steps = op.rearrangement(shapes)
    own = type(op).spans is not Op.spans  # which tell the same of maps, and keep channels of zeros
    if steps is not None and only is not None:
        unplain = only.axes is not None and not (own and _zeros(steps))
        if unplain or _turns(steps) or not own:
            return _behind(first, _rearranged(only, shapes[0], node.shape, steps))
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
    key = (op, shapes)
    spans = known[key] if key in known else known.setdefault(key, op.spans(shapes))
    if spans is None:
        return _lost(op, shapes, node.shape, feeding)
    return _plain(node, shapes, feeding, spans)


def _zeros(steps: Rearrangement) -> bool:
    """Whether an operator puts channels of zeros before others; axis 1 is then taken for the channels."""
    return any(isinstance(step, Along) and step.axis == 1 and step.span.low(0) < 0 for step in steps)


def _turns(steps: Rearrangement) -> bool:
    """Whether a rearrangement puts axes into another order, or lays elements out under another shape."""
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
        elif isinstance(step, Picked):
            made = made.picked(x, step.axis, step.places)
            x = (*x[: step.axis], len(step.places), *x[step.axis + 1 :])
        else:
            later = [each for each in steps[number + 1 :] if not isinstance(each, Along)]
            if later and step.length is None:
                return None
            length = y[step.axis] if step.length is None else step.length
            made = made.along(x, step.axis, step.span, length)
            x = (*x[: step.axis], length, *x[step.axis + 1 :])
    return made


def _behind(before: State, tensor: Followed | None) -> State:
    """The state behind an operator that only rearranges: it cannot be followed where there is no tensor."""
    if tensor is None:
        return State(None, before.tensor, everything=True, unknown=True)
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
    """The state behind an operator on maps whose axis 1 holds channels and whose other axes hold places."""
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
    """The state behind an operator whose outputs may see every place, or that nothing is known about."""
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
    """The state where places are no longer told apart: everything is seen, and the widest field is kept."""

    def width(state: State) -> int:
        return max((field.spans[0].size for field in state.channels.values if field.spans), default=0)

    widest = max(feeding, key=width)
    unknown = any(state.unknown for state in feeding)
    return State(None, widest.tensor or widest.widest, everything=True, unknown=unknown)
