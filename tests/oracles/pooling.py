"""Poolings, one window at a time."""

from fractions import Fraction
from itertools import product

from tests.oracles.ledger import Index, Ledger, tensor
from tests.oracles.sliding import Place, padded, places, window_places

__all__ = ["adaptively_pooled", "globally_pooled", "pooled"]


def pooled(
    shape: Index,
    *,
    kernel: Index,
    stride: Index,
    padding: tuple[tuple[int, int], ...] | None = None,
    dilation: Index | None = None,
    ceil: bool = False,
) -> Ledger:
    """One output for each place of the window, in each channel."""
    sizes = shape[2:]
    along_axes = [
        places(padded(size, *pair), k, s, d, ceil=ceil)
        for size, k, s, pair, d in zip(
            sizes,
            kernel,
            stride,
            padding or ((0, 0),) * len(sizes),
            dilation or (1,) * len(sizes),
            strict=True,
        )
    ]
    return _one_output_a_window(shape, along_axes)


def adaptively_pooled(shape: Index, *, size: Index) -> Ledger:
    """Each output from all elements that its even share of the axis touches."""
    along_axes: list[list[Place]] = []
    for length, parts in zip(shape[2:], size, strict=True):
        share = Fraction(length, parts)
        along_axes.append(
            [
                tuple(at for at in range(length) if at + 1 > part * share and at < (part + 1) * share)
                for part in range(parts)
            ]
        )
    return _one_output_a_window(shape, along_axes)


def globally_pooled(shape: Index, *, keep: bool) -> Ledger:
    """One output for each channel, from all of its elements."""
    ledger = _one_output_a_window(shape, [[tuple(range(length))] for length in shape[2:]])
    if not keep:
        ledger.shape = ledger.shape[:2]
    return ledger


def _one_output_a_window(shape: Index, along_axes: list[list[Place]]) -> Ledger:
    ledger = Ledger()
    x = tensor("x", shape)
    ledger.load(x.values())
    windows = window_places(along_axes)
    results = []
    for n, c, (position, taps) in product(range(shape[0]), range(shape[1]), windows.items()):
        assert any((n, c, *under) in x for under in taps), f"the window at {position} holds nothing"
        ledger.elementwise += 1
        ledger.store("y", (n, c, *position))
        results.append((n, c, *position))
    return ledger.finish(results)
