"""Recurrent layers: a cell that runs along the sequence, in one direction or both."""

from math import prod

from archlens.errors import OperatorError
from archlens.ops.operator import Shape, shown
from archlens.recorder.onnx.call import Call, Rules
from archlens.recorder.onnx.values import Value
from archlens.recorder.operators import Viewed
from archlens.recorder.recurrent import GATES, Recurrent

__all__ = ["RULES", "recurrent"]


def recurrent(call: Call) -> list[Value]:
    """LSTM, GRU, RNN: x, weights of x, of the hidden state, bias, lengths, first states, peepholes.

    Out come tokens × directions × batch × hidden, or with `layout` batch × tokens × directions × hidden, and
    the last states.
    """
    x, w, r, bias = call.x, call.needed(1), call.needed(2), call.operand(3)
    shape = call.shape_of(2)
    peepholes = call.operand(7)
    stored = [value for value in (w, r, bias, peepholes) if value is not None]
    if len(shape) != 3:
        raise OperatorError(f"weights of {shown(shape)}, expected three axes")
    if len(call.shape_of(0)) != 3:
        raise OperatorError(
            f"a recurrent layer needs tokens, batch and features, got {shown(call.shape_of(0))}"
        )
    directions, _, hidden = shape
    expected = (directions, GATES[call.name] * hidden, call.shape_of(0)[-1])
    if w.shape != expected or not hidden:
        raise OperatorError(f"weights of {shown(w.shape or ())}, expected {shown(expected)}")
    batch_first = bool(call.attributes.get("layout", 0))
    first, second, _ = call.shape_of(0)
    every = (first, second, directions, hidden) if batch_first else (first, directions, second, hidden)
    op = Recurrent(
        call.name,
        every,
        hidden,
        directions,
        learnt(bias),
        learnt(peepholes),
        steps=second if batch_first else first,
        computed=sum(prod(value.shape or ()) for value in (w, r) if not value.fixed),
    )
    states = [value for place in (5, 6) if (value := call.operand(place)) is not None and not value.constant]
    made = [value for value in stored if not value.fixed]
    y = call.add(op, x, *states, *made, weights=tuple(value for value in stored if value.fixed))
    ends: Shape = (first, directions, hidden) if batch_first else (directions, second, hidden)
    return [y, *(call.add(Viewed("last", ends), y) for _ in call.shapes[1:])]


def learnt(value: Value | None) -> int:
    """How many learnable weights the file stores in an input of the layer."""
    return prod(value.shape or ()) if value is not None and value.weight else 0


RULES: Rules = dict.fromkeys(("LSTM", "GRU", "RNN"), recurrent)
