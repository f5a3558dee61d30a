"""Linear layers and matrix products, one multiply-add at a time."""

from tests.oracles.arithmetic import common, stretched
from tests.oracles.ledger import Index, Ledger, indices, tensor

__all__ = ["linear", "matrix_product"]


def linear(shape: Index, *, out: int, bias: bool = True) -> Ledger:
    """For every row, every output feature from every input feature."""
    ledger = Ledger()
    ledger.load(tensor("x", shape).values())
    results = []
    for row in indices(shape[:-1]):
        for feature_out in range(out):
            for feature_in in range(shape[-1]):
                ledger.multiply_adds += 1
                ledger.learn(("weight", feature_out, feature_in))
            if bias:
                ledger.learn(("bias", feature_out))
            ledger.store("y", (*row, feature_out))
            ledger.activations += 1
            results.append((*row, feature_out))
    return ledger.finish(results)


def matrix_product(left: Index, right: Index) -> Ledger:
    """For every batch index, every row times every column, element by element."""
    ledger = Ledger()
    a, b = tensor("a", left), tensor("b", right)
    results = []
    for batch in indices(common([left[:-2], right[:-2]])):
        for row in range(left[-2]):
            for column in range(right[-1]):
                for shared in range(left[-1]):
                    ledger.multiply_adds += 1
                    ledger.load([a[(*stretched(batch, left[:-2]), row, shared)]])
                    ledger.load([b[(*stretched(batch, right[:-2]), shared, column)]])
                ledger.store("y", (*batch, row, column))
                ledger.activations += 1
                results.append((*batch, row, column))
    return ledger.finish(results)
