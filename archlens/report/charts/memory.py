"""Memory access beside multiply-adds: where a network moves more than it computes."""

from collections.abc import Sequence
from typing import Any

import altair as alt

from archlens.analyses import Row, rows_by_stage, totals
from archlens.graph import Graph
from archlens.quantity import human
from archlens.report.charts.bars import down, height, largest
from archlens.report.charts.layers import bound
from archlens.report.charts.theme import COLOURS, INK, WIDTH, Chart, framed, rows_of, signature
from archlens.report.table import shape

__all__ = ["memory"]

METRICS = {"multiply_adds": "multiply-adds", "memory_access": "memory access"}
LETTERED = 22


def memory(graph: Graph, *, rows: Sequence[Row] | None = None) -> Chart:
    """Two bars a part of the network: its share of all multiply-adds, and of all memory access.

    rows  the parts: stages unless given
    """
    whole = totals(graph)
    all_of = {key: getattr(whole, key) for key in METRICS}
    bars = []
    parts, others = largest(
        rows_by_stage(graph) if rows is None else rows, lambda row: row.cost.memory_access
    )
    for row in parts:
        for key, label in METRICS.items():
            value = getattr(row.cost, key)
            bars.append(
                {
                    "part": row.name, "what": label, "value": value,
                    "share": value / all_of[key] if all_of[key] else 0.0,
                    "said": ("" if row.complete else "≥") + human(value), "complete": row.complete,
                }
            )  # fmt: skip
    told = ", ".join(
        f"{label} {'' if graph.complete else '≥'}{human(all_of[key])}" for key, label in METRICS.items()
    )
    return framed(
        drawn(bars),
        title=title(graph.model, bars),
        subtitle=[
            f"all: {told} elements; input {shape(graph.input_shape)}, in the order in which they run",
            *others,
            *bound(graph),
        ],
        source=signature(),
    )


def drawn(rows: list[dict[str, Any]]) -> Any:
    """The bars, with their numbers where there is room."""
    order = [*dict.fromkeys(row["part"] for row in rows)]
    step = height(len(order), 34)
    most = max((row["share"] for row in rows), default=1.0)
    across = alt.X(
        "share:Q",
        scale=alt.Scale(domain=[0, 1.14 * most], nice=False),
        axis=alt.Axis(title="share of the whole network (%)", format="~%", tickCount=6),
    )
    two = alt.YOffset("what:N", sort=[*METRICS.values()], scale=alt.Scale(paddingInner=0.05))
    colour = alt.Color(
        "what:N",
        sort=[*METRICS.values()],
        scale=alt.Scale(domain=[*METRICS.values()], range=[COLOURS[5], COLOURS[3]]),
        legend=alt.Legend(title=None),
    )
    base = alt.Chart(rows_of(rows))
    places = {"y": down("part", order, step), "yOffset": two}
    marks = [
        base.mark_bar().encode(
            fillOpacity=alt.condition("datum.complete", alt.value(1), alt.value(0.35)),
            x=across,
            color=colour,
            tooltip=["part:N", "what:N", "said:N", "share:Q"],
            **places,
        )
    ]
    if step >= LETTERED:
        marks.append(
            base.mark_text(align="left", dx=4, fontSize=10, color=INK).encode(
                x=across, text="said:N", **places
            )
        )
    return alt.layer(*marks).properties(width=WIDTH, height=alt.Step(step, **{"for": "position"}))


def title(model: str, rows: list[dict[str, Any]]) -> str:
    """The headline: the part whose shares of work and of memory access are furthest apart."""
    shares: dict[str, dict[str, float]] = {}
    for row in rows:
        shares.setdefault(row["part"], {})[row["what"]] = row["share"]
    if not shares:
        return f"{model} computes nothing"
    name, both = max(shares.items(), key=lambda each: each[1]["memory access"] - each[1]["multiply-adds"])
    return (
        f"{model}: {name} has {100 * both['memory access']:.0f} % of the memory access and "
        f"{100 * both['multiply-adds']:.0f} % of the multiply-adds"
    )
