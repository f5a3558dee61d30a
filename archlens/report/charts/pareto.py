"""Networks by two of their numbers, and the front: those that none other beats in both."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import altair as alt

from archlens.report.charts.front import Point, front
from archlens.report.charts.labels import HEIGHT, labelled
from archlens.report.charts.quantity import Quantity
from archlens.report.charts.theme import (
    COLOURS,
    MUTED,
    SHAPES,
    WIDTH,
    Chart,
    framed,
    rows_of,
    signature,
)

__all__ = ["pareto"]

OTHERS = "others"
PERCENT = "%"
FEW = 60
"""Points up to which each has its interval drawn; of more, those with a name."""


def pareto(
    points: Sequence[Point],
    x: Quantity,
    y: Quantity,
    *,
    title: str = "",
    colour: str = "family",
    labels: int = 14,
    source: Sequence[str] = (),
) -> Chart:
    """A dot a network, the front as a line, and names beside the most telling of it.

    title   what to see; how many are on the front unless given
    colour  what the groups are: the heading of the legend
    labels  how many names at most: with 3, the two ends of the front and its middle
    source  lines below, beside the version of archlens: the device and its evidence
    """
    drawable = [point for point in points if positive(point, x, y)]
    best = front(drawable, x, y)
    groups = groups_of(drawable, best)
    named = chosen(best, labels)
    whiskers = drawable if len(drawable) <= FEW else named
    x_ends = [end for point in whiskers for end in point.x_range or ()]
    y_ends = [end for point in whiskers for end in point.y_range or ()]
    x_domain = x.domain([point.x for point in drawable] + x_ends or [1.0])
    y_domain = y.domain([point.y for point in drawable] + y_ends or [1.0])
    across = alt.X("x:Q", scale=x.scale(x_domain), axis=x.axis(x_domain))
    up = alt.Y("y:Q", scale=y.scale(y_domain), axis=y.axis(y_domain))
    layers = [
        line(best, across, up, x),
        *intervals(whiskers, across, up),
        dots(drawable, best, groups, across, up, x, y, colour),
        labelled(named, drawable, (x, y), (x_domain, y_domain), across, up, whiskers),
    ]
    left_out = len(points) - len(drawable)
    told = [
        f"line: the front, {direction(x)} {x.title} and {direction(y)} {y.title}; each dot is one of "
        f"{len(drawable)}",
        *([f"{left_out} without such numbers are left out"] if left_out else []),
        *(["hollow: lower bounds (≥), as something could not be costed; they beat nobody"]
          if any(not point.complete for point in drawable) else []),
    ]  # fmt: skip
    return framed(
        alt.layer(*layers).properties(width=WIDTH, height=HEIGHT),
        title=title
        or f"{len(best)} of {len(drawable)} networks are beaten by none in {x.title} and {y.title}",
        subtitle=told,
        source=signature(source),
    )


def positive(point: Point, x: Quantity, y: Quantity) -> bool:
    """Whether both numbers are above 0: a logarithmic axis has no others, and no accuracy is 0."""
    return all(
        number > 0 or not (quantity.logarithmic or quantity.unit == PERCENT)
        for number, quantity in ((point.x, x), (point.y, y))
    )


def direction(quantity: Quantity) -> str:
    """The word for the better end of an axis: most, or least."""
    return "most" if quantity.larger else "least"


def groups_of(points: Sequence[Point], best: Sequence[Point]) -> dict[str, str]:
    """By group what it is called in the legend: as many as there are colours, the rest together.

    Those with the most networks on the front have colours of their own, then the largest. Numbers, which are
    values of a setting, all have one.
    """
    sizes, leading = Counter(each.group for each in points), Counter(each.group for each in best)
    order = sorted(sizes, key=lambda group: (-leading[group], -sizes[group], group))
    if len(order) <= len(COLOURS) or is_numeric(sizes):
        return {group: group or OTHERS for group in sizes}
    kept = {*order[: len(COLOURS)]}
    return {group: group if group in kept else OTHERS for group in sizes}


def is_numeric(groups: Iterable[str]) -> bool:
    """Whether all groups are numbers, and enough of them to be more than names."""
    listed = [*groups]
    try:
        [float(group) for group in listed]
    except ValueError:
        return False
    return len(listed) > 2


def dots(
    points: Sequence[Point], best: Sequence[Point], groups: dict[str, str],
    across: alt.X, up: alt.Y, x: Quantity, y: Quantity, colour: str,
) -> Any:  # fmt: skip
    """The networks, coloured and shaped by group; those on the front are drawn larger."""
    leading = {id(point) for point in best}
    rows = [
        {
            "name": each.name, "x": each.x, "y": each.y, "group": each.group, "shown": groups[each.group],
            "front": id(each) in leading, "complete": each.complete,
        }
        for each in sorted(points, key=lambda each: groups[each.group] != OTHERS)
    ]  # fmt: skip
    shown = [*dict.fromkeys(groups.values())]
    mark = alt.Chart(rows_of(rows)).mark_point(strokeWidth=1.2)
    tooltip = [
        alt.Tooltip("name:N", title="network"), alt.Tooltip("group:N", title=colour),
        alt.Tooltip("x:Q", title=x.heading, format=".4~s"),
        alt.Tooltip("y:Q", title=y.heading, format=".4~s"),
    ]  # fmt: skip
    size = alt.Size("front:N", scale=alt.Scale(domain=[False, True], range=[26, 70]), legend=None)
    filled = alt.FillOpacity(
        "complete:N", scale=alt.Scale(domain=[False, True], range=[0, 0.75]), legend=None
    )
    if is_numeric(shown):
        order = sorted(shown, key=float)
        paint = alt.Scale(domain=order, scheme="viridis")
        key = alt.Legend(title=colour)
        return mark.encode(
            x=across, y=up, size=size, tooltip=tooltip, fillOpacity=filled,
            color=alt.Color("shown:O", scale=paint, sort=order, legend=key),
            fill=alt.Fill("shown:O", scale=paint, sort=order, legend=key),
        )  # fmt: skip
    order = sorted(shown, key=lambda group: (group == OTHERS, group))
    own = [group for group in order if group != OTHERS]
    colours = [*COLOURS[: len(own)], *(["#b3b9c0"] if OTHERS in order else [])]
    shapes = [*SHAPES[: len(own)], *(["circle"] if OTHERS in order else [])]
    legend = alt.Legend(title=colour) if len(order) > 1 else None
    paint = alt.Scale(domain=order, range=colours)
    return mark.encode(
        x=across, y=up, size=size, tooltip=tooltip, fillOpacity=filled,
        color=alt.Color("shown:N", scale=paint, legend=legend),
        fill=alt.Fill("shown:N", scale=paint, legend=legend),
        shape=alt.Shape("shown:N", scale=alt.Scale(domain=order, range=shapes), legend=legend),
    )  # fmt: skip


def line(best: Sequence[Point], across: alt.X, up: alt.Y, x: Quantity) -> Any:
    """The front as a line of steps; every network behind it is beaten by one on it."""
    rows = [{"x": each.x, "y": each.y, "name": each.name} for each in best]
    steps: Any = "step-before" if x.larger else "step-after"
    return (
        alt.Chart(rows_of(rows))
        .mark_line(interpolate=steps, color=MUTED, strokeWidth=1.2)
        .encode(x=across, y=up, order=alt.Order("x:Q"))
    )


def intervals(points: Sequence[Point], across: alt.X, up: alt.Y) -> list[Any]:
    """Between which numbers a prediction lies, as thin rules."""
    made: list[Any] = []
    rule: dict[str, Any] = {"color": MUTED, "strokeWidth": 1, "opacity": 0.45}
    rows = [{"x": p.x_range[0], "to": p.x_range[1], "y": p.y, "name": p.name} for p in points if p.x_range]
    if rows:
        made.append(alt.Chart(rows_of(rows)).mark_rule(**rule).encode(x=across, x2="to:Q", y=up))
    rows = [{"y": p.y_range[0], "to": p.y_range[1], "x": p.x, "name": p.name} for p in points if p.y_range]
    if rows:
        made.append(alt.Chart(rows_of(rows)).mark_rule(**rule).encode(x=across, y=up, y2="to:Q"))
    return made


def chosen(best: Sequence[Point], most: int) -> list[Point]:
    """The points of the front that get a name: both ends, the middle, then others evenly between them."""
    if len(best) <= most:
        return [*best]
    if most < 3:
        return [*best[:most]]
    places = {round(i * (len(best) - 1) / (most - 1)) for i in range(most)}
    return [best[place] for place in sorted(places)]
