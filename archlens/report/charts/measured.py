"""Where the measured time of networks goes: a bar a network, made of its kinds of work, stages or nodes."""

from collections.abc import Sequence
from typing import Any

import altair as alt

from archlens.latency.sampling.breakdown import REST, Breakdown, By
from archlens.latency.sampling.measurement import Measurement
from archlens.quantity import duration
from archlens.report.charts.theme import COLOURS, WIDTH, Chart, framed, rows_of, signature
from archlens.report.latency import how

__all__ = ["COLOUR_OF_WORK", "measured_breakdown"]

COLOUR_OF_WORK = {
    "convolution, dense": "#08306b", "convolution, 1×1": "#2171b5", "convolution, grouped": "#6baed6",
    "convolution, depthwise": "#c6dbef", "linear and products": "#54278f", "normalization": "#238b45",
    "activation": "#74c476", "element-wise": "#c7e9c0", "pooling": "#fdd0a2", "data movement": "#f16913",
    "other": "#bcbddc", REST: "#bdbdbd",
}  # fmt: skip
NAMED = 24
"""Parts that a legend tells apart, at most; of more, the names stand in tooltips."""
THICK = 34


def measured_breakdown(
    breakdowns: Sequence[Breakdown], measurements: Sequence[Measurement], by: By = "work"
) -> Chart:
    """A bar a network, and in it a piece for each kind of work, stage or node, and for the rest.

    Where the parts come to more than the whole, the bar is of all parts: it ends at its frame.
    """
    rows = [piece for each in breakdowns for piece in pieces(each, by)]
    parts = [*dict.fromkeys(row["part"] for row in rows)]
    if by == "work":
        parts = [kind for kind in COLOUR_OF_WORK if kind in parts]
    colours = [COLOUR_OF_WORK.get(part, COLOURS[i % len(COLOURS)]) for i, part in enumerate(parts)]
    legend = alt.Legend(title=None, symbolLimit=NAMED) if len(parts) <= NAMED else None
    bars = (
        alt.Chart(rows_of(rows))
        .mark_bar(stroke="white", strokeWidth=0.6, size=0.7 * THICK)
        .encode(
            x=alt.X(
                "from:Q",
                scale=alt.Scale(domain=[0, 1], nice=False),
                axis=alt.Axis(title="share of the measured time (%)", format="~%", tickCount=6),
            ),
            x2="to:Q",
            y=alt.Y("network:N", sort=None, axis=alt.Axis(title=None, ticks=False, domain=False)),
            color=alt.Color("part:N", scale=alt.Scale(domain=parts, range=colours), legend=legend),
            tooltip=["network:N", "part:N", alt.Tooltip("seconds:Q", format=".3~s"), "share:Q"],
        )
    )
    doubted = [each.model for each in breakdowns if not each.adds_up]
    subtitle = [how(measurements)]
    if doubted:
        subtitle.append(f"{', '.join(doubted)}: the parts do not add up, so something disturbed them")
    if legend is None:
        subtitle.append(f"{len(parts)} parts, in the order in which they run")
    return framed(
        bars.properties(width=WIDTH, height=alt.Step(THICK)),
        title=headline(breakdowns, rows),
        subtitle=subtitle,
        source=signature(dict.fromkeys(str(each.machine) for each in measurements)),
    )


def pieces(each: Breakdown, by: By) -> list[dict[str, Any]]:
    """The pieces of a bar from left to right, each with its seconds and its share of the network's time."""
    parts = each.parts(by)
    if by == "work":
        order = [*COLOUR_OF_WORK]
        parts = tuple(sorted(parts, key=lambda part: order.index(part.name)))
    whole = sum(max(part.seconds, 0.0) for part in parts)
    found: list[dict[str, Any]] = []
    reached = 0.0
    for part in parts:
        if part.seconds > 0:
            share = part.seconds / whole
            found.append(
                {
                    "network": f"{each.model}, {duration(each.seconds)}", "part": part.name,
                    "seconds": part.seconds, "share": share, "from": reached, "to": reached + share,
                }
            )  # fmt: skip
            reached += share
    return found


def headline(breakdowns: Sequence[Breakdown], rows: Sequence[dict[str, Any]]) -> str:
    """What takes the most time."""
    if len(breakdowns) != 1:
        return "Where the measured time goes"
    most = max(rows, key=lambda row: float(row["share"]))
    return f"{breakdowns[0].model}: {100 * most['share']:.0f} % of the measured time is {most['part']}"
