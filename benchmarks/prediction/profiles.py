"""The profiles that come with archlens, fitted to tables of others, each with its evidence."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from archlens.devices.fit import Left, Timed, fit_and_test
from archlens.devices.profile import DeviceProfile, write_profile
from archlens.errors import DeviceError
from benchmarks.prediction.tables import About, Measured

__all__ = ["SHIPS", "about_timm", "made", "ship"]

SHIPS = 0.20
"""A profile whose median error for families left out is above this does not ship."""

TIMM_SOURCE = {
    "source": "huggingface/pytorch-image-models, results/benchmark-*.csv", "licence": "Apache-2.0",
}  # fmt: skip
SOURCES = {
    "pixel1": {"source": "tensorflow/models, slim/nets/mobilenet", "licence": "Apache-2.0"},
    "pixel3": {"source": "tensorflow/tensorflow, hosted models", "licence": "Apache-2.0"},
    "gpus": {"source": "aisensiy/pytorch-gpu-benchmark", "licence": "MIT"},
}


def about_timm(about: About, row: Measured) -> dict[str, Any]:
    """The fields of the profile of a table of timm's, from one of its rows."""
    cells = row.cells
    software = cells["engine"].rpartition(" ")[0]
    return {
        "name": about.name, "title": about.title, "device": cells["device"],
        "engine": "compiled" if cells["engine"].endswith("dynamo") else "eager", "software": software,
        "dtype": {"amp": "float16", "fp32": "float32"}[cells["precision"]], "layout": cells["layout"],
        "phase": cells["phase"], **TIMM_SOURCE,
    }  # fmt: skip


def made(
    about: Mapping[str, Any], rows: Sequence[Timed], alike: Sequence[DeviceProfile] = ()
) -> tuple[DeviceProfile, list[Left]]:
    """A profile, and what it was tested by. Raises a DeviceError."""
    known = {"date": datetime.now(UTC).date().isoformat(), **source_of(str(about["name"])), **about}
    return fit_and_test(rows, alike=alike, **known)


def source_of(name: str) -> Mapping[str, str]:
    """Where a profile's times come from."""
    found = re.match(r"pixel\d", name)
    return SOURCES[found[0] if found else "gpus"]


def ship(profile: DeviceProfile, folder: Path | None) -> str:
    """Write a profile that is good enough, remove an earlier one that no longer is; what became of it."""
    if profile.evidence is None:
        raise DeviceError(f"{profile.name} has no evidence")
    if profile.evidence.median > SHIPS:
        if folder:
            (folder / f"{profile.name}.json").unlink(missing_ok=True)
        return "does not ship"
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
        write_profile(profile, folder / f"{profile.name}.json")
    return "ships"
