"""Networks side by side, part by part: a row a stage, or a block, where their names agree."""

from collections.abc import Iterable, Sequence
from typing import Any

from archlens.report.comparison import Comparison
from archlens.report.metric import BY_KEY
from archlens.report.metric_name import columns_named, meanings
from archlens.report.profile import Profile
from archlens.report.table import Column, Table, ratio, text

__all__ = ["merged", "stages_as_dict", "stages_table"]

OF_TWO = ("params", "multiply_adds")
OF_MORE = ("multiply_adds",)
"""The metrics of a row unless others are asked for: they fit 80 columns."""


def stages_table(comparison: Comparison, columns: Iterable[str] = ()) -> Table:
    """A row a part, and each metric of every network in it, with ratios against the baseline.

    columns  the metrics; those that fit a page unless given

    A network without a part of that name has an empty cell. Raises a UsageError for an unknown metric.
    """
    names = tuple(columns)
    asked = [key for key in columns_named(names) if key in BY_KEY]
    keys = asked or (OF_TWO if len(comparison.profiles) == 2 else OF_MORE)
    made = [Column("name", "", text, right=False)]
    for key in keys:
        for place, label in enumerate(comparison.labels):
            made.append(Column(f"{label} {key}", f"{label}\n{BY_KEY[key].header}", BY_KEY[key].show))
            if place != comparison.baseline:
                made.append(Column(f"{label} {key} ratio", "ratio", ratio, follows=True))
    parts = [_parts(each) for each in comparison.profiles]
    rows = [
        (name, *_cells(comparison, keys, [known.get(name) for known in parts])) for name in _names(comparison)
    ]
    whole = [each.told(each.whole, each.complete) for each in comparison.profiles]
    footer = (
        f"ratios against {comparison.labels[comparison.baseline]}; empty: no part of that name",
        "1 multiply-add = 1 multiply-accumulate",
        *meanings(names),
    )
    total = ("total", *_cells(comparison, keys, whole))
    return Table(tuple(made), tuple(rows), total, footer=footer)


def stages_as_dict(comparison: Comparison) -> dict[str, Any]:
    """The comparison as `--format json` prints it, with the parts of each network."""
    shown = comparison.as_dict()
    for model, each in zip(shown["models"], comparison.profiles, strict=True):
        model["rows"] = each.as_dict()["rows"]
    return {**shown, "parts": list(_names(comparison))}


def merged(orders: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Names in an order that keeps that of the first list, and of the others as far as it goes.

    >>> merged([["stem", "stage1", "head"], ["stem", "stage1", "stage2", "head"]])
    ('stem', 'stage1', 'stage2', 'head')
    """
    found: list[str] = []
    for order in orders:
        place = 0
        for name in order:
            if name in found:
                place = found.index(name) + 1
            else:
                found.insert(place, name)
                place += 1
    return tuple(found)


def _names(comparison: Comparison) -> tuple[str, ...]:
    return merged([[row.name for row in each.rows] for each in comparison.profiles])


def _parts(profile: Profile) -> dict[str, dict[str, Any]]:
    """The metrics of each part, by its name."""
    return {
        row.name: profile.told(part, row.complete)
        for row, part in zip(profile.rows, profile.parts, strict=True)
    }


def _cells(
    comparison: Comparison, keys: Sequence[str], told: Sequence[dict[str, Any] | None]
) -> tuple[Any, ...]:
    """Each metric of every network, and what it is over the baseline's where both are plain numbers."""
    cells: list[Any] = []
    for key in keys:
        values = [None if known is None else known[key] for known in told]
        base = values[comparison.baseline]
        for place, value in enumerate(values):
            cells.append(value)
            if place != comparison.baseline:
                numbers = isinstance(value, int | float) and isinstance(base, int | float)
                cells.append(value / base if numbers and base and BY_KEY[key].bounded else None)
    return tuple(cells)
