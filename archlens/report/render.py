"""A result or a table → text in a format: the one place where anything is rendered."""

from typing import TYPE_CHECKING, Any

from archlens.errors import MissingDependencyError
from archlens.report.formats import renderer_for
from archlens.report.formats.renderer import Paper
from archlens.report.result import Result
from archlens.report.table import Table

if TYPE_CHECKING:
    import pandas

__all__ = [
    "frame_of",
    "framed",
    "notebook",
    "notebook_page",
    "render",
    "render_csv",
    "render_html",
    "render_markdown",
    "render_table",
    "render_text",
    "to_ascii",
]

ASCII = str.maketrans({
    "×": "x", "≥": ">=", "≤": "<=", "·": "*", "−": "-", "–": "-", "—": "-", "…": "...", "→": "->",
    "─": "-", "²": "^2", "±": "+-", "✓": "ok", "✗": "no", "µ": "u", "≈": "~",
})  # fmt: skip


def to_ascii(text: str) -> str:
    """The text for terminals that know no more: × becomes x, ≥ becomes >=."""
    return text.translate(ASCII).encode("ascii", "replace").decode("ascii")


def render(result: Result, format: str = "text", paper: Paper = Paper()) -> str:  # noqa: B008  # frozen
    """A result in one of the formats.

    Raises a MissingDependencyError where the format needs a package that is not installed.
    """
    return renderer_for(format).result(result, paper)


def render_table(table: Table, format: str) -> str:
    """One table in one of the formats. Raises a MissingDependencyError as `render` does."""
    writing = renderer_for(format)
    writing.require()
    return writing.table(table, Paper())


def render_text(table: Table, *, width: int | None = None, colour: bool = False) -> str:
    """A table for a terminal of so many columns; as wide as it needs to be for None."""
    return renderer_for("text").table(table, Paper(width, colour))


def render_markdown(table: Table) -> str:
    """A table as GitHub and others read it. Needs tabulate."""
    return render_table(table, "markdown")


def render_csv(table: Table) -> str:
    """Raw values, one row a line, without totals or derived columns. Needs pandas."""
    return render_table(table, "csv")


def render_html(table: Table) -> str:
    """A table for a page. Needs tabulate."""
    return render_table(table, "html")


def framed(table: Table) -> "pandas.DataFrame":
    """The raw values of a table as a data frame. Raises a MissingDependencyError without pandas."""
    from archlens.report.formats.csv import frame

    try:
        return frame(table)
    except ImportError as error:
        raise MissingDependencyError("a frame needs pandas", extra="tables") from error


def frame_of(rows: list[dict[str, Any]]) -> "pandas.DataFrame":
    """A data frame of mappings, a row each. Raises a MissingDependencyError without pandas."""
    try:
        import pandas
    except ImportError as error:
        raise MissingDependencyError("a frame needs pandas", extra="tables") from error
    return pandas.DataFrame(rows)


def notebook(table: Table) -> str | None:
    """What a notebook shows of a table; None, so that it shows text, where tabulate is not installed."""
    try:
        return render_html(table)
    except MissingDependencyError:
        return None


def notebook_page(result: Result) -> str | None:
    """A whole result as HTML, for a notebook."""
    try:
        return render(result, "html")
    except MissingDependencyError:
        return None
