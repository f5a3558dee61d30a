"""A process from start to exit: `archlens profile resnet50`, the peers' one-liners, and bare imports."""

import json
from collections.abc import Mapping
from functools import partial

from benchmarks.process import ARCHLENS, Finished, ProcessFailedError, python, run
from benchmarks.row import Row, milliseconds
from benchmarks.samples import Samples, Work, interleave

__all__ = ["imports", "profiles"]

PEERS = ("fvcore", "torchinfo", "ptflops", "thop", "calflops", "FlopCounterMode")
DEVICES = ("meta", "cpu")
COUNT = "from benchmarks.peers import count_resnet50; count_resnet50()"
PARAMETERS = 25_557_032


def seconds(command: tuple[str, ...]) -> float:
    """How long a process takes."""
    return run(*command).seconds


def profiles(rounds: int) -> list[Row]:
    """ResNet-50 from nothing to its totals. A peer is shown on the device where it was faster."""
    subject = "process: profile ResNet-50"
    ours = (ARCHLENS, "profile", "resnet50")
    works: dict[str, Work] = {"archlens": partial(seconds, ours)}
    totals = json.loads(run(*ours, "--format", "json").output)["totals"]
    counts = {"archlens": (int(totals["params"]), int(totals["multiply_adds"]))}
    failures: dict[str, str] = {}
    for peer in PEERS:
        for device in DEVICES:
            name = f"{peer} {device}"
            command = python(COUNT, peer, device)
            try:
                counts[name] = counted(run(*command))
            except ProcessFailedError as failure:
                failures[name] = str(failure)
            else:
                works[name] = partial(seconds, command)
    found = interleave(works, rounds)
    rows = [
        Row(
            subject,
            "archlens profile resnet50",
            milliseconds(found["archlens"]),
            "ms",
            counted=counts["archlens"][1],
            note=parameters(counts["archlens"]),
        )
    ]
    return rows + [faster(subject, peer, found, counts, failures) for peer in PEERS]


def counted(finished: Finished) -> tuple[int, int]:
    """The parameters and multiply-adds in the last line that a process printed."""
    params, multiply_adds = json.loads(finished.output.splitlines()[-1])
    return int(params), int(multiply_adds)


def faster(
    subject: str,
    peer: str,
    found: Mapping[str, Samples],
    counts: Mapping[str, tuple[int, int]],
    failures: Mapping[str, str],
) -> Row:
    """The row of a peer on its faster device, with a word on the other one."""
    ran = sorted(
        (device for device in DEVICES if f"{peer} {device}" in found),
        key=lambda device: found[f"{peer} {device}"].median,
    )
    if not ran:
        return Row(subject, peer, None, "ms", note=f"fails: {failures[f'{peer} {DEVICES[-1]}']}"[:60])
    best, count = found[f"{peer} {ran[0]}"], counts[f"{peer} {ran[0]}"]
    notes = [f"on {ran[0]}"]
    notes += [f"{1e3 * found[f'{peer} {device}'].median:.0f} ms on {device}" for device in ran[1:]]
    notes += [f"fails on {device}" for device in DEVICES if device not in ran]
    notes += [wrong] if (wrong := parameters(count)) else []
    return Row(subject, peer, milliseconds(best), "ms", counted=count[1], note="; ".join(notes))


def parameters(count: tuple[int, int]) -> str:
    """A complaint about a contestant that did not count ResNet-50's parameters."""
    return "" if count[0] == PARAMETERS else f"counts {count[0]} parameters, not {PARAMETERS}"


def imports(rounds: int) -> list[Row]:
    """An import and nothing else, beside an interpreter that does nothing."""
    subject = "process: import"
    codes = {"import archlens": "import archlens", "import torch": "import torch", "(bare interpreter)": ""}
    found = interleave({name: partial(seconds, python(code)) for name, code in codes.items()}, rounds)
    return [Row(subject, name, milliseconds(samples), "ms") for name, samples in found.items()]
