"""Stored runs as a table: what was measured, when and where, and what came out."""

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from typing import Any

from archlens.latency.store.store import StoredRun
from archlens.quantity import duration, plural, spread
from archlens.report.result import Page, Result
from archlens.report.table import Column, Table, text

__all__ = [
    "duration",
    "matching",
    "results_as_dict",
    "results_table",
    "run_result",
    "setting",
    "several",
    "shown_setting",
    "spread",
    "state",
]

UNKNOWN: dict[str, Any] = {"median_s": None, "interval_s": None, "reliable": None, "warnings": []}
"""What a run that was not finished has no answer to."""

SETTINGS = ("input", "layout", "mode", "fused", "threads")
"""What people see only where there are several."""


def shown_setting(value: Any) -> str:
    """A setting as one writes it: true, 3×224×224."""
    if isinstance(value, bool):
        return str(value).lower()
    return "×".join(map(str, value)) if isinstance(value, tuple) else text(value)


def several(values: Iterable[Any]) -> bool:
    """Whether the values that are known differ from run to run, so that a column is worth its place."""
    return len({repr(value) for value in values if value is not None}) > 1


def matching(
    runs: Sequence[StoredRun], pattern: str = "*", device: str | None = None
) -> tuple[StoredRun, ...]:
    """The runs whose model matches, on one kind of device or machine.

    pattern  a shell pattern such as `resnet*`, or a part of the name; upper and lower case are one
    device   `cpu`, `cuda`, or the fingerprint of a machine or its beginning
    """
    wanted = (pattern if any(sign in pattern for sign in "*?[") else f"*{pattern}*").lower()
    return tuple(
        run
        for run in runs
        if fnmatchcase(run.model.lower(), wanted)
        and (
            not device
            or fnmatchcase(str(run.description.get("device", "")), device)
            or run.fingerprint.startswith(device)
        )
    )


def results_as_dict(runs: Sequence[StoredRun]) -> list[dict[str, Any]]:
    """A mapping a run, as `--format json` prints them: description, summary and machine in one."""
    return [
        {
            "run": run.id,
            **run.description,
            **UNKNOWN,
            **run.summary,
            "median_s": run.median_s,
            "samples": run.samples,
            "state": state(run),
            "started": run.started,
            "finished": run.finished,
            "machine": run.machine,
        }
        for run in runs
    ]


def results_table(runs: Sequence[StoredRun]) -> Table:
    """A row a run, in the order given; people see the settings of which there are several."""
    cells = [_values(run) for run in runs]
    columns = (
        Column("run", "run"),
        Column("model", "model", right=False),
        Column("device", "device", right=False, priority=3),
        Column("machine", "machine", right=False, priority=1),
        Column("batch", "batch", priority=4),
        *(
            Column(key, key, shown_setting, priority=4, machine=not several(values[key] for values in cells))
            for key in SETTINGS
        ),
        Column("dtype", "dtype", right=False, priority=5),
        Column("median_s", "median", duration),
        Column("interval_s", "95 % interval", spread, derived=True),
        *(
            Column(key, key, machine=True)
            for key in ("interval_low_s", "interval_high_s", "minimum_s", "p90_s", "iqr_s")
        ),
        Column("samples", "samples", priority=6),
        Column("state", "", right=False),
        Column("started", "when (UTC)", _minute, right=False, priority=2),
        Column("why", "why", right=False, priority=7, derived=True),
        *(Column(key, key, machine=True) for key in ("seed", "torch", "archlens", "warnings")),
    )
    rows = tuple(tuple(values.get(column.key) for column in columns) for values in cells)
    return Table(columns, rows, footer=_footer(runs))


def setting(run: StoredRun, key: str) -> Any:
    """What a run was measured with, a shape as a tuple."""
    value = run.setting(key)
    return tuple(value) if isinstance(value, list) else value


def state(run: StoredRun) -> str:
    """Whether a result can be believed: reliable, unreliable, interrupted, or unfinished."""
    if run.finished is None:
        return "unfinished"
    if run.summary.get("interrupted"):
        return "interrupted"
    reliable = run.summary.get("reliable")
    return "" if reliable is None else "reliable" if reliable else "unreliable"


def _values(run: StoredRun) -> dict[str, Any]:
    """Everything about a run by the key of its column."""
    interval = run.summary.get("interval_s")
    low, high = interval or (None, None)
    warnings = run.summary.get("warnings") or ()  # each starts with the kind of trouble and a colon
    return {
        "torch": run.machine.get("torch"),
        **run.description,
        **run.summary,
        "run": run.id,
        "machine": run.fingerprint,
        **{key: setting(run, key) for key in SETTINGS},
        "median_s": run.median_s,
        "interval_low_s": low,
        "interval_high_s": high,
        "samples": run.samples,
        "state": state(run),
        "started": run.started,
        "why": ", ".join(warning.partition(":")[0] for warning in warnings),
        "warnings": "; ".join(warnings),
    }


def _minute(started: str) -> str:
    """An ISO time to the minute."""
    return text(started)[:16].replace("T", " ")


def _footer(runs: Sequence[StoredRun]) -> tuple[str, ...]:
    lines = [plural(len(runs), "run")]
    if any(run.finished is None for run in runs):
        lines.append("unfinished: killed, or still going on; the median is that of the samples so far")
    return tuple(lines)


def run_result(run: StoredRun, samples: Sequence[float]) -> Result:
    """One run in full: what was measured, on what, what came out; CSV has its samples."""

    def page() -> Page:
        low, high = (run.summary.get("interval_s") or (None, None))[:2]
        interval = spread((low, high)) if low is not None else ""
        told = {
            **run.description,
            "started": run.started,
            "finished": run.finished or "never",
            "samples": run.samples,
            "median": duration(run.median_s),
            "95 % interval": interval,
            "state": state(run),
            **{f"machine: {key}": value for key, value in run.machine.items()},
        }
        rows = tuple((key, _plain(value)) for key, value in told.items() if value not in (None, ""))
        columns = (Column("setting", "", right=False), Column("value", "", right=False))
        return Page(
            (Table(columns, rows, title=f"run {run.id}"),), (), tuple(run.summary.get("warnings") or ())
        )

    def records() -> Table:
        columns = (Column("run", "run"), Column("position", "position"), Column("seconds", "seconds"))
        return Table(columns, tuple((run.id, place, each) for place, each in enumerate(samples)))

    def dictionary() -> dict[str, Any]:
        return {**results_as_dict([run])[0], "machine": run.machine, "samples_s": list(samples)}

    return Result(page, dictionary, records)


def _plain(value: Any) -> str:
    """A value of a run as people read it."""
    if isinstance(value, list | tuple):
        return ("×" if all(isinstance(each, int) for each in value) else ", ").join(map(str, value))
    return str(value)
