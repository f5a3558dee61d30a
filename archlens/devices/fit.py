"""Networks and how long they took → a device profile, with errors for families that it was not fitted to."""

import math
import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import Any

from archlens.devices.predict import NEAR, ROOM
from archlens.devices.profile import DeviceProfile, Evidence, Seen
from archlens.devices.solve import Options, Solution, solve
from archlens.devices.terms import VIEWS, amounts, works
from archlens.errors import DeviceError
from archlens.graph import Graph

__all__ = [
    "Left", "Timed", "choices", "choose", "fit", "fit_and_test", "folds", "interval", "left_out", "predicted",
    "ratios", "timed",
]  # fmt: skip

LEAST_NETWORKS = 5
LEAST_FAMILIES = 3
FEW = 20
"""Below as many networks all kinds of work have the rate that they share, or the ratios of profiles alike."""
APART = (0.3, 0.7)
FOLDS = 8
INNER = 4
"""Parts into which families are dealt, each left out in turn; inner ones choose, outer ones test."""
NOISE = 0.5
"""A median error from which on times cannot be told from noise."""
LEVEL = 0.9
WIDENING = (1.25, 4.0)
ENOUGH = 10
"""Networks outside of what was seen that it takes to tell how much wider their interval has to be."""


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


def timed(
    graph: Graph, seconds: float, *, batch: int, family: str = "", views: Iterable[str] = VIEWS
) -> Timed:
    """A row from a graph of any batch. Raises a DeviceError for one that is not complete."""
    if not graph.complete:
        missing = ", ".join(sorted({node.op.kind for node in graph.uncosted}))
        raise DeviceError(f"{graph.model} cannot be fitted to: nobody knows what {missing} costs")
    scale = batch / graph.input_shape[0]
    counted = {view: amounts(works(graph, view, scale)) for view in views}
    return Timed(graph.model, family or graph.family or graph.model, batch, seconds, counted)


def fit(
    rows: Sequence[Timed],
    *,
    source: str,
    licence: str,
    date: str,
    alike: Sequence[DeviceProfile] = (),
    **about: Any,
) -> DeviceProfile:
    """A profile of the device that took these times: `fit_and_test` without what it tested."""
    return fit_and_test(rows, source=source, licence=licence, date=date, alike=alike, **about)[0]


def fit_and_test(
    rows: Sequence[Timed],
    *,
    source: str,
    licence: str,
    date: str,
    alike: Sequence[DeviceProfile] = (),
    **about: Any,
) -> tuple[DeviceProfile, list[Left]]:
    """A profile of the device that took these times, and every network predicted without its family.

    rows                   one for each network and batch
    source, licence, date  of the evidence
    alike                  profiles of devices of the same kind, whose ratios between kinds are expected
    about                  the other fields of the profile: name, title, device, engine, …

    How kinds of work are told apart and in which view is chosen by families left out; so are the errors
    that the profile names, of families left out of the choice, too.

    Raises a DeviceError for too few networks or families, and for times that are noise.
    """
    check(rows)
    relative = ratios(alike)
    options = choices(rows)
    chosen = choose(rows, options, relative)
    found = solved(rows, chosen, relative)
    left = left_out(rows, options, relative)
    errors = [each.error for each in left]
    if median(errors) > NOISE:
        raise DeviceError(
            f"the times are noise, or not of one device: of families left out, half of the networks are more "
            f"than {NOISE:.0%} off, {median(errors):.0%} in the median"
        )
    low, high = interval(left)
    evidence = Evidence(
        source=source, licence=licence, date=date,
        networks=len(rows), families=len({row.family for row in rows}),
        mape=figure(fmean(errors)), median=figure(median(errors)),
        within10=figure(fmean(error <= 0.1 for error in errors)),
        low=figure(low), high=figure(high), level=LEVEL, outside=figure(widening(left)),
    )  # fmt: skip
    profile = DeviceProfile(
        view=chosen.view,
        coefficients={term: figure(value, 5) for term, value in found.coefficients.items()},
        evidence=evidence,
        seen=seen(rows, chosen.view, found),
        **about,
    )
    return profile, left


def check(rows: Sequence[Timed]) -> None:
    """Raise a DeviceError for what no profile can be fitted to."""
    networks, families = {row.model for row in rows}, {row.family for row in rows}
    if len(networks) < LEAST_NETWORKS or len(families) < LEAST_FAMILIES:
        raise DeviceError(
            f"a profile takes {LEAST_NETWORKS} networks of {LEAST_FAMILIES} families at least, better 20 of "
            f"20: there are {len(networks)} of {len(families)}"
        )
    for row in rows:
        if not (math.isfinite(row.seconds) and row.seconds > 0):
            raise DeviceError(f"{row.model} took {row.seconds} s, which is no time")


