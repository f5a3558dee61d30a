"""What every format has to say: how it writes a table, a numbered list and notes."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, ClassVar

from archlens.errors import MissingDependencyError
from archlens.report.result import Item, Result
from archlens.report.table import Table

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Paper", "Renderer", "tabulated"]


@dataclass(frozen=True, slots=True)
class Paper:
    """What a result is written on.

    width   columns of the terminal; None where lines may be as long as they need to be
    colour  whether it takes ANSI styles
    ascii   whether JSON has to escape what ASCII does not hold
    """

    width: int | None = None
    colour: bool = False
    ascii: bool = False


class Renderer(ABC):
    """A format: it writes the parts of a page, which stand one below the other.

    title    what it is called in a sentence
    package  what it needs beside archlens itself
    """

    title: ClassVar[str]
    package: ClassVar[str] = ""

    def require(self) -> None:
        """Raise a MissingDependencyError where the package is not installed, without importing it."""
        if self.package and not _installed(self.package):
            raise MissingDependencyError(f"{self.title} needs {self.package}", extra="tables")

    def result(self, result: Result, paper: Paper) -> str:
        """A whole result, with a line break at its end. Raises a MissingDependencyError."""
        self.require()
        page = result.page()
        parts = [self.table(table, paper) for table in page.tables]
        parts += [self.items(page.items, paper)] if page.items else []
        parts += [self.notes(page.notes, paper)] if page.notes else []
        return "\n".join(parts)

    @abstractmethod
    def table(self, table: Table, paper: Paper) -> str:
        """A table with its title, its totals and its footer."""

    @abstractmethod
    def items(self, items: Sequence[Item], paper: Paper) -> str:
        """A numbered list."""

    @abstractmethod
    def notes(self, notes: Sequence[str], paper: Paper) -> str:
        """What stands below everything."""


def tabulated(table: Table, format: str, cell: "Callable[[str], str]" = str) -> str:
    """The rows of a table, totals last, as the library tabulate writes them in one of its formats.

    cell  what is done to the text of each cell before
    """
    import tabulate

    columns, rows, totals = table.shown()
    align = ["right" if column.right else "left" for column in columns]
    every: list[Any] = [[cell(value) for value in row] for row in [*rows, *([totals] if totals else [])]]
    made: str = tabulate.tabulate(
        every,
        headers=[cell(column.heading) for column in columns],
        tablefmt=format,
        disable_numparse=True,
        **({"colalign": align} if every else {}),
    )
    return made


def _installed(package: str) -> bool:
    """Whether a package can be imported; looking for one that is blocked raises a ValueError."""
    try:
        return find_spec(package) is not None
    except ValueError:
        return False
