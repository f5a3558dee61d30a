"""A table of raw values that knows how to show them; the renderers turn it into text."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from archlens.errors import printable
from archlens.quantity import duration, human

__all__ = [
    "AtLeast",
    "Column",
    "Shown",
    "Table",
    "correlation",
    "count",
    "count_bytes",
    "cut",
    "exact",
    "of_a_hundred",
    "percent",
    "ratio",
    "seconds_shown",
    "shape",
    "share",
    "sign",
    "signed",
    "signed_duration",
    "signed_exact",
    "text",
]


SOFT_HYPHEN = "\u00ad"
"""Seen only where a word is broken."""


@dataclass(frozen=True, slots=True)
class AtLeast:
    """A number known from below only, because some part of it could not be counted: ≥25.56M."""

    value: int | float


@dataclass(frozen=True, slots=True)
class Shown:
    """A value that brings the way it looks, for tables whose rows are of different kinds."""

    value: Any
    show: Callable[[Any], str]

    def __str__(self) -> str:
        return self.show(self.value)


def _bounded(value: Any, show: Callable[[Any], str]) -> str:
    """A number shown by a function, after ≥ when it is a lower bound; nothing for None."""
    if value is None:
        return ""
    return f"≥{show(value.value)}" if isinstance(value, AtLeast) else show(value)


def cut(most: int) -> Callable[[Any], str]:
    """Anything as it stands, cut to so many characters: it leaves room for what stands beside it.

    >>> cut(5)("kernel=3")
    'kern…'
    """

    def shown(value: Any) -> str:
        whole = text(value)
        return whole if len(whole) <= most else whole[: most - 1] + "…"

    return shown


def text(value: Any) -> str:
    """Any value as `str` writes it; nothing for None."""
    return "" if value is None else str(value)


def count(value: Any) -> str:
    """A count in human units: 25.56M, ≥25.56M."""
    return _bounded(value, human)


def exact(value: Any) -> str:
    """A count to the last one, as papers print it: 1,179,648, ≥1,179,648."""
    return _bounded(value, lambda number: f"{number:,}")


def correlation(value: float | None) -> str:
    """A correlation as it is printed: −0.97."""
    return "" if value is None else f"{value:.2f}".replace("-", "−")


def signed(value: Any) -> str:
    """A difference of counts with its sign: +1.200M, −3.100k, 0."""
    return f"{sign(value)}{count(abs(value))}"


def signed_exact(value: Any) -> str:
    """A difference of counts to the last one: +22,227,968."""
    return f"{sign(value)}{exact(abs(value))}"


def signed_duration(value: Any) -> str:
    """A difference of times: +1.234 ms, −1.234 ms, 0."""
    return f"{sign(value)}{duration(abs(value))}" if value else "0"


def seconds_shown(value: Any) -> str:
    """A time: 12.34 ms, ≥12.34 ms, 0."""
    return _bounded(value, lambda number: duration(number) if number else "0")


def sign(value: int | float) -> str:
    """The sign before an amount; nothing before 0."""
    return "+" if value > 0 else "−" if value < 0 else ""


def count_bytes(value: Any) -> str:
    """Bytes in human units: 102.2MB, ≥102.2MB."""
    return _bounded(value, lambda number: human(number, "B"))


def ratio(value: Any) -> str:
    """One number over another: 1.22×, ≥1.22×, 0.0015×."""
    return _bounded(value, lambda number: f"{number:.2f}×" if number >= 0.1 else f"{number:.2g}×")


def share(value: Any) -> str:
    """A fraction as a percentage: 0.123 → 12.3%."""
    return "" if value is None else f"{100 * value:.1f}%"


def of_a_hundred(value: Any) -> str:
    """A share without decimals: 12%."""
    return "" if value is None else f"{100 * value:.0f}%"


def percent(value: Any) -> str:
    """A percentage as it is printed: 69.4%; nothing for None."""
    return "" if value is None else f"{value:.1f}%"


def shape(value: Any) -> str:
    """A shape without a batch of one: 64×56×56."""
    if value is None:
        return ""
    lengths = value[1:] if len(value) > 1 and value[0] == 1 else value
    return "×".join(map(str, lengths))


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: its key, its heading, how values look, and when it may be dropped.

    key       its name in CSV
    header    its heading for people; a line break where it may wrap, after a soft hyphen within a word
    show      how a value looks there
    right     whether it is aligned to the right, as numbers are
    priority  0 for columns that always stay; the higher, the sooner one is dropped to fit a terminal
    derived   computed from other columns: left out of CSV
    machine   for machines only: left out of text and Markdown
    follows   stays beside the column before it where a table is folded
    """

    key: str
    header: str
    show: Callable[[Any], str] = text
    right: bool = True
    priority: int = 0
    derived: bool = False
    machine: bool = False
    follows: bool = False

    @property
    def heading(self) -> str:
        """The heading in one line.

        >>> Column("fragments", "frag\\u00ad\\nments a\\nkernel").heading
        'fragments a kernel'
        """
        return self.header.replace(f"{SOFT_HYPHEN}\n", "").replace("-\n", "-").replace("\n", " ")

    @property
    def lines(self) -> list[str]:
        """The heading as narrow as it can be."""
        return self.header.replace(SOFT_HYPHEN, "-").split("\n")


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
            return [printable(self.columns[i].show(row[i])) for i in kept]

        return columns, [cells(row) for row in self.rows], cells(self.totals) if self.totals else None
