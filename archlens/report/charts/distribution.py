"""How a number is distributed among many variants, and how others go with it; networks are marked in it."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from math import log10
from typing import Any

import altair as alt

from archlens.report.charts.quantity import Quantity
from archlens.report.charts.theme import COLOURS, INK, MUTED, SHAPES, WIDTH, Chart, framed, rows_of, signature

__all__ = ["Marked", "distribution"]

BINS = 48
TALL, LOW = 220, 170
"""Pixels of the panels' heights."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A network, or a variant: its numbers in the order of the quantities, and what it is coloured by."""

    name: str
    numbers: tuple[float, ...]
    group: str = ""


def distribution(
    variants: Sequence[Marked], networks: Sequence[Marked], quantities: Sequence[Quantity], *,
    title: str, drawn: Sequence[Marked], groups: Sequence[str] = (), colour: str = "",
    subtitle: Sequence[str] = (), source: Sequence[str] = (),
) -> Chart:  # fmt: skip
    """A histogram of the first number, and below it a panel for each other one against it.

    variants    all that are counted in the histogram
    networks    those that are marked, by name
    quantities  what the numbers are
    drawn       the variants that are dots in the panels: all, or so few that they can be told apart
    groups      in the order of their colours; none where nothing is told apart
    colour      what the groups are: the heading of the legend
    """
    groups = [*groups] or [""]
    first = quantities[0]
    domain = first.domain([each.numbers[0] for each in (*variants, *networks)])
    across = alt.X("x:Q", scale=first.scale(domain), axis=first.axis(domain))
    paint = painted(groups, colour)
    panels = [histogram(variants, networks, groups, first, domain, across, paint)]
    panels += [
        panel(drawn, networks, place, quantity, across, paint, groups)
        for place, quantity in enumerate(quantities)
        if place
    ]
    return framed(alt.vconcat(*panels, spacing=26), title=title, subtitle=subtitle, source=signature(source))


def painted(groups: Sequence[str], colour: str) -> dict[str, Any]:
    """The colour of each group, with a legend where there are several."""
    legend = alt.Legend(title=colour) if len(groups) > 1 else None
    hues = [COLOURS[place % len(COLOURS)] for place in range(len(groups))]
    return {"color": alt.Color("group:N", scale=alt.Scale(domain=groups, range=hues), legend=legend)}


def edges(quantity_domain: tuple[float, float], *, logarithmic: bool) -> list[float]:
    """The ends of the bins, evenly apart on the axis.

    >>> edges((1, 16), logarithmic=True)[BINS // 2]
    4.0
    """
    low, high = quantity_domain
    if logarithmic:
        step = (log10(high) - log10(low)) / BINS
        return [low * 10 ** (step * i) for i in range(BINS + 1)]
    return [low + (high - low) * i / BINS for i in range(BINS + 1)]


def histogram(
    variants: Sequence[Marked], networks: Sequence[Marked], groups: Sequence[str],
    first: Quantity, domain: tuple[float, float], across: alt.X, paint: dict[str, Any],
) -> Any:  # fmt: skip
    """How many variants have about as much, with a rule and a name for each network."""
    ends = edges(domain, logarithmic=first.logarithmic)
    rows: list[dict[str, Any]] = []
    counts: dict[tuple[int, str], int] = {}
    for each in variants:
        place = min(bisect_right(ends, each.numbers[0]) - 1, BINS - 1)
        counts[place, each.group] = counts.get((place, each.group), 0) + 1
    for place in range(BINS):
        base = 0
        for group in groups:
            if number := counts.get((place, group), 0):
                rows.append(
                    {
                        "x": ends[place],
                        "to": ends[place + 1],
                        "base": base,
                        "top": base + number,
                        "group": group,
                    }
                )
                base += number
    most = max(row["top"] for row in rows)
    up = alt.Y("base:Q", title="variants", scale=alt.Scale(domain=[0, most * (1 + 0.09 * len(networks))]))
    bars = (
        alt.Chart(rows_of(rows))
        .mark_bar(stroke="white", strokeWidth=0.5, opacity=0.85)
        .encode(x=across, x2="to:Q", y=up, y2="top:Q", **paint)
    )
    marks: list[Any] = []
    for place, each in enumerate(sorted(networks, key=lambda one: one.numbers[0])):
        height = most * (1 + 0.09 * (len(networks) - place) - 0.03)
        row = rows_of([{"x": each.numbers[0], "base": 0, "top": height, "name": each.name}])
        late = bisect_right(ends, each.numbers[0]) > 0.6 * BINS
        marks.append(
            alt.Chart(row).mark_rule(color=INK, strokeWidth=1.4).encode(x=across, y="base:Q", y2="top:Q")
        )
        marks.append(
            alt.Chart(row)
            .mark_text(align="right" if late else "left", dx=-5 if late else 5, fontSize=11, color=INK)
            .encode(x=across, y="top:Q", text="name:N")
        )
    return alt.layer(bars, *marks).properties(width=WIDTH, height=TALL)


def panel(
    drawn: Sequence[Marked], networks: Sequence[Marked], place: int, quantity: Quantity,
    across: alt.X, paint: dict[str, Any], groups: Sequence[str],
) -> Any:  # fmt: skip
    """Another number of each variant against the first, with the networks as large dots."""
    domain = quantity.domain([each.numbers[place] for each in (*drawn, *networks)])
    up = alt.Y("y:Q", scale=quantity.scale(domain), axis=quantity.axis(domain))

    def dots(shown: Sequence[Marked]) -> alt.InlineData:
        return rows_of(
            {"x": each.numbers[0], "y": each.numbers[place], "group": each.group, "name": each.name}
            for each in shown
        )

    shapes = alt.Shape(
        "group:N", legend=None,
        scale=alt.Scale(domain=[*groups], range=[SHAPES[i % len(SHAPES)] for i in range(len(groups))]),
    )  # fmt: skip
    variants = (
        alt.Chart(dots(drawn)).mark_point(size=16, opacity=0.45, filled=True)
        .encode(x=across, y=up, tooltip="name:N", shape=shapes, **paint)
    )  # fmt: skip
    marked = (
        alt.Chart(dots(networks))
        .mark_point(size=110, filled=True, color=INK, opacity=1, shape="diamond", stroke="white")
        .encode(x=across, y=up, tooltip="name:N")
    )
    rules = alt.Chart(dots(networks)).mark_rule(color=MUTED, strokeDash=[3, 3]).encode(x=across)
    return alt.layer(variants, rules, marked).properties(width=WIDTH, height=LOW)
