"""The variants of a design as the page shows them: settings and metrics by column."""

from collections.abc import Iterable
from typing import Any

from archlens.devices.device import Device
from archlens.report.page.devices import device_data
from archlens.report.table import AtLeast, Table

__all__ = ["variants"]

NAMES = ("model", "complete")
"""Columns that are neither settings nor metrics."""


def variants(
    records: Table,
    settings: Iterable[str],
    *,
    title: str = "",
    source: str = "",
    device: Device | None = None,
    aims: Iterable[tuple[str, bool]] = (),
    where: str = "",
) -> dict[str, Any]:
    """What `page(…, sweep=…)` takes, from a table with a row a variant.

    records   with a column a setting and a column a metric, as `archlens.spaces.tables.records` makes them
    settings  the keys of the columns that are settings; the others are metrics
    title     what stands above the view; `source` below its chart
    aims      the metrics that were wanted, and whether the largest is best: the axes, the first one upwards
    where     the budget, in the words of `--where`
    device    the one that latencies were predicted for: they are shown with its interval

    >>> from archlens.report.table import Column
    >>> table = Table((Column("width", "width"), Column("params", "params")), ((32, 900), (64, 3500)))
    >>> variants(table, ["width"])["metrics"]
    {'params': [900, 3500]}
    """
    chosen = tuple(settings)
    columns = {
        column.key: [_plain(row[place]) for row in records.rows]
        for place, column in enumerate(records.columns)
        if column.key not in NAMES
    }
    described = device_data([device])[0] if device is not None else None
    return {
        "title": title,
        "source": source,
        "aims": [{"key": key, "less": not largest} for key, largest in aims],
        "where": where,
        "device": described and described["title"],
        "interval": described and described["interval"],
        "settings": {key: columns[key] for key in chosen},
        "metrics": {key: column for key, column in columns.items() if key not in chosen},
    }


def _plain(value: Any) -> Any:
    """What JSON holds: a lower bound is left out, as it is no number to put in order."""
    if isinstance(value, AtLeast):
        return None
    return "×".join(map(str, value)) if isinstance(value, tuple | list) else value