def choices(rows: Sequence[Timed]) -> tuple[Options, ...]:
    """What can be chosen for so many networks."""
    views = list(rows[0].amounts)
    apart = (0.0,) if len(rows) < FEW else APART
    return tuple(Options(view, each) for view in views for each in apart)


def choose(rows: Sequence[Timed], options: Sequence[Options], relative: Mapping[str, float]) -> Options:
    """The option with which families that are left out are predicted best: by the mean of the logarithms of
    their ratios, none of them counted as more than a factor of 1.5.
    """
    if len(options) == 1:
        return options[0]

    def loss(option: Options) -> float:
        left = [each for fold in folds(rows, INNER, 1) for each in predicted(rows, fold, option, relative)]
        return fmean(min(abs(math.log(each.predicted / each.row.seconds)), 0.4) for each in left)

    return min(options, key=loss)


def left_out(
    rows: Sequence[Timed], options: Sequence[Options], relative: Mapping[str, float] | None = None
) -> list[Left]:
    """Every network, predicted by what the networks of other families were fitted to and chosen by."""
    found = []
    for fold in folds(rows, FOLDS, 0):
        outside = [row for row in rows if row.family not in fold]
        found += predicted(rows, fold, choose(outside, options, relative or {}), relative or {})
    return found


def predicted(
    rows: Sequence[Timed], fold: frozenset[str], option: Options, relative: Mapping[str, float]
) -> list[Left]:
    """The networks of some families, from those of the others."""
    known = [row for row in rows if row.family not in fold]
    asked = [row for row in rows if row.family in fold]
    found = solved(known, option, relative)
    most = largest_shares(known, option.view, found)
    seconds = found.seconds([row.amounts[option.view] for row in asked]).tolist()
    return [
        Left(row, value, is_outside(shares_of(row, option.view, found, value), most))
        for row, value in zip(asked, seconds, strict=True)
    ]


def solved(rows: Sequence[Timed], option: Options, relative: Mapping[str, float]) -> Solution:
    """The coefficients that rows give with these options."""
    listed = [row.amounts[option.view] for row in rows]
    return solve(listed, [row.seconds for row in rows], option.apart, relative)


def folds(rows: Sequence[Timed], count: int, seed: int) -> list[frozenset[str]]:
    """Families in parts of about as many networks each; one family a part where there are few."""
    sizes = Counter(row.family for row in rows)
    families = sorted(sizes)
    random.Random(seed).shuffle(families)
    parts: list[set[str]] = [set() for _ in range(min(count, len(families)))]
    filled = [0] * len(parts)
    for family in sorted(families, key=lambda each: -sizes[each]):
        smallest = filled.index(min(filled))
        parts[smallest].add(family)
        filled[smallest] += sizes[family]
    return [frozenset(part) for part in parts]


def ratios(alike: Sequence[DeviceProfile]) -> dict[str, float]:
    """How far the rate of each kind lies from that of its cause, in logarithms, the mean of several devices.

    Measured from the mean of the cause's kinds in the same profile.
    """
    found: dict[str, list[float]] = {}
    for profile in alike:
        logs = {term: math.log(value) for term, value in profile.coefficients.items() if value > 0}
        for first in ("arithmetic", "memory", "launches"):
            kinds = {term: value for term, value in logs.items() if term.startswith(first + ".")}
            centre = median(kinds.values()) if kinds else 0.0
            for term, value in kinds.items():
                found.setdefault(term, []).append(max(-3.0, min(3.0, value - centre)))
    return {term: fmean(values) for term, values in found.items()}


def interval(left: Sequence[Left]) -> tuple[float, float]:
    """Between which factors of what is predicted the middle 90 % of what was measured lies.

    Of networks inside of what was seen. The ends are one rank further out than the empirical quantiles, as
    in conformal prediction.
    """
    inside = [each for each in left if not each.outside]
    inside = inside if len(inside) >= LEAST_NETWORKS else list(left)
    ordered = sorted(each.row.seconds / each.predicted for each in inside)
    tail = (1 - LEVEL) / 2
    rank = max(0, math.floor((len(ordered) + 1) * tail) - 1)
    return min(ordered[rank], 1.0), max(ordered[-1 - rank], 1.0)


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
    """What the networks were like."""
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
