"""Measured times as tables."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from archlens.latency.sampling.measurement import Measurement
from archlens.latency.statistics.ratio import LatencyComparison
from archlens.report.results import duration, spread
from archlens.report.table import AtLeast, Column, Shown, Table, count, count_bytes

__all__ = [
    "beside",
    "beside_models",
    "comparison_as_dict",
    "comparison_rows",
    "doubts",
    "how",
    "latencies_as_dict",
    "latency_table",
    "paired",
    "slower_threads",
]

APART = 0.05
"""How far a median by itself may be from the time in turns before it is told."""
SLOWER = 0.9
"""How much shorter a run at one thread has to be for more of them to be called slower."""


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
        *slower_threads(measurements),
        *dict.fromkeys(str(each.machine) for each in measurements),
    )
    return Table(COLUMNS, rows, title=how(measurements), footer=footer)


def how(measurements: Sequence[Measurement]) -> str:
    """The conditions that all measurements share, for the title of a table."""
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
    """The raw value of every column for one measurement."""
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
    """The words that warnings start with, such as "few samples"."""
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
    for i, seconds in enumerate(comparison.times):
        cells.append(Shown(seconds, duration))
        if i != comparison.baseline:
            cells.append(next(ratios).ratio)
    return replace(table, rows=(*table.rows, tuple(cells)), footer=(*table.footer, *notes(comparison)))


def beside_models(table: Table, comparison: LatencyComparison) -> Table:
    """The table with a row a network and columns of measured times; machines get the ratios as well."""
    keys = ("latency_ratio", "latency_ratio_low", "latency_ratio_high", "verdict", "reliable", "samples")
    made = (
        Column("latency_s", "latency", duration),
        *(Column(key, key, machine=True) for key in (*keys, "device", "threads")),
    )
    told = comparison_rows(comparison)
    rows = tuple(
        (*row, *(found[column.key] for column in made)) for row, found in zip(table.rows, told, strict=True)
    )
    return replace(
        table, columns=(*table.columns, *made), rows=rows, footer=(*table.footer, *notes(comparison))
    )


def notes(comparison: LatencyComparison) -> tuple[str, ...]:
    """Who is faster, how that was measured, and what speaks against it."""
    return (
        *(ratio.sentence for ratio in comparison.ratios),
        f"{how(comparison.measurements)}: {paired(comparison)}",
        *doubts(comparison.measurements),
        *slower_threads(comparison.measurements),
        str(comparison.measurements[0].machine),
    )


def paired(*comparisons: LatencyComparison) -> str:
    """What the times in turns are; a network whose runs by themselves say something else is named."""
    apart = [
        f"{each.subject.model} {duration(each.summary.median)}"
        for comparison in comparisons
        for each, seconds in zip(comparison.measurements, comparison.times, strict=True)
        if not 1 / (1 + APART) < each.summary.median / seconds < 1 + APART
    ]
    alone = (
        f"; by themselves, at other moments: {', '.join(apart)}" if apart and len(comparisons) == 1 else ""
    )
    return f"the baseline's median, and by the ratios of runs in turns the others'{alone}"


def slower_threads(measurements: Iterable[Measurement]) -> list[str]:
    """A sentence for each network that is quicker at one thread than at as many as were used."""
    return [
        f"{each.subject.model} is slower at {each.subject.threads} threads than at one "
        f"({duration(each.one_thread)}): --threads 1"
        for each in measurements
        if each.one_thread is not None and each.one_thread < SLOWER * each.summary.median
    ]


def comparison_rows(comparison: LatencyComparison) -> list[dict[str, Any]]:
    """What was measured of each network, by the keys of CSV and JSON."""
    ratios = iter(comparison.ratios)
    found = []
    for place, (each, seconds) in enumerate(zip(comparison.measurements, comparison.times, strict=True)):
        over = None if place == comparison.baseline else next(ratios)
        found.append(
            {
                "latency_s": seconds,
                "latency_ratio": over.ratio if over else 1.0,
                "latency_ratio_low": over.interval[0] if over else 1.0,
                "latency_ratio_high": over.interval[1] if over else 1.0,
                "verdict": over.verdict if over else None,
                "reliable": each.reliable,
                "samples": len(each.samples),
                "device": each.subject.conditions.device,
                "threads": each.subject.threads,
            }
        )
    return found


def comparison_as_dict(comparison: dict[str, Any], timed: LatencyComparison) -> dict[str, Any]:
    """A comparison as JSON, each model with its time beside those of the others, and what was measured."""
    models = [
        model | found for model, found in zip(comparison["models"], comparison_rows(timed), strict=True)
    ]
    return {**comparison, "models": models, **latencies_as_dict(timed)}


def latencies_as_dict(comparison: LatencyComparison) -> dict[str, Any]:
    """The latencies and their ratios, as `compare --latency --format json` adds them."""
    return {
        "latencies": [each.as_dict() for each in comparison.measurements],
        "ratios": [ratio.as_dict() for ratio in comparison.ratios],
    }
