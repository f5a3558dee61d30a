"""The stages of a network along an axis: bands behind a curve, with their names above."""

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt

from archlens.graph import Graph
from archlens.report.charts.theme import MUTED, WIDTH, rows_of

__all__ = ["Band", "bands", "stages"]

LETTER = 5.6
"""Pixels of a letter of a name."""


@dataclass(frozen=True, slots=True)
class Band:
    """A stage along the axis of a chart: where it begins and where it ends."""

    name: str
    start: float
    end: float


def stages(graph: Graph) -> tuple[Band, ...]:
    """The stages over the order of the nodes: runs of nodes whose names begin alike.

    Node i takes from i to i + 1.
    """
    found: list[Band] = []
    for position, node in enumerate(graph.nodes):
        name = node.name.split(".")[0]
        if found and found[-1].name == name:
            found[-1] = Band(name, found[-1].start, position + 1)
        else:
            found.append(Band(name, position, position + 1))
    return tuple(found)


def bands(found: Sequence[Band], length: float) -> list[alt.Chart]:
    """Every other stage has a tint; names stand where they have room, alone or two deep."""
    tinted = [
        {"start": band.start, "end": band.end, "stage": band.name}
        for place, band in enumerate(found)
        if place % 2
    ]
    named: list[list[dict[str, object]]] = [[], []]
    reached = [0.0, 0.0]
    for band in found:
        middle = WIDTH * (band.start + band.end) / 2 / length
        half = LETTER * len(band.name) / 2 + 2
        for row in (0, 1):
            room = WIDTH * (band.end - band.start) / length
            if middle - half >= reached[row] and middle + half <= WIDTH + 20 and (row == 0 or room >= 4):
                named[row].append({"middle": (band.start + band.end) / 2, "stage": band.name})
                reached[row] = middle + half
                break
    made = [
        alt.Chart(rows_of(tinted)).mark_rect(color="#f3f5f7").encode(x=alt.X("start:Q"), x2="end:Q")
    ]  # fmt: skip
    made += [
        alt.Chart(rows_of(rows))
        .mark_text(fontSize=10, color=MUTED, baseline="bottom")
        .encode(x=alt.X("middle:Q"), y=alt.value(-4 - 12 * row), text="stage:N")
        for row, rows in enumerate(named)
        if rows
    ]
    return made
