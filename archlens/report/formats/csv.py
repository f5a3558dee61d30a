"""CSV and data frames, by pandas: raw values under the keys of the columns."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from archlens.report.formats.renderer import Paper, Renderer
from archlens.report.result import Item, Result
from archlens.report.table import AtLeast, Shown, Table

if TYPE_CHECKING:
    import pandas

__all__ = ["RENDERER", "frame"]


class Csv(Renderer):
    """One table of records: no title, no totals, no notes, nothing that is computed from other columns."""

    title = "CSV"
    package = "pandas"

    def result(self, result: Result, paper: Paper) -> str:
        """The records of a result. Raises a MissingDependencyError without pandas."""
        self.require()
        return self.table(result.records(), paper)

    def table(self, table: Table, paper: Paper) -> str:
        """A line a row."""
        made: str = frame(table).to_csv(index=False, lineterminator="\n")
        return made

    def items(self, items: Sequence[Item], paper: Paper) -> str:
        """Nothing: what the list says stands in the records."""
        return ""

    def notes(self, notes: Sequence[str], paper: Paper) -> str:
        """Nothing: CSV has no place for them."""
        return ""


def frame(table: Table) -> "pandas.DataFrame":
    """The raw values of a table as a data frame. Needs pandas."""
    import pandas

    kept = [i for i, column in enumerate(table.columns) if not column.derived]
    rows = [[raw(row[i]) for i in kept] for row in table.rows]
    # Of objects, so that a column of integers in which one is missing does not become one of floats.
    return pandas.DataFrame(rows, columns=[table.columns[i].key for i in kept], dtype=object)


def raw(value: Any) -> Any:
    """A value as CSV holds it: a number as it is, a shape as 1x3x224x224, truth as JSON writes it."""
    if isinstance(value, AtLeast | Shown):
        return raw(value.value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):  # a shape, or several
        nested = any(isinstance(item, tuple) for item in value)
        return " ".join(str(raw(item)) for item in value) if nested else "x".join(map(str, value))
    return value


RENDERER = Csv()
