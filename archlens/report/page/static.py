"""What the page shows without JavaScript: a picture of all networks, and a table of them."""

import html
import math
from collections.abc import Sequence

from archlens.quantity import human
from archlens.report.page.model import Model
from archlens.report.profile import Profile
from archlens.report.table import AtLeast, Table, count, shape

__all__ = ["static"]

WIDTH, HEIGHT = 760, 420
EDGES = (70, 740, 20, 370)
"""Left, right, top and bottom of the picture's axes."""

COLUMNS = ("name", "title", "year", "input", "params", "multiply-adds", "memory access", "peak activations",
           "layers", "receptive field")  # fmt: skip
KEYS = ("params", "multiply_adds", "memory_access", "peak_activations")


def static(models: Sequence[Model], profiles: Sequence[Profile], more: Sequence[Table] = ()) -> str:
    """A fragment of HTML with the networks as a picture and as a table, and with more tables below."""
    return "\n".join(
        [
            "<h1>archlens</h1>",
            f"<p>{len(models)} networks. With JavaScript, this page compares them, opens them layer by "
            "layer, and predicts their time on devices.</p>",
            picture(profiles),
            table(models, profiles),
            *map(plain_table, more),
            "<p>1 multiply-add = 1 multiply-accumulate; memory access = elements read + written</p>",
        ]
    )


def table(models: Sequence[Model], profiles: Sequence[Profile]) -> str:
    """A row a network; of one that is not complete, what is bounded after ≥."""
    head = "".join(f"<th scope='col'>{name}</th>" for name in COLUMNS)
    rows = [
        "<tr>" + "".join(_cells(model, found)) + "</tr>"
        for model, found in zip(models, profiles, strict=True)
    ]
    return (
        f"<table class='data'><caption>All networks</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table>"
    )


def plain_table(table: Table) -> str:
    """A table as people see it: its title as caption, and what stands below it as paragraphs."""
    columns, rows, _ = table.shown()

    def line(cells: Sequence[str], tag: str) -> str:
        classes = (" class='number'" if column.right else "" for column in columns)
        pairs = zip(cells, classes, strict=True)
        return "<tr>" + "".join(f"<{tag}{own}>{html.escape(cell)}</{tag}>" for cell, own in pairs) + "</tr>"

    head = line([column.heading for column in columns], "th")
    body = "".join(line(row, "td") for row in rows)
    notes = "".join(f"<p>{html.escape(note)}</p>" for note in table.footer if note)
    caption = html.escape(table.title)
    return (
        f"<table class='data'><caption>{caption}</caption><thead>{head}</thead><tbody>{body}</tbody></table>"
        f"{notes}"
    )


def _cells(model: Model, found: Profile) -> list[str]:
    values = found.metrics(found.whole)
    told = [values[key] if found.complete else AtLeast(values[key]) for key in KEYS]
    field = found.whole.receptive_field
    words = [model.title, str(model.year or ""), shape(found.input), *map(count, told)]
    words += [str(values["layers"] or ""), str(max(field.size)) if field else ""]
    name = f"<th scope='row'>{html.escape(found.model)}</th>"
    text, *numbers = (html.escape(word) for word in words)
    return [name, f"<td>{text}</td>", *(f"<td class='number'>{number}</td>" for number in numbers)]


def picture(profiles: Sequence[Profile]) -> str:
    """Memory access against multiply-adds, both on logarithmic axes, a mark a network."""
    points = [
        (found.totals.multiply_adds, found.totals.memory_access, found.model)
        for found in profiles
        if found.totals.multiply_adds and found.totals.memory_access
    ]
    if not points:
        return ""
    left, right, top, bottom = EDGES
    x = Scale([point[0] for point in points], left, right)
    y = Scale([point[1] for point in points], bottom, top)
    lines = [
        f"<line x1='{x.at(tick):.1f}' x2='{x.at(tick):.1f}' y1='{top}' y2='{bottom}'/>"
        f"<text x='{x.at(tick):.1f}' y='{bottom + 16}' text-anchor='middle'>{human(tick)}</text>"
        for tick in x.ticks
    ] + [
        f"<line x1='{left}' x2='{right}' y1='{y.at(tick):.1f}' y2='{y.at(tick):.1f}'/>"
        f"<text x='{left - 6}' y='{y.at(tick) + 4:.1f}' text-anchor='end'>{human(tick)}</text>"
        for tick in y.ticks
    ]
    marks = [
        f"<circle class='mark c0' cx='{x.at(a):.1f}' cy='{y.at(b):.1f}' r='4'>"
        f"<title>{html.escape(name)}</title></circle>"
        for a, b, name in points
    ]
    title = "Memory access against multiply-adds, one image each"
    return (
        f"<figure class='chart'><figcaption>{title}</figcaption>"
        f"<svg class='plot' viewBox='0 0 {WIDTH} {HEIGHT}' role='img' aria-label='{title}'>"
        f"<g class='axes'>{''.join(lines)}"
        f"<text x='{(left + right) / 2}' y='{bottom + 38}' text-anchor='middle'>multiply-adds</text>"
        f"<text transform='translate(14 {(top + bottom) / 2}) rotate(-90)' text-anchor='middle'>"
        f"memory access, elements</text></g>{''.join(marks)}</svg></figure>"
    )


class Scale:
    """A logarithmic axis from `start` to `end`, with a tick at each power of ten."""

    def __init__(self, values: Sequence[int], start: float, end: float) -> None:
        self.low, self.high = math.log10(min(values)), math.log10(max(values))
        self.start, self.end = start, end
        first, last = math.ceil(self.low), math.floor(self.high)
        self.ticks = [10**power for power in range(first, last + 1)]

    def at(self, value: float) -> float:
        """The coordinate of a value on the axis."""
        wide = (self.high - self.low) or 1.0
        return self.start + (math.log10(value) - self.low) / wide * (self.end - self.start)
