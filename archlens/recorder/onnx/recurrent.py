"""Recurrent layers: a cell that runs along the sequence, in one direction or both."""

from dataclasses import dataclass
from math import prod

from archlens.cost import Cost
from archlens.errors import OperatorError
from archlens.ops.operator import Op, Shape, Shapes, positive, shown, size
from archlens.recorder.onnx.call import Call, Rules
from archlens.recorder.onnx.values import Value
from archlens.recorder.operators import Alias

__all__ = ["RULES", "Recurrent"]

GATES = {"LSTM": 4, "GRU": 3, "RNN": 1}
STEPS = {"LSTM": 13, "GRU": 11, "RNN": 2}
"""What a cell computes for each hidden number besides its products: a sum and a function a gate, and five
for the state and the output of those that have a memory."""


@dataclass(frozen=True, slots=True)
class Recurrent(Op):
    """An LSTM, a GRU or a plain recurrent layer: tokens × batch × features in, and hidden states out.

    Out come tokens × directions × batch × hidden. `batch_first` puts the batch before the tokens in both,
    and the directions behind them.
    """

    kind = "recurrent"
    arity = -1
    work = "product"
    saves = frozenset({"input", "output"})

    cell: str
    hidden: int
    directions: int = 1
    bias: int = 0
    peepholes: int = 0
    batch_first: bool = False

    def check(self) -> None:
        positive(hidden=self.hidden, directions=self.directions)

    def output(self, inputs: Shapes) -> Shape:
        x = inputs[0]
        if len(x) != 3:
            raise OperatorError(f"a recurrent layer needs tokens, batch and features, got {shown(x)}")
        if self.batch_first:
            return (*x[:2], self.directions, self.hidden)
        return (x[0], self.directions, x[1], self.hidden)

    def mixes(self, inputs: Shapes) -> None:
        return None

    def cost(self, inputs: Shapes, output: Shape) -> Cost:
        """With g gates a cell (LSTM 4, GRU 3, RNN 1) and d directions:

        weights       = d · g · hidden · (features + hidden)
        params        = weights + bias + peepholes
        multiply_adds = tokens · batch · weights
        elementwise   = tokens · batch · d · hidden · (LSTM 13, GRU 11, RNN 2)
        reads         = elements of the inputs + params
        writes        = elements of the output
        activations   = tokens · batch · d · 2 · g · hidden      the gates' two products
        """
        x = inputs[0]
        weights = self.directions * GATES[self.cell] * self.hidden * (x[2] + self.hidden)
        params = weights + self.bias + self.peepholes
        return Cost(
            params=params,
            multiply_adds=x[0] * x[1] * weights,
            elementwise=size(output) * STEPS[self.cell],
            reads=sum(map(size, inputs)) + params,
            writes=size(output),
            activations=size(output) * 2 * GATES[self.cell],
        )

    def label(self, inputs: Shapes) -> str:
        return self.cell.lower()


def recurrent(call: Call) -> list[Value]:
    """LSTM, GRU, RNN: x, weights of x, of the hidden state, bias, lengths, first states, peepholes."""
    x, w, r, bias = call.x, call.needed(1), call.needed(2), call.operand(3)
    shape = call.shape_of(2)
    peepholes = call.operand(7)
    stored = [value for value in (w, r, bias, peepholes) if value is not None]
    if len(shape) != 3 or not all(value.weight or value.constant for value in stored) or not w.weight:
        raise OperatorError("the weights are computed")
    directions, _, hidden = shape
    op = Recurrent(
        call.kind,
        hidden,
        directions,
        prod(bias.shape or ()) if bias is not None and bias.weight else 0,
        prod(peepholes.shape or ()) if peepholes is not None and peepholes.weight else 0,
        bool(call.attributes.get("layout", 0)),
    )
    expected = (directions, GATES[call.kind] * hidden, call.shape_of(0)[-1])
    if w.shape != expected:
        raise OperatorError(f"weights of {shown(w.shape or ())}, expected {shown(expected)}")
    states = [value for place in (5, 6) if (value := call.operand(place)) is not None and not value.constant]
    y = call.add(op, x, *states, weights=tuple(stored))
    last = (1, directions, hidden) if op.batch_first else (directions, 1, hidden)
    at = 0 if op.batch_first else 1
    batch = call.shape_of(0)[at]
    ends = tuple(batch if place == at else length for place, length in enumerate(last))
    return [y, *(call.add(Alias("last", ends), y) for _ in call.shapes[1:])]


RULES: Rules = dict.fromkeys(GATES, recurrent)
