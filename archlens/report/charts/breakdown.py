"""Where the predicted time of a network goes, and what binds it."""

from collections.abc import Iterable
from typing import Any, Literal

import altair as alt

from archlens.analyses import Row, rows_by_stage, rows_by_work
from archlens.devices.estimate import PARTS
from archlens.quantity import duration
from archlens.report.charts.bars import down, height
from archlens.report.charts.forecast import Forecast
from archlens.report.charts.quantity import Quantity
from archlens.report.charts.theme import COLOURS, INK, WIDTH, Chart, framed, rows_of, signature
from archlens.report.table import shape

__all__ = ["COLOUR_OF", "breakdown"]

TIME = Quantity("predicted time", "seconds", logarithmic=False)
ONCE = "once a batch"
COLOUR_OF = dict(zip(PARTS, (COLOURS[0], COLOURS[1], COLOURS[4], "#8a949e"), strict=True))
"""Arithmetic, memory, weights and launches look alike on every chart."""
STRIPES = 5.0
"""Pixels between the stripes of a bar that the profile has not seen."""


def breakdown(forecast: Forecast, by: Literal["stage", "work"] = "stage") -> Chart:
    """A bar a stage or a kind of work, made of what its time goes to; hatched where it was never seen."""
    rows = cells(forecast, rows_by_stage(forecast.graph) if by == "stage" else rows_by_work(forecast.graph))
    order = [*dict.fromkeys(row["part"] for row in rows)]
    sums = {name: sum(row["seconds"] for row in rows if row["part"] == name) for name in order}
    step = height(len(order), 26)
    most = 1.14 * max(sums.values(), default=1.0) or 1.0
    across = alt.X("from:Q", scale=alt.Scale(domain=[0, most], nice=False), axis=TIME.axis())
    colour = alt.Color(
        "goes_to:N",
        scale=alt.Scale(domain=[*COLOUR_OF], range=[*COLOUR_OF.values()]),
        legend=alt.Legend(title="time goes to"),
    )
    bars = (
        alt.Chart(rows_of(rows))
        .mark_bar()
        .encode(
            x=across, x2="to:Q", y=down("part", order, step), color=colour,
            tooltip=["part:N", "goes_to:N", alt.Tooltip("seconds:Q", format=".3~s")],
        )
    )  # fmt: skip
    complete = {row["part"]: row["complete"] for row in rows}
    ends = [
        {"part": name, "from": whole, "said": ("" if complete[name] else "≥") + time_shown(whole)}
        for name, whole in sums.items()
    ]
    text = (
        alt.Chart(rows_of(ends))
        .mark_text(align="left", dx=5, fontSize=11 if step >= 14 else 8, color=INK)
        .encode(x=across, y=down("part", order, step), text="said:N")
    )
    marks = [bars, *hatched(rows, order, step, most), text]
    return framed(
        alt.layer(*marks).properties(width=WIDTH, height=alt.Step(step)),
        title=forecast.headline,
        subtitle=[
            f"predicted time by {'stage' if by == 'stage' else 'kind of work'}, batch "
            f"{forecast.estimate.batch}, input {shape(forecast.graph.input_shape)}; most of it is "
            f"{forecast.estimate.bound_by()}",
            *forecast.outside,
        ],
        source=signature(forecast.about),
    )


def cells(forecast: Forecast, parts: Iterable[Row]) -> list[dict[str, Any]]:
    """A piece of a bar each: from where to where, in seconds, what it goes to, and whether it was seen."""
    found = forecast.estimate
    rows = [
        (
            row.name,
            row.complete,
            found.parts([i for i in row.positions if i not in found.unseen]),
            found.parts([i for i in row.positions if i in found.unseen]),
        )
        for row in parts
    ]
    if found.constant:
        rows.append((ONCE, True, (0.0, 0.0, 0.0, found.constant), (0.0, 0.0, 0.0, 0.0)))
    made = []
    for name, complete, known, unknown in rows:
        reached = 0.0
        for goes_to, *both in zip(PARTS, known, unknown, strict=True):
            for seen, seconds in zip((True, False), both, strict=True):
                if seconds or (seen and goes_to == PARTS[0]):  # each row has a piece, if of no length
                    made.append(
                        {
                            "part": name, "goes_to": goes_to, "seconds": seconds, "from": reached,
                            "to": reached + seconds, "complete": complete, "seen": seen,
                        }
                    )  # fmt: skip
                reached += seconds
    return made


def hatched(rows: list[dict[str, Any]], order: list[str], step: float, most: float) -> list[alt.Chart]:
    """Stripes over the time of work that the device was never seen to run."""
    width = STRIPES * most / WIDTH
    stripes = [
        {"part": row["part"], "from": row["from"] + width * (i + 0.5)}
        for row in rows
        if not row["seen"]
        for i in range(max(1, int(row["seconds"] / width)))
    ]
    if not stripes:
        return []
    return [
        alt.Chart(rows_of(stripes))
        .mark_tick(color="white", thickness=1.5, size=0.75 * step)
        .encode(x=alt.X("from:Q"), y=down("part", order, step))
    ]


def time_shown(seconds: float) -> str:
    """A time as a label has it, and 0 without a unit."""
    return duration(seconds) if seconds else "0"
