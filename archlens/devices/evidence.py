"""What a profile is told by: networks with their times, and what was predicted of them unseen."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from archlens.devices.predict import NEAR, ROOM
from archlens.devices.profile import Seen
from archlens.devices.solve import Solution

__all__ = [
    "LEVEL", "Left", "Timed", "figure", "interval", "is_outside", "largest_shares", "seen", "shares_of",
    "widening",
]  # fmt: skip

LEVEL = 0.9
WIDENING = (1.25, 4.0)
ENOUGH = 10
"""Networks on either side that it takes to tell how much wider an interval has to be outside."""
LEAST = 5
"""Networks inside of what was seen that an interval takes; with fewer, it is told by all."""


@dataclass(frozen=True, slots=True)
class Timed:
    """A network, and how long a batch of it took.

    amounts  by term, for each view in which it was counted
    """

    model: str
    family: str
    batch: int
    seconds: float
    amounts: Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Left:
    """What was predicted of a network when its family was left out, and whether it was outside then."""

    row: Timed
    predicted: float
    outside: bool

    @property
    def error(self) -> float:
        """|predicted − measured| / measured"""
        return abs(self.predicted / self.row.seconds - 1)


def interval(left: Sequence[Left]) -> tuple[float, float]:
    """Between which factors of what is predicted the middle 90 % of what was measured lies.

    Of networks inside of what was seen. Each family weighs the same, however many networks it has, as the
    next network is of a family that nobody has seen; one family more, of which nothing is known, weighs half
    on either end, as in conformal prediction.
    """
    inside = [each for each in left if not each.outside]
    inside = inside if len(inside) >= LEAST else list(left)
    sizes = Counter(each.row.family for each in inside)
    ordered = sorted((each.row.seconds / each.predicted, 1 / sizes[each.row.family]) for each in inside)
    tail = (1 - LEVEL) / 2 * (len(sizes) + 1) - 0.5
    return min(end(ordered, tail), 1.0), max(end(ordered[::-1], tail), 1.0)


def end(ordered: Sequence[tuple[float, float]], tail: float) -> float:
    """The first value with which more than this weight is passed."""
    passed = 0.0
    for value, weight in ordered:
        passed += weight
        if passed > tail:
            return value
    return ordered[-1][0]


def widening(left: Sequence[Left]) -> float:
    """How many times as far, in logarithms, networks outside of what was seen are off."""
    ends = []
    for outside in (False, True):
        off = sorted(
            abs(math.log(each.predicted / each.row.seconds)) for each in left if each.outside == outside
        )
        if len(off) < ENOUGH:
            return 1.5
        ends.append(off[math.ceil(LEVEL * len(off)) - 1])
    return min(max(ends[1] / ends[0], WIDENING[0]), WIDENING[1])


def shares_of(row: Timed, view: str, found: Solution, seconds: float) -> dict[str, float]:
    """The share of each term in what is predicted."""
    return {
        term: found.coefficients.get(term, 0.0) * amount / seconds
        for term, amount in row.amounts[view].items()
        if term != "constant"
    }


def largest_shares(rows: Sequence[Timed], view: str, found: Solution) -> dict[str, float]:
    """The largest share that each term has in any of the networks."""
    most: dict[str, float] = {}
    predictions = found.seconds([row.amounts[view] for row in rows]).tolist()
    for row, value in zip(rows, predictions, strict=True):
        for term, share in shares_of(row, view, found, value).items():
            most[term] = max(most.get(term, 0.0), share)
    return most


def is_outside(shares: Mapping[str, float], most: Mapping[str, float]) -> bool:
    """Whether a share is larger than what was seen, as `archlens.devices.predict` has it."""
    return any(share > NEAR * most.get(term, 0.0) + ROOM for term, share in shares.items())


def seen(rows: Sequence[Timed], view: str, found: Solution) -> Seen:
    """The ranges of the networks that a profile is fitted to: batches, seconds, shares of each term."""
    batches, seconds = [row.batch for row in rows], [row.seconds for row in rows]
    shares = largest_shares(rows, view, found)
    return Seen(
        batch=(min(batches), max(batches)),
        seconds=(figure(min(seconds)), figure(max(seconds))),
        shares={term: figure(share) for term, share in shares.items() if share >= 0.0005},
    )


def figure(value: float, digits: int = 4) -> float:
    """A number with so many significant digits."""
    return float(f"{value:.{digits}g}")
