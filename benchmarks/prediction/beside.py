"""What `archlens measure` found on this machine, beside what a device profile predicts."""

from collections.abc import Sequence
from pathlib import Path

from archlens.devices import estimate, find
from archlens.devices.plan import NETWORKS
from archlens.devices.profile import DeviceProfile
from archlens.quantity import duration
from archlens.report import Column, Table
from archlens.report.page.measured import read_measured
from archlens.spec import load
from benchmarks.prediction.errors import errors

__all__ = ["beside"]

COLUMNS = (
    Column("model", "model", right=False), Column("measured", "measured"), Column("predicted", "predicted"),
    Column("off", "off %"), Column("inside", "in the interval", right=False),
    Column("calibrated", "in the calibration", right=False),
)  # fmt: skip


def beside(measured: Path, device: str) -> Table:
    """Networks of the catalogue, measured and predicted.

    measured  what `archlens measure MODEL… -f json` wrote
    device    the name of the profile
    """
    profile = find(device)
    assert isinstance(profile, DeviceProfile)
    assert profile.evidence is not None
    timed = sorted(read_measured(measured), key=lambda each: float(each.run["median_s"]))
    calibrated = {load(name).model for name in NETWORKS}
    rows, pairs = [], []
    for each in timed:
        run = each.run
        found = estimate(load(each.model, input=tuple(run["input"][1:]), batch=run["batch"]), profile)
        seconds = float(run["median_s"])
        pairs.append((each.model, found.seconds, seconds))
        low, high = found.interval or (0.0, 0.0)
        rows.append((
            each.model, duration(seconds), duration(found.seconds),
            f"{100 * (found.seconds / seconds - 1):+.1f}", "yes" if low <= seconds <= high else "no",
            "yes" if each.model in calibrated else "no",
        ))  # fmt: skip
    unseen = [pair for pair in pairs if pair[0] not in calibrated]
    footer = (
        f"{timed[0].conditions}; {timed[0].machine}; {timed[0].date}. Profile {device}, calibrated on "
        f"{profile.evidence.date} with other runs of the networks in its calibration.",
        f"All: {came(pairs)}. Those that are not in the calibration: {came(unseen)}.",
        "Not reliable by `measure`'s own judgement: "
        f"{', '.join(each.model for each in timed if not each.run['reliable']) or 'none'}.",
    )
    return Table(
        COLUMNS, tuple(rows), title="This machine: predicted beside `archlens measure`", footer=footer
    )


def came(pairs: Sequence[tuple[str, float, float]]) -> str:
    """How far predicted times are off, in words. Each pair: the network, predicted and measured seconds."""
    if not pairs:
        return "none"
    found = errors([predicted for _, predicted, _ in pairs], [seconds for _, _, seconds in pairs])
    return (
        f"median {100 * found.median:.1f} %, {100 * found.within10:.0f} % within ±10 %, Spearman "
        f"{found.spearman:.3f}"
    )
