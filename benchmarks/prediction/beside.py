"""What `archlens measure` found on this machine, beside what a device profile predicts."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from archlens.devices import estimate, find
from archlens.quantity import duration
from archlens.report import Column, Table
from archlens.spec import load
from benchmarks.prediction.errors import errors

__all__ = ["beside"]

COLUMNS = (
    Column("model", "model", right=False), Column("measured", "measured"), Column("predicted", "predicted"),
    Column("off", "off %"), Column("inside", "in the interval", right=False),
)  # fmt: skip


def beside(measured: Path, device: str, machine: str) -> Table:
    """Networks of the catalogue, measured and predicted.

    measured  what `archlens measure MODEL… -f json` wrote
    device    the name of the profile
    machine   in words, with the date
    """
    profile = find(device)
    runs: list[Mapping[str, Any]] = json.loads(measured.read_text(encoding="utf-8"))
    rows, pairs = [], []
    for run in sorted(runs, key=lambda each: float(each["median_s"])):
        found = estimate(load(run["model"], input=tuple(run["input"][1:]), batch=run["batch"]), profile)
        seconds = float(run["median_s"])
        pairs.append((found.seconds, seconds))
        low, high = found.interval or (0.0, 0.0)
        rows.append((
            run["model"], duration(seconds), duration(found.seconds),
            f"{100 * (found.seconds / seconds - 1):+.1f}", "yes" if low <= seconds <= high else "no",
        ))  # fmt: skip
    came = errors([predicted for predicted, _ in pairs], [seconds for _, seconds in pairs])
    threads = runs[0]["threads"]
    footer = (
        f"{machine}; {threads} thread{'s' * (threads > 1)}; profile {device}, calibrated some time before.",
        f"Median {100 * came.median:.1f} %, {100 * came.within10:.0f} % within ±10 %, Spearman "
        f"{came.spearman:.3f}. Not reliable by `measure`'s own judgement: "
        f"{', '.join(run['model'] for run in runs if not run['reliable']) or 'none'}.",
    )
    return Table(
        COLUMNS, tuple(rows), title="This machine: predicted beside `archlens measure`", footer=footer
    )
