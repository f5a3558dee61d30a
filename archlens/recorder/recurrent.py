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

KERNELS = {"lstm": 11, "gru": 11, "rnn": 3}
"""What PyTorch launches for one step of a cell where no library runs the whole layer: the product of the
state with its weights, then a kernel each for the sums, functions and products of the gates."""


@dataclass(frozen=True, slots=True)
class Recurrent(Recorded):
    """One layer of an LSTM, a GRU or a plain recurrent network, over a whole sequence.

    Its name is the cell: lstm, gru or rnn. The features are the last axis of the first input, and each of
    its rows is a step of a sample.

    hidden           features of the state
    bias, peepholes  how many of these weights there are
    projection       features that the hidden ones are projected to at each step; 0 where they are not
    steps            of the longest sequence: each waits for the one before
    computed         how many of the weights come in as tensors, as those of weight dropout do: they are
                     counted where they are made
    """

    kind = "recurrent"
    work = "product"
    sees_everything = True
    saves = frozenset({"input", "output"})

    hidden: int
    directions: int = 1
    bias: int = 0
    peepholes: int = 0
    projection: int = 0
    steps: int = 1
    computed: int = 0

    def kernels(self, inputs: Shapes) -> int:
        """Launches of an eager framework without a library for whole layers, a step after the other.

        directions · (steps · (11 for LSTM and GRU, 3 for RNN, 1 more with a projection)
                      + 1 product of all inputs + 1 copy of the steps' outputs into one tensor)
        + 1 to join two directions
        """
        each = KERNELS[self.name] + bool(self.projection)
        return self.directions * (self.steps * each + 2) + (self.directions > 1)

    def cost(self, inputs: Shapes, output: Shape) -> Cost:
        """With g gates a cell (LSTM 4, GRU 3, RNN 1), d directions, c features, h hidden ones, and r of the
        state: h, or the projection's p:

        weights       = d · (g · h · (c + r) + h · p)
        params        = weights + bias + peepholes, those that are computed elsewhere left out
        multiply_adds = rows · weights
        elementwise   = rows · d · h · (LSTM 13, GRU 11, RNN 2)
        reads         = elements of the inputs + params
        writes        = rows · d · r
        activations   = rows · d · (2 · g · h + p)      the gates' two products, and the projection

        Weights are read once a sequence, as libraries do that keep them on the chip: an eager framework
        reads those of the state at each step.

        Hochreiter and Schmidhuber, 1997, with the forget gate of Gers et al., 2000; Cho et al.,
        arXiv 1406.1078; projections: Sak et al., arXiv 1402.1128.
        """
        rows, features = prod(inputs[0][:-1]), inputs[0][-1]
        gates, hidden, projection = GATES[self.name], self.hidden, self.projection
        state = projection or hidden
        weights = self.directions * (gates * hidden * (features + state) + hidden * projection)
        params = weights + self.bias + self.peepholes - self.computed
        return Cost(
            params=params,
            multiply_adds=rows * weights,
            elementwise=rows * self.directions * hidden * STEPS[self.name],
            reads=sum(prod(x) for x in inputs) + params,
            writes=rows * self.directions * state,
            activations=rows * self.directions * (2 * gates * hidden + projection),
        )
