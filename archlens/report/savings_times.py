"""Measured times beside what building blocks save."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from archlens.latency.sampling.measurement import Measurement
from archlens.latency.statistics.ratio import LatencyComparison, Ratio
from archlens.report.latency import doubts, how, latencies_as_dict
from archlens.report.results import duration
from archlens.report.table import Column, Shown, Table, plural, ratio, text

__all__ = ["saving_with_times", "savings_as_dict_with_times", "savings_with_times"]

Timed = Mapping[str, LatencyComparison]
"""By the name of the saving; its networks are in its order, and the first is the baseline."""


def savings_with_times(table: Table, timed: Timed) -> Table:
    """The list of all savings with a column more: how many times as long the baseline takes.

    table  has the name of the saving in its first column
    """
    rows = tuple((*row, _times(timed[row[0]].ratios[0]) if row[0] in timed else None) for row in table.rows)
    doubted = [name for name, each in timed.items() if any(not one.reliable for one in each.measurements)]
    taken = [one for each in timed.values() for one in each.measurements]
    footer = [*table.footer, "time: ≈ where no difference could be shown with 99 % confidence", _how(taken)]
    if doubted:
        footer.append(
            f"{plural(len(doubted), 'time')} in doubt: {', '.join(doubted)}; "
            f"`archlens savings {doubted[0]} --measure` says why"
        )
    columns = (*table.columns, Column("time", "time", text))
    return replace(table, columns=columns, rows=rows, footer=(*footer, *_machines(taken)))


def saving_with_times(table: Table, timed: LatencyComparison) -> Table:
    """The networks of one saving with their times, and below them who is faster.

    table  has a row a network
    """
    columns = (
        Column("time_s", "time", duration),
        Column("time_ratio", "", text, derived=True, follows=True),
    )
    ratios = [None, *map(_times, timed.ratios)]
    rows = tuple(
        (*row, each.summary.median, times)
        for row, each, times in zip(table.rows, timed.measurements, ratios, strict=True)
    )
    footer = (
        *table.footer,
        *(each.sentence for each in timed.ratios),
        _how(timed.measurements),
        *doubts(timed.measurements),
        *_machines(timed.measurements),
    )
    return replace(table, columns=(*table.columns, *columns), rows=rows, footer=footer)


def savings_as_dict_with_times(savings: list[dict[str, Any]], timed: Timed) -> list[dict[str, Any]]:
    """All savings as `--measure --format json` prints them."""
    return [
        each | (latencies_as_dict(timed[each["name"]]) if each["name"] in timed else {}) for each in savings
    ]


def _times(found: Ratio) -> Shown:
    """How many times as long as the network the baseline takes."""
    mark = "≈ " if found.verdict == "no difference shown" else ""
    return Shown(1 / found.ratio, lambda value: mark + ratio(value))


def _how(measurements: Iterable[Measurement]) -> str:
    return f"{how(tuple(measurements))}: medians, the ratios of runs in turns"


def _machines(measurements: Iterable[Measurement]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(each.machine) for each in measurements))
