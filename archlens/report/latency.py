"""Measured times as tables."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from archlens.latency.sampling.measurement import Measurement
from archlens.latency.statistics.ratio import LatencyComparison
from archlens.report.results import duration, spread
from archlens.report.table import AtLeast, Column, Shown, Table, count, count_bytes

__all__ = ["beside", "doubts", "how", "latencies_as_dict", "latency_table"]


def _each(values: tuple[Any, ...]) -> str:
    return "; ".join(map(str, values))


COLUMNS = (
    Column("model", "model", right=False),
    Column("device", "device", machine=True),
    Column("batch", "batch", machine=True),
    Column("dtype", "dtype", machine=True),
    Column("layout", "layout", machine=True),
    Column("mode", "mode", machine=True),
    Column("threads", "threads", machine=True),
    Column("fused", "fused", machine=True),
    Column("median_s", "median", duration),
    Column("interval_s", "95 % interval", spread, derived=True, follows=True),
    Column("low_s", "low", machine=True),
    Column("high_s", "high", machine=True),
    Column("minimum_s", "minimum", duration, priority=3),
    Column("p90_s", "p90", duration, priority=4),
    Column("iqr_s", "IQR", duration, priority=5),
    Column("samples", "samples", priority=6),
    Column("images_per_second", "images/s", count),
    Column("gflops_per_second", "GFLOP/s", count, priority=2),
    Column("gigabytes_per_second", "GB/s", count, priority=2),
    Column("peak_memory_bytes", "peak\nmemory", count_bytes, priority=1),
    Column("reliable", "reliable", lambda value: value, right=False, derived=True),
    Column("warnings", "warnings", machine=True),
    Column("fingerprint", "machine", machine=True),
)


def latency_table(measurements: Sequence[Measurement]) -> Table:
    """A row a network; what speaks against a number stands beside it in a word, and below in a sentence."""
    rows = tuple(tuple(_values(each)[column.key] for column in COLUMNS) for each in measurements)
    footer = (
        "GFLOP/s: 2 × multiply-adds; GB/s: memory access by archlens's count, as if no cache kept anything",
        *doubts(measurements),
        *dict.fromkeys(str(each.machine) for each in measurements),
    )
    return Table(COLUMNS, rows, title=how(measurements), footer=footer)


def how(measurements: Sequence[Measurement]) -> str:
    """What the measurements have in common, for a title."""
    if not measurements:
        return "nothing was measured"
    subject = measurements[0].subject
    conditions = subject.conditions
    parts = [f"batch {subject.input[0]}", conditions.dtype, conditions.layout, conditions.mode]
    parts += ["fused"] * subject.fused
    parts += [f"{subject.threads} threads" if subject.threads > 1 else "1 thread"] * (
        conditions.device == "cpu"
    )
    return f"latency on {conditions.device}, {', '.join(parts)}"


def _values(each: Measurement) -> dict[str, Any]:
    """Every column's value, raw."""
    low, high = each.summary.interval
    results = each.results()
    bounded = {
        key: results[key] if each.complete else AtLeast(results[key])
        for key in ("gflops_per_second", "gigabytes_per_second")
    }
    return {
        **each.subject.as_dict(),
        **results,
        **bounded,
        "interval_s": (low, high),
        "low_s": low,
        "high_s": high,
        "samples": len(each.samples),
        "reliable": "yes" if each.reliable else f"unreliable: {', '.join(_kinds(each.warnings))}",
        "warnings": _each(each.warnings),
        "fingerprint": each.machine.fingerprint,
    }


def _kinds(warnings: Iterable[str]) -> list[str]:
    """The words that the sentences start with."""
    return [warning.partition(":")[0] for warning in warnings]


def doubts(measurements: Iterable[Measurement]) -> list[str]:
    """A sentence for each measurement that cannot be believed, or was not finished."""
    lines = [
        f"{each.subject.model} is unreliable: {_each(each.warnings)}"
        for each in measurements
        if not each.reliable
    ]
    lines += [
        f"{each.subject.model} was interrupted after {len(each.samples)} samples"
        for each in measurements
        if each.interrupted
    ]
    return lines


def beside(table: Table, comparison: LatencyComparison) -> Table:
    """The table of a comparison with a row of latencies, and the verdicts below it.

    table  has a column a network, each but the baseline's with a ratio behind it
    """
    cells: list[Any] = ["latency_s", "latency"]
    ratios = iter(comparison.ratios)
    for i, each in enumerate(comparison.measurements):
        cells.append(Shown(each.summary.median, duration))
        if i != comparison.baseline:
            cells.append(next(ratios).ratio)
    first = comparison.measurements[0]
    footer = (
        *table.footer,
        *(ratio.sentence for ratio in comparison.ratios),
        f"{how(comparison.measurements)}: medians, the ratios of runs in turns",
        *doubts(comparison.measurements),
        str(first.machine),
    )
    return replace(table, rows=(*table.rows, tuple(cells)), footer=footer)


def latencies_as_dict(comparison: LatencyComparison) -> dict[str, Any]:
    """The latencies and their ratios, as `compare --latency --format json` adds them."""
    return {
        "latencies": [each.as_dict() for each in comparison.measurements],
        "ratios": [ratio.as_dict() for ratio in comparison.ratios],
    }
