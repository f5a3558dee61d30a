"""JSON: the dictionary of a result."""

import io
import json
from collections.abc import Sequence

from archlens.report.formats.renderer import Paper, Renderer
from archlens.report.result import Item, Result
from archlens.report.table import Table

__all__ = ["RENDERER"]


class Json(Renderer):
    """The dictionary, indented; it has everything that the tables and the notes are made of."""

    title = "JSON"

    def result(self, result: Result, paper: Paper) -> str:
        """The dictionary of a result."""
        buffer = io.StringIO()  # piece by piece: `dumps` would hold all the pieces at once
        json.dump(result.dictionary(), buffer, indent=2, ensure_ascii=paper.ascii)
        return buffer.getvalue() + "\n"

    def table(self, table: Table, paper: Paper) -> str:
        """Nothing: a table by itself has no dictionary."""
        return ""

    def items(self, items: Sequence[Item], paper: Paper) -> str:
        """Nothing: they are in the dictionary."""
        return ""

    def notes(self, notes: Sequence[str], paper: Paper) -> str:
        """Nothing: they are made of what is in the dictionary."""
        return ""


RENDERER = Json()
