"""Pictures for where no script runs: dots with their front, and bars side by side, as SVG."""

import html
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from archlens.front import first_of_front

__all__ = ["Bar", "Dot", "bars", "scatter"]

WIDTH, HEIGHT = 760, 420
EDGES = (70, 740, 20, 370)
"""Left, right, top and bottom of a picture's axes."""
BAR, GAP = 16, 12
"""How high a bar is, and what is between two rows of them."""


@dataclass(frozen=True, slots=True)
class Dot:
    """One network at two numbers."""

    x: float
    y: float
    name: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One number, in one of the colours of the page."""

    name: str
    value: float
    colour: int


class Scale:
    """An axis from `start` to `end`: logarithmic with a tick at each power of ten, or in equal steps."""

    def __init__(self, values: Sequence[float], start: float, end: float, *, log: bool = True) -> None:
        self.log, self.start, self.end = log, start, end
        room = 0.03 * (self._of(max(values)) - self._of(min(values)))
        self.low, self.high = self._of(min(values)) - room, self._of(max(values)) + room
        self.ticks: list[float] = []
        if log:
            powers = range(math.ceil(self.low), math.floor(self.high) + 1)
            self.ticks = [10.0**power for power in powers]
        else:
            step = _round((self.high - self.low) / 5)
            places = range(math.ceil(self.low / step), math.floor(self.high / step) + 1)
            self.ticks = [place * step for place in places]

    def _of(self, value: float) -> float:
        return math.log10(value) if self.log else value

    def at(self, value: float) -> float:
        """The coordinate of a value on the axis."""
        wide = (self.high - self.low) or 1.0
        return self.start + (self._of(value) - self.low) / wide * (self.end - self.start)


def _round(step: float) -> float:
    """The next round number: 1, 2 or 5 of some power of ten."""
    power = 10.0 ** math.floor(math.log10(step)) if step > 0 else 1.0
    return next(power * times for times in (1, 2, 5, 10) if power * times >= step)


def scatter(
    dots: Sequence[Dot],
    title: str,
    x: tuple[str, Callable[[float], str]],
    y: tuple[str, Callable[[float], str]],
    *,
    more: bool = False,
    source: str = "",
) -> str:
    """Dots over a logarithmic axis, each with its name on hover; nothing where there are none.

    x, y  what the axes are called, and how their numbers look
    more  whether more of `y`, which then runs in equal steps, is better: the front is drawn and named
    """
    if not dots:
        return ""
    left, right, top, bottom = EDGES
    across = Scale([dot.x for dot in dots], left, right)
    up = Scale([dot.y for dot in dots], bottom, top, log=not more)
    grid = [
        f"<line x1='{across.at(tick):.1f}' x2='{across.at(tick):.1f}' y1='{top}' y2='{bottom}'/>"
        f"<text x='{across.at(tick):.1f}' y='{bottom + 16}' text-anchor='middle'>{_short(x[1](tick))}</text>"
        for tick in across.ticks
    ] + [
        f"<line x1='{left}' x2='{right}' y1='{up.at(tick):.1f}' y2='{up.at(tick):.1f}'/>"
        f"<text x='{left - 6}' y='{up.at(tick) + 4:.1f}' text-anchor='end'>{_short(y[1](tick))}</text>"
        for tick in up.ticks
    ]
    marks = [
        f"<circle class='mark c0' cx='{across.at(dot.x):.1f}' cy='{up.at(dot.y):.1f}' r='4'>"
        f"<title>{html.escape(dot.name)}</title></circle>"
        for dot in dots
    ]
    best = first_of_front(dots, lambda dot: (dot.x, -dot.y)) if more else []
    return (
        f"<figure class='chart'><figcaption>{html.escape(title)}</figcaption>"
        f"<svg class='plot' viewBox='0 0 {WIDTH} {HEIGHT}' role='img' aria-label='{html.escape(title)}'>"
        f"<g class='axes'>{''.join(grid)}"
        f"<text x='{(left + right) / 2}' y='{bottom + 38}' text-anchor='middle'>{x[0]}</text>"
        f"<text transform='translate(14 {(top + bottom) / 2}) rotate(-90)' text-anchor='middle'>"
        f"{y[0]}</text></g>{''.join(marks)}{_line(best, across, up)}{_names(best, across, up)}</svg>"
        f"{f'<p class=source>{html.escape(source)}</p>' if source else ''}</figure>"
    )


def _line(best: Sequence[Dot], across: Scale, up: Scale) -> str:
    if not best:
        return ""
    points = [(across.at(dot.x), up.at(dot.y)) for dot in best]
    path = f"M{points[0][0]:.1f} {points[0][1]:.1f}" + "".join(f"H{a:.1f}V{b:.1f}" for a, b in points[1:])
    return f"<path class='line front' d='{path}'/>"


def _names(best: Sequence[Dot], across: Scale, up: Scale) -> str:
    """Names left above the front, where nothing is; one that another would cover is left out."""
    found, last = [], (0.0, 0.0)
    for dot in best:
        a, b = across.at(dot.x), up.at(dot.y)
        wide = 6.2 * len(dot.name)
        if a - wide < EDGES[0] or (last[1] and last[1] - b < 13 and a - wide < last[0]):
            continue
        last = (a, b)
        found.append(
            f"<text x='{a - 7:.1f}' y='{b - 3:.1f}' text-anchor='end'>{html.escape(dot.name)}</text>"
        )
    return f"<g class='labels'>{''.join(found)}</g>"


def _beside(place: float, line: float) -> float:
    """Where a number starts: right of the line at 1 where it would stand on it."""
    return line + 5 if line - 34 < place < line + 2 else place


def _short(text: str) -> str:
    """A number of an axis without digits that say nothing: 100.0M → 100M."""
    return re.sub(r"\.(?=\D|$)", "", re.sub(r"(\.\d*?)0+(?=\D|$)", r"\1", text))


def bars(
    rows: Sequence[tuple[str, Sequence[Bar]]], title: str, show: Callable[[float], str], source: str = ""
) -> str:
    """Rows of bars from 0, with a line at 1, and a legend of their names."""
    left, right = 150, WIDTH - 150
    most = max((bar.value for _, row in rows for bar in row), default=1.0)
    most = max(most, 1.0)
    shown, numbers, top = [], [], 8

    def at(value: float) -> float:
        return left + value / most * (right - left)

    for name, row in rows:
        middle = top + len(row) * BAR / 2 + 4
        shown.append(
            f"<text class='name' x='{left - 8}' y='{middle}' text-anchor='end'>{html.escape(name)}</text>"
        )
        for bar in row:
            shown.append(
                f"<rect class='bar c{bar.colour}' x='{left}' y='{top + 2}' "
                f"width='{max(1, at(bar.value) - left):.1f}' height='{BAR - 4}'/>"
            )
            numbers.append(
                f"<text class='over' x='{_beside(at(bar.value) + 5, at(1)):.1f}' y='{top + BAR / 2 + 4}'>"
                f"{show(bar.value)}</text>"
            )
            top += BAR
        top += GAP
    line = f"<line class='reference' x1='{at(1):.1f}' x2='{at(1):.1f}' y1='0' y2='{top - GAP + 4}'/>"
    known = {bar.name: bar.colour for _, row in rows for bar in row}
    legend = "".join(
        f"<span><i class='key c{colour}'></i>{html.escape(name)}</span>" for name, colour in known.items()
    )
    return (
        f"<figure class='chart'><figcaption>{html.escape(title)}</figcaption>"
        f"<svg class='plot bars' viewBox='0 0 {WIDTH} {top}' role='img' aria-label='{html.escape(title)}'>"
        f"{''.join(shown)}{line}{''.join(numbers)}</svg><p class='legend'>{legend}</p>"
        f"{f'<p class=source>{html.escape(source)}</p>' if source else ''}</figure>"
    )
