"""Normalisations: every element, with the statistics and weights that belong to it."""

from tests.oracles.activation import activation
from tests.oracles.ledger import Index, Ledger, tensor

__all__ = ["normalized", "normalized_by_running_statistics"]


def normalized_by_running_statistics(shape: Index, *, affine: bool) -> Ledger:
    """With a stored mean and variance a channel, which are buffers and not learned."""
    ledger = activation(shape)
    for index in tensor("x", shape):
        ledger.load([("mean", index[1]), ("variance", index[1])])
        if affine:
            ledger.learn(("scale", index[1]))
            ledger.learn(("shift", index[1]))
    return ledger


def normalized(shape: Index, *, weighted: set[int]) -> Ledger:
    """With statistics of the input itself, and a scale and shift for each place along some axes."""
    ledger = activation(shape)
    for index in tensor("x", shape):
        place = tuple(index[axis] for axis in sorted(weighted))
        if weighted:
            ledger.learn(("scale", place))
            ledger.learn(("shift", place))
    return ledger
