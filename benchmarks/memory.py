"""The most memory that a process held at a time."""

from functools import partial

from benchmarks.process import ARCHLENS, python, run
from benchmarks.row import Row
from benchmarks.samples import interleave

__all__ = ["peaks"]

TARGET = 60.0
COMMANDS = {
    "archlens profile resnet50": (ARCHLENS, "profile", "resnet50"),
    "archlens profile, 100 billion parameters": (ARCHLENS, "profile", "benchmarks/hundred_billion.yaml"),
    "import torch": python("import torch"),
    "(bare interpreter)": python(""),
}


def peaks(rounds: int) -> list[Row]:
    """The peak resident set of each process, read by a parent that is smaller than all of them."""
    found = interleave({name: partial(peak, command) for name, command in COMMANDS.items()}, rounds)
    return [
        Row(
            "process: peak memory",
            name,
            samples,
            "MiB",
            target=TARGET if name.startswith("archlens") else None,
        )
        for name, samples in found.items()
    ]


def peak(command: tuple[str, ...]) -> float:
    """In MiB."""
    return run(*command).peak
