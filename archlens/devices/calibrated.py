"""Times → a profile with a name: of this machine, or of a device that somebody else measured."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from archlens.devices.fit import fit, timed
from archlens.devices.matching import Match
from archlens.devices.names import HERE, words
from archlens.devices.profile import PHASES, DeviceProfile
from archlens.errors import DeviceError

if TYPE_CHECKING:
    from archlens.devices.calibration import Calibration
    from archlens.latency.network.conditions import Conditions

__all__ = ["check_name", "doubted", "name_of_machine", "of_machine", "of_table"]

LEAST = 12
"""Networks that have to be timed here: fewer cannot tell the kinds of work apart."""
DTYPES = {
    "fp32": "float32", "float": "float32", "single": "float32", "fp16": "float16", "half": "float16",
    "bf16": "bfloat16",
}  # fmt: skip
TRAINING = ("training", "train")
OTHERWISE = {"channels_last": "nhwc"}


def check_name(name: str) -> str:
    """A name that a device can have. Raises a DeviceError."""
    if not words(name) or not re.fullmatch(r"[\w.+ -]{1,80}", name) or name.lower() in HERE:
        raise DeviceError(
            f"{name[:80]!r} cannot be the name of a device: letters, digits, - and _, such as my-laptop"
        )
    return name


def name_of_machine(processor: str, gpu: str | None, conditions: "Conditions", threads: int) -> str:
    """What a profile of this machine is called unless it is told: amd-epyc-2-threads."""
    title = re.sub(r"\(.*?\)|@.*|CPU|Processor", " ", processor)
    title = gpu if conditions.device == "cuda" and gpu else title
    parts = re.findall(r"[a-z0-9]+", title.lower())
    if conditions.device == "cpu":
        parts += [str(threads), "thread" if threads == 1 else "threads"]
    parts += [] if conditions.dtype == "float32" else [conditions.dtype]
    parts += [] if conditions.layout == "nchw" else [OTHERWISE.get(conditions.layout, conditions.layout)]
    parts += [] if conditions.mode == "eager" else [conditions.mode]
    return "-".join(parts)


def of_machine(found: "Calibration", conditions: "Conditions", name: str, date: str) -> DeviceProfile:
    """The profile of this machine. Raises a DeviceError for too few networks, and for noise."""
    if len(found.tasks) < LEAST:
        raise DeviceError(
            f"only {len(found.tasks)} networks could be timed, and a profile takes {LEAST}: "
            f"{found.left_out[0] if found.left_out else 'give it more time with --seconds'}"
        )
    here = found.measurements[0].machine
    rows = [
        timed(task.graph, each.summary.median, batch=task.graph.input_shape[0], family=task.family)
        for task, each in zip(found.tasks, found.measurements, strict=True)
    ]
    cpu = conditions.device == "cpu"
    device = here.processor if cpu else here.gpu or "CUDA"
    threads = f", {here.threads} thread{'' if here.threads == 1 else 's'}" if cpu else ""
    return fit(
        rows,
        source=f"archlens calibrate, {found.noise.rounds} rounds; {here}",
        licence="measured here",
        date=date,
        name=name,
        title=re.sub(r"\s*\(.*\)", "", device) + threads,
        device=device,
        engine=f"PyTorch {conditions.mode}",
        software=f"PyTorch {here.torch}, {here.system}",
        dtype=conditions.dtype,
        layout=conditions.layout,
        threads=here.threads if cpu else None,
    )


def of_table(
    matches: Sequence[Match], about: Mapping[str, str], path: Path, name: str, date: str
) -> DeviceProfile:
    """The profile of the device that a table is of. Raises a DeviceError."""
    rows = [
        timed(each.graph, each.seconds, batch=each.graph.input_shape[0], family=each.family)
        for each in matches
    ]
    precision = (about.get("dtype") or about.get("precision") or "float32").lower()
    threads = about.get("threads", "")
    return fit(
        rows,
        source=f"a table of {len(rows)} times: {path.name}",
        licence="the table's own",
        date=date,
        name=name,
        title=about.get("device", name),
        device=about.get("device", name),
        engine=about.get("engine") or "engine not told",
        dtype=DTYPES.get(precision, precision),
        layout=about.get("layout", ""),
        threads=int(threads) if threads.isascii() and threads.isdigit() else None,
        phase=PHASES[about.get("phase", "").lower() in TRAINING],
    )


def doubted(profile: DeviceProfile, doubts: Sequence[str]) -> DeviceProfile:
    """The profile with a note of what makes its measurements doubtful."""
    if not doubts or profile.evidence is None:
        return profile
    return replace(profile, evidence=replace(profile.evidence, doubts="; ".join(doubts)))
