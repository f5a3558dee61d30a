"""How far two rankings agree: Spearman's and Kendall's correlations.

In plain Python: SciPy, which has them too, takes longer to import than everything here takes.
"""

from collections.abc import Hashable, Iterable, Sequence
from itertools import combinations
from math import sqrt

__all__ = ["kendall", "kendall_within", "spearman"]

Values = Sequence[float]


def spearman(first: Values, second: Values) -> float | None:
    """Pearson's correlation of the ranks, equals sharing the mean of theirs; None where all are equal.

    ρ = Σ (r − r̄)(s − s̄) / √(Σ (r − r̄)² · Σ (s − s̄)²)
    """
    middle = (len(first) + 1) / 2
    left = [rank - middle for rank in ranks(first)]
    right = [rank - middle for rank in ranks(second)]
    spread = sum(r * r for r in left) * sum(s * s for s in right)
    return sum(r * s for r, s in zip(left, right, strict=True)) / sqrt(spread) if spread else None


def kendall(first: Values, second: Values) -> float | None:
    """Kendall's τ_b: concordant less discordant pairs, over pairs that are no tie; None where all are.

    τ = (C − D) / √((C + D + ties of the first alone) · (C + D + ties of the second alone))
    """
    return agreement(combinations(zip(first, second, strict=True), 2))


def kendall_within(first: Values, second: Values, groups: Sequence[Hashable]) -> float | None:
    """Kendall's τ_b over the pairs whose members are in the same group; None where there are none."""
    members: dict[Hashable, list[tuple[float, float]]] = {}
    for group, *pair in zip(groups, first, second, strict=True):
        members.setdefault(group, []).append((pair[0], pair[1]))
    return agreement(pair for group in members.values() for pair in combinations(group, 2))


def agreement(pairs: Iterable[tuple[tuple[float, float], tuple[float, float]]]) -> float | None:
    """Kendall's τ_b over the given pairs."""
    difference = ordered_first = ordered_second = 0
    for (a, x), (b, y) in pairs:
        first, second = (a > b) - (a < b), (x > y) - (x < y)
        difference += first * second
        ordered_first += first != 0
        ordered_second += second != 0
    spread = ordered_first * ordered_second
    return difference / sqrt(spread) if spread else None


def ranks(values: Values) -> list[float]:
    """The rank of each value from 1; equals share the mean of theirs."""
    ordered = sorted(values)
    first = {value: place for place, value in reversed(list(enumerate(ordered, 1)))}
    last = {value: place for place, value in enumerate(ordered, 1)}
    return [(first[value] + last[value]) / 2 for value in values]
