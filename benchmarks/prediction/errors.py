"""How far predictions are off, and whether they put networks in the right order."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from scipy.stats import kendalltau, spearmanr  # type: ignore[import-untyped]

__all__ = ["Errors", "errors", "worst_families"]


class Errors(NamedTuple):
    """Of |predicted − measured| / measured: mean, median, shares within 10 and 20 %; of the order: Spearman's
    rank correlation and the share of pairs in the right order.
    """

    networks: int
    mape: float
    median: float
    within10: float
    within20: float
    spearman: float
    pairs: float

    def cells(self) -> tuple[str, ...]:
        """As a table has them."""
        shares = (self.mape, self.median, self.within10, self.within20)
        return (
            str(self.networks), *(f"{100 * each:.1f}" for each in shares), f"{self.spearman:.3f}",
            f"{100 * self.pairs:.1f}",
        )  # fmt: skip


def errors(predicted: Sequence[float], seconds: Sequence[float]) -> Errors:
    """Errors of predictions; the pairs from Kendall's τ, (1 + τ) / 2."""
    off = np.abs(np.asarray(predicted) / np.asarray(seconds) - 1)
    return Errors(
        len(off), float(off.mean()), float(np.median(off)),
        float((off <= 0.1).mean()), float((off <= 0.2).mean()),
        float(spearmanr(predicted, seconds).statistic),
        float((1 + kendalltau(predicted, seconds).statistic) / 2),
    )  # fmt: skip


def worst_families(
    listed: Iterable[tuple[str, float, float]], count: int = 6
) -> list[tuple[str, int, float]]:
    """Families that are furthest off: name, networks, and predicted over measured less 1, the median.

    listed  family, predicted, measured
    """
    by_family = defaultdict(list)
    for family, predicted, seconds in listed:
        by_family[family].append(predicted / seconds)
    found = [(family, len(each), float(np.median(each)) - 1) for family, each in by_family.items()]
    return sorted(found, key=lambda each: -abs(np.log1p(each[2])))[:count]
