"""Text for a terminal, by plain alignment: quick to start, and light for any number of rows."""

import textwrap
from collections.abc import Sequence
from itertools import takewhile

from archlens.errors import printable
from archlens.report.formats.renderer import Paper, Renderer
from archlens.report.result import Item
from archlens.report.table import Column, Table

__all__ = ["RENDERER", "text_of", "wrapped"]

GAP = "  "


class Text(Renderer):
    """Aligned columns and wrapped lines, as wide as the terminal."""

    title = "text"

    def table(self, table: Table, paper: Paper) -> str:
        """The table, cut or folded to the width."""
        return text_of(table, paper.width, colour=paper.colour)

    def items(self, items: Sequence[Item], paper: Paper) -> str:
        """A numbered list, an empty line between its entries."""
        made = []
        for number, item in enumerate(items, 1):
            head = _filled(f"{number}. {item.head}", paper.width, "", "   ")
            made.append(
                "\n".join([head, *(_filled(line, paper.width, "   ", "     ") for line in item.lines)])
            )
        return "\n\n".join(made) + "\n"

    def notes(self, notes: Sequence[str], paper: Paper) -> str:
        """A line each, wrapped where it is longer than the terminal is wide."""
        return "\n".join(wrapped(note, paper.width) for note in notes) + "\n"


def _filled(line: str, width: int | None, first: str, later: str) -> str:
    """A line set in, its later lines further, broken at spaces only."""
    line = printable(line)
    if width is None:
        return first + line
    return textwrap.fill(
        line, max(width, 40), initial_indent=first, subsequent_indent=later, break_on_hyphens=False
    )


def text_of(table: Table, width: int | None, *, colour: bool) -> str:
    """A table for a terminal, by plain alignment: quick to start, and light for any number of rows.

    width   columns available; what may be dropped is dropped to fit, and named below, and what is
            still too wide is folded, with the first column again. None: as wide as it needs to be
    colour  whether the terminal takes ANSI styles: headings and totals come out bold
    """
    columns, rows, totals = table.shown()
    headings = [[printable(line) for line in column.lines] for column in columns]
    every = [*rows, totals] if totals else rows
    widths = [
        max([*map(len, heading), *(len(cells[i]) for cells in every)]) for i, heading in enumerate(headings)
    ]
    kept = list(range(len(columns)))
    while width is not None and _needed(widths, kept) > width and any(columns[i].priority for i in kept):
        kept.remove(max(kept, key=lambda i: (columns[i].priority, i)))

    def line(cells: list[str], part: list[int], *, bold: bool = False) -> str:
        aligned = (cells[i].rjust(widths[i]) if columns[i].right else cells[i].ljust(widths[i]) for i in part)
        text = GAP.join(aligned).rstrip()
        return f"\x1b[1m{text}\x1b[0m" if bold and colour else text

    lines = [wrapped(table.title, width)] if table.title else []
    for part in _folded(columns, widths, kept, width):
        height = max(len(headings[i]) for i in part)
        padded = [[""] * (height - len(heading)) + heading for heading in headings]
        lines += [""] if lines else []
        lines += [line([heading[i] for heading in padded], part, bold=True) for i in range(height)]
        lines.append("─" * _needed(widths, part))
        lines += [line(cells, part) for cells in rows]
        lines += ["", line(totals, part, bold=True)] if totals else []
    hidden = [columns[i].key.replace("_", " ") for i in range(len(columns)) if i not in kept]
    notes = [*table.footer, f"not shown in {width} columns: {', '.join(hidden)}"] if hidden else table.footer
    lines += ["", *(wrapped(note, width) for note in notes)] if notes else []
    return "\n".join(lines) + "\n"


def _needed(widths: list[int], part: list[int]) -> int:
    """The width of these columns side by side."""
    return sum(widths[i] for i in part) + len(GAP) * (len(part) - 1)


def _folded(
    columns: tuple[Column, ...], widths: list[int], kept: list[int], width: int | None
) -> list[list[int]]:
    """The columns in parts that fit one below the other, each with the first column in front."""
    parts = [kept[:1]]
    for position, i in enumerate(kept[1:], 1):
        if columns[i].follows:
            continue
        after = kept[position + 1 :]
        group = [i, *takewhile(lambda j: columns[j].follows, after)]
        if width is not None and len(parts[-1]) > 1 and _needed(widths, parts[-1] + group) > width:
            parts.append(kept[:1])
        parts[-1] = parts[-1] + group
    return parts


def wrapped(note: str, width: int | None) -> str:
    """A line broken at words to fit, its later lines set in."""
    note = printable(note)
    return note if width is None else textwrap.fill(note, max(width, 40), subsequent_indent="  ")


RENDERER = Text()
