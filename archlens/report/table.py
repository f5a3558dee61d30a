"""A table of raw values that knows how to show them; the renderers turn it into text."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from archlens.quantity import human

__all__ = ["Column", "Table", "count", "shape", "share", "text"]


def text(value: Any) -> str:
    """Anything as it stands; nothing for None."""
    return "" if value is None else str(value)


def count(value: Any) -> str:
    """A count in human units: 25.56M. A string, such as a lower bound, stays as it is."""
    return text(value) if value is None or isinstance(value, str) else human(value)


def share(value: Any) -> str:
    """A fraction as a percentage: 0.123 → 12.3%."""
    return "" if value is None else f"{100 * value:.1f}%"


def shape(value: Any) -> str:
    """A shape without a batch of one: 64×56×56."""
    if value is None:
        return ""
    lengths = value[1:] if len(value) > 1 and value[0] == 1 else value
    return "×".join(map(str, lengths))


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    key       its name in CSV
    header    its heading in text and Markdown; a line break where it may wrap
    show      how a value looks there
    right     whether it is aligned to the right, as numbers are
    priority  0 for columns that always stay; the higher, the sooner one is dropped to fit a terminal
    derived   computed from other columns: left out of CSV
    machine   for machines only: left out of text and Markdown
    """

    key: str
    header: str
    show: Callable[[Any], str] = text
    right: bool = True
    priority: int = 0
    derived: bool = False
    machine: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Columns, rows of raw values in their order, a row of totals, and lines below."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]
    totals: tuple[Any, ...] | None = None
    title: str = ""
    footer: tuple[str, ...] = ()

    def shown(self) -> "tuple[tuple[Column, ...], list[list[str]], list[str] | None]":
        """What people see: the columns for them, the cells of each row, and of the totals."""
        kept = [i for i, column in enumerate(self.columns) if not column.machine]
        columns = tuple(self.columns[i] for i in kept)

        def cells(row: tuple[Any, ...]) -> list[str]:
            return [self.columns[i].show(row[i]) for i in kept]

        return columns, [cells(row) for row in self.rows], cells(self.totals) if self.totals else None
