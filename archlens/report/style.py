"""How counts look in a table that is to be printed elsewhere: so many digits, one unit for all."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from archlens.errors import UsageError
from archlens.quantity import human
from archlens.report.table import AtLeast, Shown, Table, count

__all__ = ["Style", "styled"]

UNITS = {"k": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}


@dataclass(frozen=True, slots=True)
class Style:
    """How a count is written.

    digits  after the point, or significant ones without a unit; as usual for None
    unit    k, M, G or T for every count: 25.56M and 4089.18M; each its own for an empty one
    """

    digits: int | None = None
    unit: str = ""

    def __post_init__(self) -> None:
        if self.unit and self.unit not in UNITS:
            raise UsageError(f"--units {self.unit} is not one of {', '.join(UNITS)}")

    def count(self, value: Any) -> str:
        """A count in this style, as `archlens.report.table.count` writes it otherwise.

        >>> Style(1, "M").count(25557032), Style(3).count(25557032)
        ('25.6M', '25.6M')
        """
        if value is None:
            return ""
        if isinstance(value, AtLeast):
            return f"≥{self.count(value.value)}"
        if self.unit:
            return f"{value / UNITS[self.unit]:.{2 if self.digits is None else self.digits}f}{self.unit}"
        return human(value) if self.digits is None else significant(value, self.digits)


def significant(value: int | float, digits: int) -> str:
    """A number with so many significant digits and its prefix: 25557032 → 26M, 25.6M, 25.557M.

    >>> significant(25557032, 2), significant(999999, 2), significant(12, 5)
    ('26M', '1.0M', '12')
    """
    if abs(value) < 1000:
        return human(value)
    from decimal import Decimal  # whose halves are halves

    for prefix, worth in reversed(UNITS.items()):
        rounded = Decimal(f"{Decimal(value) / worth:.{digits - 1}e}")
        if abs(rounded) >= 1 or prefix == "k":
            return f"{rounded:.{max(0, digits - 1 - rounded.adjusted())}f}{prefix}"
    return human(value)


def styled(table: Table, style: Style) -> Table:
    """The table with its counts in a style; what is no count stays as it is."""
    if style == Style():
        return table

    def cell(value: Any) -> Any:
        return replace(value, show=style.count) if isinstance(value, Shown) and value.show is count else value

    show: Callable[[Any], str] = style.count
    return replace(
        table,
        columns=tuple(replace(each, show=show) if each.show is count else each for each in table.columns),
        rows=tuple(tuple(map(cell, row)) for row in table.rows),
        totals=None if table.totals is None else tuple(map(cell, table.totals)),
    )
