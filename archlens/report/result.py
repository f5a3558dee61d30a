"""What a command or a function found, before anyone decides how to write it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from archlens.report.table import Table

__all__ = ["Item", "Page", "Result"]


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a numbered list: a headline, and lines under it."""

    head: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """What people read, in this order: tables with notes of their own, a numbered list, notes on all."""

    tables: tuple[Table, ...] = ()
    items: tuple[Item, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """A result that every format can write; only what the format asks for is made.

    >>> from archlens.report import Column, Table
    >>> Result.of(lambda: Table((Column("n", "n"),), ((1,),)), lambda: {"n": 1}).dictionary()
    {'n': 1}

    page        for people: text, Markdown, LaTeX, HTML
    dictionary  for programs: JSON
    records     for programs that read tables: CSV and frames, one row a thing and raw values
    """

    page: Callable[[], Page]
    dictionary: Callable[[], Any]
    records: Callable[[], Table]

    @classmethod
    def of(
        cls,
        table: Callable[[], Table],
        dictionary: Callable[[], Any],
        records: Callable[[], Table] | None = None,
    ) -> "Result":
        """A result of one table; it is also what CSV holds, unless there are other records."""
        return cls(lambda: Page((table(),)), dictionary, records or table)
