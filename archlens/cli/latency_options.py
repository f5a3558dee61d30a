"""Options of the commands that measure, and the paired measurement beside a comparison."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from archlens.cli.model import remark
from archlens.cli.progress import Progress
from archlens.errors import UsageError
from archlens.graph import Graph

if TYPE_CHECKING:
    from archlens.latency.network.candidate import Candidate
    from archlens.latency.network.conditions import Conditions
    from archlens.latency.statistics.ratio import LatencyComparison

__all__ = [
    "Device",
    "Layout",
    "MeasuredOrPredicted",
    "MinTime",
    "Mode",
    "Save",
    "Seed",
    "StoreFile",
    "Threads",
    "in_turns",
    "remark_on",
    "runs_on",
]

Device = Annotated[str, typer.Option(metavar="cpu|cuda", help="Where the network runs.")]
MeasuredOrPredicted = Annotated[
    str | None,
    typer.Option(
        metavar="cpu|cuda|NAME",
        help="Where it is timed, cpu unless given. Where nothing is timed, a device to predict times for: a "
        "name that `archlens devices` lists, a file, or a data sheet.",
    ),
]
Threads = Annotated[
    int | None, typer.Option(min=1, max=1024, help="Threads on the CPU; PyTorch's choice unless given.")
]
Layout = Annotated[str, typer.Option(metavar="nchw|channels_last", help="How maps lie in memory.")]
Mode = Annotated[
    str, typer.Option(metavar="eager|compile|export", help="As it is, by torch.compile, or by torch.export.")
]
MinTime = Annotated[
    float, typer.Option(min=0.0, max=86400.0, help="Seconds of samples of each network, at least.")
]
Seed = Annotated[int, typer.Option(min=0, max=2**32 - 1, help="Of weights, data, order and statistics.")]
Save = Annotated[bool, typer.Option("--save/--no-save", help="Keep the samples in a store.")]
StoreFile = Annotated[
    Path | None,
    typer.Option("--store", metavar="FILE", readable=False, help="Another store than your own."),
]


def runs_on(device: str | None, option: str) -> str:
    """Where something is timed: cpu unless given. Raises a UsageError for a device that is not here."""
    if device not in (None, "cpu", "cuda"):
        raise UsageError(
            f"--device {device}: {option} runs on this machine, on cpu or cuda; without {option}, times are "
            "predicted"
        )
    return device or "cpu"


def in_turns(
    networks: "Sequence[Graph | Candidate]",
    names: Sequence[str],
    conditions: "Conditions",
    *,
    baseline: int,
    fused: bool,
    min_time: float,
) -> "LatencyComparison":
    """The networks timed in turns, with a progress bar."""
    from archlens.latency.network.candidate import Candidate
    from archlens.latency.sampling.turns import contest

    candidates = [Candidate.of(network) for network in networks]
    named = [
        replace(candidate, graph=replace(candidate.graph, model=name))
        for candidate, name in zip(candidates, names, strict=True)
    ]
    with Progress() as progress:
        progress.show("building and warming up", now=True)
        return contest(
            named,
            conditions,
            baseline=baseline,
            fused=fused,
            min_time=min_time,
            shown=lambda share: progress.show("in turns", share),
        )


def remark_on(timed: "Iterable[Candidate]") -> None:
    """Say on stderr what ran where that is not what was named, a line each."""
    for said in dict.fromkeys(each.remark for each in timed if each.remark):
        remark(said)
