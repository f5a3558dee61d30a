"""How counts and times look in a table: so many digits, one unit for all counts, multiply-adds as FLOPs."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from archlens.errors import UsageError, nearest
from archlens.quantity import TIMES, WORTH, duration, human, spread
from archlens.report.result import Result
from archlens.report.table import (
    AtLeast,
    Shown,
    Table,
    count,
    count_bytes,
    exact,
    seconds_shown,
    sign,
    signed,
    signed_duration,
    signed_exact,
)

__all__ = ["Style", "restyled", "styled"]

UNITS = {"k": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}


@dataclass(frozen=True, slots=True)
class Style:
    """How a count and a time are written.

    digits  significant ones; with a unit, those of counts after the point, and times as usual; None for usual
    unit    k, M, G or T for every count: 25.56M and 4089.18M; each its own for an empty one
    flops   1 or 2 to show multiply-adds as so many FLOPs each; None to call them what they are
    """

    digits: int | None = None
    unit: str = ""
    flops: int | None = None

    def __post_init__(self) -> None:
        if self.unit and self.unit not in UNITS:
            raise UsageError(
                f"--units {self.unit} is not one of {', '.join(UNITS)}{nearest(self.unit, UNITS)}"
            )
        if self.digits == 0 and not self.unit:
            raise UsageError("--digits 0: without --units digits are significant ones, 1 or more")

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

    def signed(self, value: Any) -> str:
        """A difference of counts: +25.6M, −1.2k, 0."""
        return f"{sign(value)}{self.count(abs(value))}"

    def bytes(self, value: Any) -> str:
        """Bytes in this style: 102MB."""
        return "" if value is None else f"{self.count(value)}B"

    def duration(self, value: Any) -> str:
        """A time in this style.

        >>> Style(2).duration(0.012345), Style(2, "M").duration(0.012345)
        ('12 ms', '12.35 ms')
        """
        if value is None:
            return ""
        if isinstance(value, AtLeast):
            return f"≥{self.duration(value.value)}"
        if self.digits is None or self.unit or not value:
            return seconds_shown(value)
        if value < 0:
            return f"−{self.duration(-value)}"
        from decimal import Decimal  # whose halves are halves

        rounded = Decimal(f"{value:.{self.digits - 1}e}")
        worth = {unit: Decimal(str(seconds)) for unit, seconds in TIMES.items()}
        unit = next((unit for unit, least in worth.items() if rounded >= least), "µs")
        number = rounded / worth[unit]
        return f"{number:.{max(0, self.digits - 1 - number.adjusted())}f} {unit}"

    def signed_duration(self, value: Any) -> str:
        """A difference of times: +12 ms, −1.2 ms, 0."""
        return f"{sign(value)}{self.duration(abs(value))}"

    def spread(self, value: Any) -> str:
        """The two ends of an interval: 12–13 ms."""
        return spread(value) if self.digits is None or self.unit else spread(value, self.duration)


def significant(value: int | float, digits: int) -> str:
    """A number with so many significant digits and its prefix: 25557032 → 26M, 25.6M, 25.557M.

    >>> significant(25557032, 2), significant(999999, 2), significant(12, 5)
    ('26M', '1.0M', '12')
    """
    if abs(value) < 1000:
        return human(value)
    from decimal import Decimal  # whose halves are halves

    for prefix, worth in reversed(WORTH.items()):
        rounded = Decimal(f"{Decimal(value) / worth:.{digits - 1}e}")
        if abs(rounded) >= 1 or prefix == "k":
            return f"{rounded:.{max(0, digits - 1 - rounded.adjusted())}f}{prefix}"
    return human(value)


def restyled(result: Result, style: Style) -> Result:
    """The result with its counts in a style; FLOPs, where they are asked for, stand in every format."""
    if style == Style():
        return result
    return Result(
        lambda: replace(page := result.page(), tables=tuple(styled(table, style) for table in page.tables)),
        lambda: _counted(result.dictionary(), style.flops),
        lambda: _as_flops(result.records(), style.flops),
    )


def styled(table: Table, style: Style) -> Table:
    """The table with its counts in a style; what is no count stays as it is."""
    if style == Style():
        return table
    table = _as_flops(table, style.flops)
    if style == Style(flops=style.flops):
        return table

    def cell(value: Any) -> Any:
        return replace(value, show=ways.get(value.show, value.show)) if isinstance(value, Shown) else value

    ways: dict[Callable[[Any], str], Callable[[Any], str]] = {
        count: style.count, exact: style.count, signed: style.signed, signed_exact: style.signed,
        count_bytes: style.bytes, duration: style.duration, seconds_shown: style.duration,
        signed_duration: style.signed_duration, spread: style.spread,
    }  # fmt: skip
    return replace(
        table,
        columns=tuple(replace(each, show=ways.get(each.show, each.show)) for each in table.columns),
        rows=tuple(tuple(map(cell, row)) for row in table.rows),
        totals=None if table.totals is None else tuple(map(cell, table.totals)),
    )


def _as_flops(table: Table, each: int | None) -> Table:
    """The table with FLOPs in the place of multiply-adds, in their column or in their row."""
    if not each:
        return table
    keys = [column.key for column in table.columns]
    told = (*table.footer, f"FLOPs: {each} for each multiply-add")
    if "multiply_adds" not in keys:
        rows = tuple(_flops_row(row, each) if row[0] == "multiply_adds" else row for row in table.rows)
        return table if rows == table.rows else replace(table, rows=rows, footer=told)
    at = keys.index("multiply_adds")
    asked = table.columns[at]
    columns = (replace(asked, machine=True), replace(asked, key="flops", header="FLOPs"))

    def cells(row: tuple[Any, ...]) -> tuple[Any, ...]:
        return (*row[: at + 1], _times(row[at], each), *row[at + 1 :])

    return replace(
        table,
        columns=(*table.columns[:at], *columns, *table.columns[at + 1 :]),
        rows=tuple(map(cells, table.rows)),
        totals=None if table.totals is None else cells(table.totals),
        footer=told,
    )


def _flops_row(row: tuple[Any, ...], each: int) -> tuple[Any, ...]:
    """A row of counts as FLOPs: its name, its label, and what it shows; ratios stay."""
    shown = (_times(cell, each) if isinstance(cell, Shown) else cell for cell in row[2:])
    return ("flops", "FLOPs", *shown)


def _times(value: Any, each: int) -> Any:
    if isinstance(value, Shown | AtLeast):
        return replace(value, value=_times(value.value, each))
    return None if value is None else each * value


def _counted(found: Any, each: int | None) -> Any:
    """What JSON holds, with FLOPs beside every count of multiply-adds."""
    if not each:
        return found
    if isinstance(found, list):
        return [_counted(item, each) for item in found]
    if not isinstance(found, dict):
        return found
    made: dict[str, Any] = {}
    for key, value in found.items():
        made[key] = _counted(value, each)
        if key == "multiply_adds" and isinstance(value, int):
            made["flops"] = each * value
    return made
