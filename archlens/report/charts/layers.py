"""One metric of every stage or layer, as bars."""

from collections.abc import Sequence
from typing import Any

import altair as alt

from archlens.analyses import Row, analyse, rows_by_stage
from archlens.graph import Graph
from archlens.quantity import plural
from archlens.report.charts.bars import down, height, largest
from archlens.report.charts.metrics import metric_named, quantity_of
from archlens.report.charts.quantity import Quantity, shown_bound
from archlens.report.charts.theme import ACCENT, INK, WIDTH, Chart, framed, rows_of, signature
from archlens.report.metric import BY_KEY, DTYPES, number_of
from archlens.report.table import shape

__all__ = ["layers"]

LETTERED = 10
"""Pixels of a row from which on its number stands beside its bar."""


def layers(
    graph: Graph, metric: str = "multiply_adds", *, rows: Sequence[Row] | None = None, dtype: str = "float32"
) -> Chart:
    """A bar a part of the network, in the order in which they run.

    metric  a column of `archlens profile` that is a number
    rows    the parts: stages unless given

    Raises a UsageError for a metric that is none.
    """
    quantity, known = quantity_of(metric_named(metric, "metric")), BY_KEY[metric]
    parts = rows_by_stage(graph) if rows is None else rows
    found = analyse(graph, parts)
    bars: list[dict[str, Any]] = []
    for row, part in zip(parts, found.parts, strict=True):
        value = number_of(known.value(part, DTYPES[dtype]))
        if value is not None:
            said = shown_bound(quantity, value, row.complete or not known.bounded)
            bars.append({"part": row.name, "value": value, "complete": row.complete, "said": said})
    bars, others = largest(bars, lambda bar: float(bar["value"]))
    whole = number_of(known.value(found.whole, DTYPES[dtype]))
    return framed(
        drawn(bars, quantity),
        title=title(graph, metric, bars, whole),
        subtitle=[
            f"{quantity.heading} by part, in the order in which they run; input {shape(graph.input_shape)}, "
            f"{dtype}",
            *others,
            *bound(graph),
        ],
        source=signature(),
    )


def drawn(rows: list[dict[str, Any]], quantity: Quantity) -> Any:
    """The bars, with their numbers where there is room."""
    order = [row["part"] for row in rows]
    step = height(len(rows))
    most = max((row["value"] for row in rows), default=0)
    across = alt.X("value:Q", scale=alt.Scale(domain=[0, 1.12 * most or 1], nice=False), axis=quantity.axis())
    base = alt.Chart(rows_of(rows))
    bars = base.mark_bar(color=ACCENT).encode(
        x=across,
        y=down("part", order, step),
        fillOpacity=alt.condition("datum.complete", alt.value(1), alt.value(0.35)),
        tooltip=["part:N", alt.Tooltip("value:Q", title=quantity.heading, format=".4~s")],
    )
    marks = [bars]
    if step >= LETTERED:
        size = 11 if step >= 16 else 8
        marks.append(
            base.mark_text(align="left", dx=4, fontSize=size, color=INK).encode(
                x=across, y=down("part", order, step), text="said:N"
            )
        )
    return alt.layer(*marks).properties(width=WIDTH, height=alt.Step(step))


def title(graph: Graph, metric: str, rows: list[dict[str, Any]], whole: float | None) -> str:
    """The headline: which part has most of the metric."""
    known, label = BY_KEY[metric], quantity_of(metric).title
    if not rows:
        return f"{graph.model} has no {label}"
    top = max(rows, key=lambda row: float(row["value"]))
    if not known.summed or not whole:
        return f"{graph.model}: most {label} in {top['part']}, {top['said']}"
    told = shown_bound(quantity_of(metric), whole, graph.complete)
    return f"{graph.model}: {100 * top['value'] / whole:.0f} % of its {told} {label} in {top['part']}"


def bound(graph: Graph) -> list[str]:
    """The note on an incomplete network, whose numbers are lower bounds."""
    if graph.complete:
        return []
    return [f"≥ and pale: lower bounds, without {plural(len(graph.uncosted), 'operator')}"]
