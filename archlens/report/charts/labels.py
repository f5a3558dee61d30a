"""Names beside the dots of a chart, placed where they can be read."""

from collections.abc import Sequence
from math import log10
from typing import Any

import altair as alt

from archlens.report.charts.front import Point
from archlens.report.charts.quantity import Quantity
from archlens.report.charts.theme import INK, WIDTH, rows_of

__all__ = ["HEIGHT", "LETTER", "LINE", "labelled", "place"]

HEIGHT = 420
LETTER, LINE = 6.0, 13.0
"""Pixels of a letter of a label, and of its line."""
LONGEST_NAME = 40


def labelled(
    named: Sequence[Point], points: Sequence[Point], quantities: tuple[Quantity, Quantity],
    domains: tuple[tuple[float, float], tuple[float, float]], across: alt.X, up: alt.Y,
    whiskers: Sequence[Point] = (),
) -> Any:  # fmt: skip
    """Names beside dots, where they cover neither each other nor more dots and intervals than they have to.

    whiskers  the points whose intervals are drawn
    """

    def at(x: float, y: float) -> tuple[float, float]:
        return WIDTH * place(x, domains[0], quantities[0]), HEIGHT * (1 - place(y, domains[1], quantities[1]))

    def pixel(point: Point) -> tuple[float, float]:
        return at(point.x, point.y)

    rules = [
        (*at(low[0], low[1]), *at(high[0], high[1])) for each in whiskers for low, high in intervals_of(each)
    ]
    marks = [pixel(point) for point in points]
    taken: list[tuple[float, float, float, float]] = []
    rows: list[dict[str, Any]] = []
    for point in named:
        text = point.name if len(point.name) <= LONGEST_NAME else point.name[: LONGEST_NAME - 1] + "…"
        across_, up_ = pixel(point)
        found = free_place(across_, up_, LETTER * len(text), taken, marks, rules)
        if found is None:
            continue
        left, top = found
        taken.append((left, top, left + LETTER * len(text), top + LINE))
        rows.append(
            {"name": text, "x": point.x, "y": point.y, "dx": left - across_, "dy": top + LINE / 2 - up_}
        )
    drawn = [
        alt.Chart(rows_of([row]))
        .mark_text(align="left", baseline="middle", fontSize=11, color=INK, dx=row["dx"], dy=row["dy"])
        .encode(x=across, y=up, text="name:N")
        for row in rows
    ]
    return alt.layer(*drawn) if drawn else alt.layer(alt.Chart(rows_of([])).mark_text())


def intervals_of(point: Point) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    """Both ends of each interval of a point that is predicted: along the one axis, and along the other."""
    found = []
    if point.x_range:
        found.append(((point.x_range[0], point.y), (point.x_range[1], point.y)))
    if point.y_range:
        found.append(((point.x, point.y_range[0]), (point.x, point.y_range[1])))
    return found


def place(value: float, domain: tuple[float, float], quantity: Quantity) -> float:
    """Where a number lies on its axis, from 0 to 1."""
    low, high = domain
    if quantity.logarithmic:
        return (log10(value) - log10(low)) / (log10(high) - log10(low))
    return (value - low) / (high - low)


def free_place(
    x: float, y: float, width: float,
    taken: Sequence[tuple[float, float, float, float]], marks: Sequence[tuple[float, float]],
    rules: Sequence[tuple[float, float, float, float]] = (),
) -> tuple[float, float] | None:  # fmt: skip
    """The left upper corner of a dot's label, where it covers no other label, and few dots and rules.

    rules  lines along an axis, by the pixels of both ends

    None where there is no room.
    """
    around = [
        (x + 8, y - LINE / 2), (x - 8 - width, y - LINE / 2),
        (x - width / 2, y - LINE - 7), (x - width / 2, y + 7),
        (x + 6, y + 5), (x - 6 - width, y + 5), (x + 6, y - LINE - 5), (x - 6 - width, y - LINE - 5),
    ]  # fmt: skip
    found: list[tuple[int, int]] = []
    for number, (left, top) in enumerate(around):
        right, bottom = left + width, top + LINE
        if left < 0 or right > WIDTH or top < 0 or bottom > HEIGHT:
            continue
        if any(left < r and right > s and top < b and bottom > t for s, t, r, b in taken):
            continue
        covered = sum(left - 3 < mx < right + 3 and top - 2 < my < bottom + 2 for mx, my in marks)
        covered += sum(
            left < max(a, c) and right > min(a, c) and top < max(b, d) and bottom > min(b, d)
            for a, b, c, d in rules
        )
        found.append((covered, number))
    return around[min(found)[1]] if found else None
