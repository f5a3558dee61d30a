"""HTML for notebooks and pages, by tabulate."""

import html
import re
from collections.abc import Sequence

from archlens.report.formats.renderer import Paper, Renderer, tabulated
from archlens.report.result import Item
from archlens.report.table import Table

__all__ = ["RENDERER"]

PADDED = re.compile(r"(<t[dh][^>]*>) *(.*?) *(</t[dh]>)")


class Html(Renderer):
    """Fragments that stand in any page: no head, no styles but the alignment of cells."""

    title = "HTML"
    package = "tabulate"

    def table(self, table: Table, paper: Paper) -> str:
        """The table with its title as caption, and a paragraph a note."""
        body = PADDED.sub(r"\1\2\3", tabulated(table, "html"))
        _, _, totals = table.shown()
        if totals:
            *before, last, end, close = body.split("\n")
            foot = last.replace("<td", "<th").replace("</td>", "</th>")
            body = "\n".join([*before, end, f"<tfoot>\n{foot}\n</tfoot>", close])
        if table.title:
            body = body.replace("<table>", f"<table>\n<caption>{html.escape(table.title)}</caption>", 1)
        return "\n".join([body, *(f"<p>{html.escape(note)}</p>" for note in table.footer)]) + "\n"

    def items(self, items: Sequence[Item], paper: Paper) -> str:
        """A numbered list, its lines as lists in it."""
        made = []
        for item in items:
            lines = "".join(f"<li>{html.escape(line)}</li>" for line in item.lines)
            made.append(f"<li><b>{html.escape(item.head)}</b><ul>{lines}</ul></li>")
        return "\n".join(["<ol>", *made, "</ol>"]) + "\n"

    def notes(self, notes: Sequence[str], paper: Paper) -> str:
        """A paragraph each."""
        return "".join(f"<p>{html.escape(note)}</p>\n" for note in notes)


RENDERER = Html()
