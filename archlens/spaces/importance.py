"""Which settings matter: the share of a metric's variance that each explains by itself."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

__all__ = ["Importance", "importance"]

MOST_GROUPS = 64
"""Values of one setting that are told apart; more are taken together, neighbours with neighbours."""


@dataclass(frozen=True, slots=True)
class Importance:
    """The share of each setting, and what is left.

    shares    by the setting's key, in the order of the space
    variants  how many variants it was worked out from
    """

    shares: dict[str, float]
    variants: int

    @property
    def together(self) -> float | None:
        """The share that settings explain only together; None where settings overlap."""
        rest = 1.0 - sum(self.shares.values())
        return rest if self.shares and rest >= 0 else None


class Sums:
    """How many values there are, their sum and that of their squares, around a value near their middle."""

    __slots__ = ("count", "mean", "squares")

    def __init__(self) -> None:
        self.count, self.mean, self.squares = 0, 0.0, 0.0

    def add(self, value: float) -> None:
        """Take one in (Welford 1962): squares is Σ (value − mean)²."""
        self.count += 1
        step = value - self.mean
        self.mean += step / self.count
        self.squares += step * (value - self.mean)


def importance(
    rows: Iterable[tuple[Sequence[Hashable], float]], keys: Sequence[str], *, whole: bool
) -> Importance:
    """The share of each setting x in the variance of a metric y, over the variants given.

    rows   the places of a variant's values, one a setting, and its y; read once
    keys   what the settings are called
    whole  whether these are all variants of the space, and no sample

    share of x = Var(E[y | x]) / Var(y) = Σ_v n_v (ȳ_v − ȳ)² / Σ (y − ȳ)²

    the first-order index of Sobol' (1993), the squared correlation ratio η². In a sample, groups differ by
    chance, too, so that η² is too large: there it is ε² = 1 − (1 − η²)(n − 1)/(n − groups) (Kelley 1935),
    0 at least. Where settings are independent, as in a space without conditions in which every variant fits,
    shares add up to at most 1, and the rest is due to settings together.
    """
    total = Sums()
    groups: list[dict[Hashable, Sums]] = [{} for _ in keys]
    for values, y in rows:
        total.add(y)
        for group, value in zip(groups, values, strict=True):
            sums = group.get(value)
            if sums is None:
                sums = group[value] = Sums()
            sums.add(y)
    shares = {}
    for key, group in zip(keys, groups, strict=True):
        between = sum(each.count * (each.mean - total.mean) ** 2 for each in group.values())
        share = min(1.0, between / total.squares) if total.squares > 0 else 0.0
        if not whole and len(group) < total.count:
            share = max(0.0, 1 - (1 - share) * (total.count - 1) / (total.count - len(group)))
        shares[key] = share
    return Importance(shares, total.count)


def grouped(place: int, count: int) -> int:
    """The group of a value: of many values that rise, neighbours are one group."""
    return place if count <= MOST_GROUPS else place * MOST_GROUPS // count
