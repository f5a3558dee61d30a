"""Networks and how long they took → a device profile, with errors for families that it was not fitted to."""

import math
import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from statistics import fmean, median
from typing import Any

from archlens.devices.evidence import (
    LEVEL,
    Left,
    Timed,
    figure,
    interval,
    is_outside,
    largest_shares,
    seen,
    shares_of,
    widening,
)
from archlens.devices.profile import DeviceProfile, Evidence
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
FOLDS = 6
INNER = 5
"""Parts into which families are dealt, each left out in turn; inner ones choose, outer ones test."""
MANY = 200
"""With fewer networks each family is left out by itself where errors are told."""
NOISE = 0.5
"""A median error from which on times cannot be told from noise."""


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
    """The combinations of options that are tried for so many networks."""
    views = list(rows[0].amounts)
    apart = (0.0,) if len(rows) < FEW else APART
    return tuple(Options(view, each) for view in views for each in apart)


def choose(rows: Sequence[Timed], options: Sequence[Options], relative: Mapping[str, float]) -> Options:
    """The option with which families that are left out are predicted best: the view first, with kinds of work
    as far apart as may be, then how far. By the mean of the logarithms of their ratios, none of them counted
    as more than a factor of 1.5.
    """

    known: dict[Options, float] = {}

    def best(listed: Sequence[Options]) -> Options:
        for option in listed if len(listed) > 1 else ():
            known[option] = known.get(option) or loss(rows, option, relative)
        return min(listed, key=lambda option: known.get(option, 0.0))

    widest = max(option.apart for option in options)
    view = best([option for option in options if option.apart == widest]).view
    return best([option for option in options if option.view == view])


def loss(rows: Sequence[Timed], option: Options, relative: Mapping[str, float]) -> float:
    """The error that options leave for families that were left out of the fit."""
    off = []
    for fold in folds(rows, INNER, 1):
        found = solved([row for row in rows if row.family not in fold], option, relative)
        asked = [row for row in rows if row.family in fold]
        seconds = found.seconds([row.amounts[option.view] for row in asked]).tolist()
        off += [abs(math.log(value / row.seconds)) for value, row in zip(seconds, asked, strict=True)]
    return fmean(min(each, 0.4) for each in off)


def left_out(
    rows: Sequence[Timed], options: Sequence[Options], relative: Mapping[str, float] | None = None
) -> list[Left]:
    """Every network, predicted by what the networks of other families were fitted to and chosen by."""
    found = []
    for fold in folds(rows, FOLDS if len(rows) >= MANY else len(rows), 0):
        outside = [row for row in rows if row.family not in fold]
        found += predicted(rows, fold, choose(outside, options, relative or {}), relative or {})
    return found


def predicted(
    rows: Sequence[Timed], fold: frozenset[str], option: Options, relative: Mapping[str, float]
) -> list[Left]:
    """The predictions for the networks of some families, from a fit to those of the others."""
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
    """The coefficients that fit some rows under these options."""
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
