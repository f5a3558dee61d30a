"""Recurrent layers as one operator: a cell that runs along the sequence, in one direction or both."""

from dataclasses import dataclass
from math import prod

from archlens.cost import Cost
from archlens.ops import Shape, Shapes
from archlens.recorder.operators import Recorded

__all__ = ["GATES", "Recurrent"]

GATES = {"lstm": 4, "gru": 3, "rnn": 1}

STEPS = {"lstm": 13, "gru": 11, "rnn": 2}
"""What a cell computes for each hidden number besides its products: a sum and a function a gate, and five
for the state and the output of those that have a memory."""


@dataclass(frozen=True, slots=True)
class Recurrent(Recorded):
    """One layer of an LSTM, a GRU or a plain recurrent network, over a whole sequence.

    Its name is the cell: lstm, gru or rnn. The features are the last axis of the first input, and each of
    its rows is a step of a sample.

    hidden           features of the state
    bias, peepholes  how many of these weights there are
    """

    kind = "recurrent"
    work = "product"
    saves = frozenset({"input", "output"})

    hidden: int
    directions: int = 1
    bias: int = 0
    peepholes: int = 0

    def cost(self, inputs: Shapes, output: Shape) -> Cost:
        """With g gates a cell (LSTM 4, GRU 3, RNN 1), d directions, c features and h hidden ones:

        weights       = d · g · h · (c + h)
        params        = weights + bias + peepholes
        multiply_adds = rows · weights
        elementwise   = rows · d · h · (LSTM 13, GRU 11, RNN 2)
        reads         = elements of the inputs + params
        writes        = rows · d · h
        activations   = rows · d · 2 · g · h      the gates' two products

        Hochreiter and Schmidhuber, 1997, with the forget gate of Gers et al., 2000; Cho et al.,
        arXiv 1406.1078.
        """
        rows, features = prod(inputs[0][:-1]), inputs[0][-1]
        gates, states = GATES[self.name], rows * self.directions * self.hidden
        weights = self.directions * gates * self.hidden * (features + self.hidden)
        params = weights + self.bias + self.peepholes
        return Cost(
            params=params,
            multiply_adds=rows * weights,
            elementwise=states * STEPS[self.name],
            reads=sum(prod(x) for x in inputs) + params,
            writes=states,
            activations=states * 2 * gates,
        )
