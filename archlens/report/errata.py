"""Printed figures that are wrong, as a table."""

from typing import Any

from archlens.report.table import Column, Table, exact
from archlens.studies.savings.errata import Erratum

__all__ = ["errata_as_dict", "errata_table"]


def errata_table(errata: tuple[Erratum, ...]) -> Table:
    """Copied figures beside the right ones; the arithmetic is below, by number."""
    columns = (
        Column("number", ""),
        Column("what", "", right=False),
        Column("copied", "copied"),
        Column("right", "right"),
        Column("where", "where", machine=True),
        Column("arithmetic", "arithmetic", machine=True),
    )
    rows = tuple(
        (number, each.what, each.copied, _right(each), each.where, each.arithmetic)
        for number, each in enumerate(errata, 1)
    )
    footer = tuple(f"{number}. {each.where}: {each.arithmetic}" for number, each in enumerate(errata, 1))
    return Table(columns, rows, title="Printed figures that are wrong", footer=footer)


def _right(erratum: Erratum) -> str:
    """The right figure, with as many decimals as the copied one has, and one at least."""
    value = erratum.right
    decimals = max(1, len(erratum.copied.partition(".")[2].rstrip("KMG%")))
    return (f"{value:,.{decimals}f}" if isinstance(value, float) else exact(value)) + erratum.unit


def errata_as_dict(errata: tuple[Erratum, ...]) -> list[dict[str, Any]]:
    """The errata as `--format json` prints them."""
    return [
        {
            "number": number,
            "what": each.what,
            "copied": each.copied,
            "right": each.right,
            "unit": each.unit,
            "where": each.where,
            "arithmetic": each.arithmetic,
        }
        for number, each in enumerate(errata, 1)
    ]
