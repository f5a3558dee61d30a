"""The receptive field along the depth of a network, beside the size of its input."""

from collections.abc import Sequence
from typing import Any

import altair as alt

from archlens.analyses import receptive_fields
from archlens.analyses.layers import depths
from archlens.errors import UsageError
from archlens.graph import Graph
from archlens.report.charts.quantity import Quantity
from archlens.report.charts.stages import Band, bands
from archlens.report.charts.theme import ACCENT, COLOURS, MUTED, WIDTH, Chart, framed, rows_of, signature
from archlens.report.metric import field_size
from archlens.report.table import shape

__all__ = ["receptive_field"]

HEIGHT = 280
FEW = 12
"""Layers at most that have a tick each: of fewer than five, an axis would have ticks between layers."""
PLACES = Quantity("receptive field", "places of the input, longer side", logarithmic=False)


def receptive_field(graph: Graph) -> Chart:
    """The widest and the narrowest channel's field after each layer, up to the last map.

    A layer is a convolution or linear layer on the longest path: nodes that are as deep share a place.

    Raises a UsageError for a network that sees nothing that has places.
    """
    found = receptive_fields(graph)
    own = found.of(found.last)
    if own is None or found.network is None:
        raise UsageError(f"{graph.model} sees nothing that has places: it has no receptive field to draw")
    depth = depths(graph)
    seen: dict[int, dict[str, Any]] = {}
    for position, node in enumerate(graph.nodes[: found.last + 1]):
        field = found.of(position)
        if field is None or not field.local:
            continue
        at = seen.setdefault(depth[position], {"depth": depth[position], "largest": 0, "smallest": 10**12})
        if max(field.size) > at["largest"]:
            at |= {"largest": max(field.size), "node": node.name}
        at["smallest"] = min(at["smallest"], max(field.smallest))
    rows = [seen[each] for each in sorted(seen)]
    input_side = max(graph.input_shape[axis] for axis in found.axes)
    last = max(rows[-1]["depth"], 1)
    top = 1.12 * max(input_side, max(row["largest"] for row in rows))
    across = alt.X(
        "depth:Q",
        scale=alt.Scale(domain=[0, last], nice=False),
        axis=alt.Axis(
            title="depth (convolutions and linear layers on the longest path)",
            grid=False,
            values=[*range(last + 1)] if last <= FEW else alt.Undefined,
        ),
    )
    up = alt.Y("largest:Q", scale=alt.Scale(domain=[0, top], nice=False), axis=PLACES.axis())
    data = rows_of(rows)
    layers = [
        *bands(deep_stages(graph, depth, found.last), last),
        alt.Chart(data).mark_area(color=ACCENT, opacity=0.25).encode(x=across, y=up, y2="smallest:Q"),
        alt.Chart(data)
        .mark_line(color=ACCENT, strokeWidth=2, point=alt.OverlayMarkDef(size=14, color=ACCENT))
        .encode(x=across, y=up, tooltip=["node:N", "depth:Q", "largest:Q", "smallest:Q"]),
        *input_line(input_side),
    ]
    return framed(
        alt.layer(*layers).properties(width=WIDTH, height=HEIGHT),
        title=f"{graph.model} sees {field_size(own)} places, {verdict(rows, max(own.size), input_side)}",
        subtitle=[
            f"line: the widest channel; below it, down to the narrowest; input {shape(graph.input_shape)}",
            *(["some path, as through a gate, sees every place: drawn is what the local paths see"]
              if own.everything else []),
            *([] if own.aligned else ["*: over paths whose fields have different centres or strides"]),
        ],
        source=signature(),
    )  # fmt: skip


def input_line(side: int) -> list[alt.Chart]:
    """A rule at the size of the input, and its label."""
    data = rows_of([{"input": side, "said": f"input {side}"}])
    rule = alt.Chart(data).mark_rule(color=COLOURS[3], strokeDash=[5, 4]).encode(y=alt.Y("input:Q"))
    text = (
        alt.Chart(data)
        .mark_text(align="left", baseline="bottom", dy=-3, dx=4, color=MUTED, fontSize=11)
        .encode(y=alt.Y("input:Q"), x=alt.value(0), text="said:N")
    )
    return [rule, text]


def verdict(rows: list[dict[str, Any]], size: int, side: int) -> str:
    """The end of the headline: how much of the input the field covers, and from which layer on it
    covers all.
    """
    if size < side:
        return f"{100 * size / side:.0f} % of its input"
    first = next((row["depth"] for row in rows if row["largest"] >= side), None)
    return f"and all of its input of {side} from layer {first} on"


def deep_stages(graph: Graph, depth: Sequence[int], last: int) -> list[Band]:
    """The stages along the depth: each reaches from the end of the one before to its deepest node."""
    ends: dict[str, int] = {}
    for position, node in enumerate(graph.nodes[: last + 1]):
        name = node.name.split(".")[0]
        ends[name] = max(ends.get(name, 0), depth[position])
    made: list[Band] = []
    for name, end in ends.items():
        start = made[-1].end if made else 0
        if end > start:
            made.append(Band(name, start, end))
    return made
