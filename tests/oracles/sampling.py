"""Maps sampled place by place."""

from tests.oracles.ledger import Index, Ledger, indices, tensor

__all__ = ["affine_grid", "sampled"]


def affine_grid(shape: Index, *, height: int, width: int, known: int = 0) -> Ledger:
    """For every place, both rows of the sample's matrix times x, y and one.

    known  columns of the matrix that do not come in
    """
    ledger = Ledger()
    matrices = tensor("matrix", shape)
    results = []
    for sample, row, column, coordinate in indices((shape[0], height, width, 2)):
        for factor in range(3):
            ledger.load([("regular", row, column, factor)])
            if factor >= known:
                ledger.load([matrices[(sample, (3 - known) * coordinate + factor - known)]])
            ledger.multiply_adds += 1
        ledger.store("grid", (sample, row, column, coordinate))
        ledger.activations += 1
        results.append((sample, row, column, coordinate))
    return ledger.finish(results)


def sampled(shape: Index, *, size: Index, computed: bool) -> Ledger:
    """Every channel at every place of the grid; wherever the places are, the whole map is at hand."""
    ledger = Ledger()
    ledger.load(tensor("x", shape).values())
    results = []
    for sample, channel, row, column in indices((*shape[:2], *size)):
        ledger.load([("grid", sample, row, column, "x"), ("grid", sample, row, column, "y")])
        ledger.elementwise += computed
        ledger.store("y", (sample, channel, row, column))
        results.append((sample, channel, row, column))
    return ledger.finish(results)
