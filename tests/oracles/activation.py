"""Functions of every element."""

from tests.oracles.ledger import Index, Ledger, tensor

__all__ = ["activation", "sloped"]


def activation(shape: Index) -> Ledger:
    """One output from each element, with nothing learned."""
    ledger = Ledger()
    x = tensor("x", shape)
    for index, element in x.items():
        ledger.load([element])
        ledger.elementwise += 1
        ledger.store("y", index)
    return ledger.finish(x)


def sloped(shape: Index, *, per_channel: bool) -> Ledger:
    """One output from each element and the slope of its channel, or of all."""
    ledger = activation(shape)
    for index in tensor("x", shape):
        ledger.learn(("slope", index[1] if per_channel else "of all"))
    return ledger
