"""Markdown, as GitHub and others read it, by tabulate; with every column."""

import re
from collections.abc import Sequence
from dataclasses import replace

from archlens.report.formats.renderer import Paper, Renderer, tabulated
from archlens.report.result import Item
from archlens.report.table import Table

__all__ = ["RENDERER"]


class Markdown(Renderer):
    """Tables with pipes; totals in bold."""

    title = "Markdown"
    package = "tabulate"

    def table(self, table: Table, paper: Paper) -> str:
        """A heading, the table, and a paragraph a note."""
        lines = [f"## {literal(table.title)}", ""] if table.title else []
        body = tabulated(replace(table, totals=None), "pipe", escaped).split("\n")
        # tabulate pads all cells of a column to one width: a change in one row would change every line.
        lines += [re.sub(" {2,}", " ", re.sub("(?<=[|:-])-{3,}(?=[|:-])", "--", line)) for line in body]
        _, _, totals = table.shown()
        if totals:
            lines.append("| " + " | ".join(f"**{escaped(cell)}**" if cell else "" for cell in totals) + " |")
        for note in table.footer:
            lines += ["", literal(note)]
        return "\n".join(lines) + "\n"

    def items(self, items: Sequence[Item], paper: Paper) -> str:
        """A numbered list, its lines as lists in it."""
        lines = []
        for number, item in enumerate(items, 1):
            lines += [
                f"{number}. **{literal(item.head)}**",
                *(f"   - {literal(line)}" for line in item.lines),
            ]
        return "\n".join(lines) + "\n"

    def notes(self, notes: Sequence[str], paper: Paper) -> str:
        """A paragraph each."""
        return "\n\n".join(map(literal, notes)) + "\n"


def escaped(cell: str) -> str:
    """A cell whose pipes do not end it."""
    return literal(cell).replace("|", "\\|")


def literal(text: str) -> str:
    """The text, with what would open an HTML tag escaped: names are the user's, and no markup.

    A `<` that no letter, `/`, `!` or `?` follows opens nothing (CommonMark 0.31, Section 6.6).
    """
    return re.sub("<(?=[A-Za-z/!?])", "&lt;", text)


RENDERER = Markdown()
