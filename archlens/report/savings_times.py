"""Measured times beside what building blocks save."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from archlens.latency.sampling.measurement import Measurement
from archlens.latency.statistics.ratio import LatencyComparison, Ratio
from archlens.quantity import plural
from archlens.report.latency import comparison_rows, doubts, how, latencies_as_dict, paired
from archlens.report.results import duration
from archlens.report.table import Column, Shown, Table, ratio, text

__all__ = ["saving_with_times", "savings_as_dict_with_times", "savings_with_times"]

Timed = Mapping[str, LatencyComparison]
"""By the name of the saving; its networks are in its order, and the first is the baseline."""


def savings_with_times(table: Table, timed: Timed) -> Table:
    """The list of all savings with a column more: how long the cheaper block takes over what it stands for.

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
    columns = (*table.columns, Column("latency_ratio", "time", text))
    return replace(table, columns=columns, rows=rows, footer=(*footer, *_machines(taken)))


def saving_with_times(table: Table, timed: LatencyComparison) -> Table:
    """The networks of one saving with their times, and below them who is faster.

    table  has a row a network
    """
    columns = (
        Column("latency_s", "time", duration),
        Column("latency_ratio", "", text, derived=True, follows=True),
    )
    ratios = [None, *map(_times, timed.ratios)]
    rows = tuple(
        (*row, seconds, times) for row, seconds, times in zip(table.rows, timed.times, ratios, strict=True)
    )
    footer = (
        *table.footer,
        *(each.sentence for each in timed.ratios),
        f"{how(timed.measurements)}: {paired(timed)}",
        *doubts(timed.measurements),
        *_machines(timed.measurements),
    )
    return replace(table, columns=(*table.columns, *columns), rows=rows, footer=footer)


def savings_as_dict_with_times(savings: list[dict[str, Any]], timed: Timed) -> list[dict[str, Any]]:
    """All savings as `--measure --format json` prints them."""
    return [_with_times(each, timed[each["name"]]) if each["name"] in timed else each for each in savings]


def _with_times(saving: dict[str, Any], timed: LatencyComparison) -> dict[str, Any]:
    """One saving with the times of its networks, and that of the cheaper one over the baseline's."""
    told = comparison_rows(timed)
    networks = [network | found for network, found in zip(saving["networks"], told, strict=True)]
    over = {"latency_ratio": timed.ratios[0].ratio}
    return {**saving, **over, "networks": networks, **latencies_as_dict(timed)}


def _times(found: Ratio) -> Shown:
    """How long a network takes over how long the baseline takes."""
    mark = "≈ " if found.verdict == "no difference shown" else ""
    return Shown(found.ratio, lambda value: mark + ratio(value))


def _how(measurements: Iterable[Measurement]) -> str:
    return f"{how(tuple(measurements))}: ratios of runs in turns"


def _machines(measurements: Iterable[Measurement]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(each.machine) for each in measurements))
