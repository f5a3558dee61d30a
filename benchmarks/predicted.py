"""Predicted times: a process that predicts beside one that profiles, and predictions in one process."""

from functools import partial

from archlens.devices import estimate, find
from archlens.spec import load
from benchmarks.cold import seconds
from benchmarks.process import ARCHLENS
from benchmarks.row import Row, milliseconds
from benchmarks.samples import Work, interleave
from benchmarks.warm import seconds_a_call

__all__ = ["predictions"]

DEVICE = "rtx4090"
TARGET = 5.0
"""Milliseconds in which a profile is read and ResNet-50 predicted, once its graph is there."""


def predictions(rounds: int) -> list[Row]:
    """ResNet-50 on a device: as a command, and for a graph that stands."""
    commands: dict[str, Work] = {
        "archlens profile resnet50": partial(seconds, (ARCHLENS, "profile", "resnet50")),
        f"archlens predict resnet50 -d {DEVICE}": partial(
            seconds, (ARCHLENS, "predict", "resnet50", "-d", DEVICE)
        ),
    }
    rows = [
        Row("process: predict ResNet-50", name, milliseconds(samples), "ms")
        for name, samples in interleave(commands, rounds).items()
    ]
    graph, device = load("resnet50"), find(DEVICE)
    works: dict[str, Work] = {
        "profile read, graph predicted": partial(seconds_a_call, lambda: estimate(graph, find(DEVICE))),
        "graph predicted": partial(seconds_a_call, partial(estimate, graph, device)),
    }
    return rows + [
        Row(
            "warm: predict ResNet-50", name, milliseconds(samples), "ms",
            target=TARGET if name.startswith("profile") else None,
        )
        for name, samples in interleave(works, rounds).items()
    ]  # fmt: skip
