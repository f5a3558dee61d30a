"""Learnable tokens and positions, and windows that shift, one element at a time."""

from itertools import product

from tests.oracles.activation import activation
from tests.oracles.ledger import Index, Ledger, tensor

__all__ = ["embedded", "prefixed", "relatively_biased", "rolled"]


def prefixed(shape: Index, *, count: int) -> Ledger:
    """For every sample, the learnable tokens copied first, then its own."""
    ledger = Ledger()
    results = []
    for n in range(shape[0]):
        line: list[tuple[str, int]] = [("learned", at) for at in range(count)]
        line += [("own", at) for at in range(shape[1])]
        for place, (whose, at) in enumerate(line):
            for feature in range(shape[2]):
                if whose == "learned":
                    ledger.learn(("token", at, feature))
                else:
                    ledger.load([("x", n, at, feature)])
                ledger.store("y", (n, place, feature))
                results.append((n, place, feature))
    return ledger.finish(results)


def embedded(shape: Index, *, axes: set[int]) -> Ledger:
    """Every element and the number of its place along the axes, added."""
    ledger = activation(shape)
    for index in tensor("x", shape):
        ledger.learn(("embedding", *(index[axis] for axis in sorted(axes))))
    return ledger


def relatively_biased(shape: Index, *, window: Index, mirrored: bool = False) -> Ledger:
    """Every score and the number of its head for the way from the one token to the other."""
    ledger = activation(shape)
    tokens = list(product(*map(range, window)))
    for index in tensor("x", shape):
        *_, head, one, other = index
        way = tuple(there - here for here, there in zip(tokens[one], tokens[other], strict=True))
        ledger.learn(("bias", head, *(map(abs, way) if mirrored else way)))
    return ledger


def rolled(shape: Index, *, shifts: dict[int, int]) -> Ledger:
    """Every element copied to where steps, one at a time and around the end, take it."""
    ledger = Ledger()
    x = tensor("x", shape)
    results = []
    for index, element in x.items():
        at = list(index)
        for axis, steps in shifts.items():
            for _ in range(abs(steps)):
                at[axis] += 1 if steps > 0 else -1
                if at[axis] == shape[axis]:
                    at[axis] = 0
                if at[axis] < 0:
                    at[axis] = shape[axis] - 1
        ledger.load([element])
        ledger.store("y", tuple(at))
        results.append(tuple(at))
    return ledger.finish(results)
