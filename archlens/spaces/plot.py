"""The front of a sweep as a picture: the variants within the budget, the front, its three best by name."""

from math import ceil
from typing import Any

from archlens.errors import UsageError, nearest
from archlens.report.charts.front import Point
from archlens.report.charts.pareto import pareto
from archlens.report.charts.quantity import Quantity
from archlens.spaces.figures import Objective, figure
from archlens.spaces.sweep import Found, Sweep
from archlens.spaces.tables import counted, setting

__all__ = ["MOST_POINTS", "front_chart", "quantity"]

MOST_POINTS = 400
"""Dots that are told apart; of more variants, every so many-th in the order of evaluation, and the front."""
NAMED = 3
UNITS = {"time": "seconds", "bytes": "bytes"}


def front_chart(sweep: Sweep, colour: str | None = None) -> Any:
    """The chart of a sweep with two objectives.

    colour  the setting that colours the points; that which explains most of the first objective unless given

    Raises a UsageError for other than two objectives, and for a setting that does not differ.
    """
    if len(sweep.objectives) != 2:
        raise UsageError(f"a picture has two axes: name two objectives, not {len(sweep.objectives)}")
    across, up = sweep.objectives
    keys = [each.key for each in sweep.space.dimensions]
    if colour is None:
        shares = sweep.importance(across.key).shares
        colour = max(keys, key=lambda key: shares[key])
    elif colour not in keys:
        hint = nearest(colour, keys) or f"; there are {', '.join(keys)}"
        raise UsageError(f"--colour {colour}: no such setting differs{hint}")
    best = sweep.front()
    leading = {each.number for each in best}
    others = [each for each in drawn(sweep) if each.number not in leading]
    points = [point(each, across, up, colour) for each in (*best, *others)]
    identity = sweep.store.kept("identity")
    within = sweep.store.matching(sweep.where)
    axes = quantity(across), quantity(up)
    source = [
        f"{sweep.space.model}, {sweep.space.about}; {counted(sweep)}",
        *([f"drawn: the front, and {len(others):,} of the others"] if len(points) < within else []),
        f"names: {' · '.join(keys)}",
        *([f"latency predicted for {identity['device'][0]}"] if identity["device"] else []),
    ]
    title = f"{len(best):,} of {within:,} variants are beaten by none in {axes[0].title} and {axes[1].title}"
    return pareto(points, *axes, title=title, colour=colour, labels=NAMED, source=source)


def drawn(sweep: Sweep) -> list[Found]:
    """The variants within the budget, thinned where there are too many to be seen."""
    step = max(1, ceil(sweep.store.matching(sweep.where) / MOST_POINTS))
    return [each for place, each in enumerate(sweep.within()) if place % step == 0]


def point(found: Found, across: Objective, up: Objective, colour: str) -> Point:
    """A variant as a dot."""
    return Point(
        name=brief(found),
        x=float(found.metrics[across.key]),
        y=float(found.metrics[up.key]),
        group=setting(colour, found.settings[colour]),
    )


def brief(found: Found) -> str:
    """What a variant is called in a picture: the values of its settings alone."""
    return " · ".join(setting(key, value).strip("[]") for key, value in found.settings.items())


def quantity(wanted: Objective) -> Quantity:
    """An objective as an axis."""
    known = figure(wanted.key)
    title = "predicted latency" if wanted.key == "latency" else known.label
    return Quantity(title, UNITS.get(known.kind, ""), larger=wanted.largest)
