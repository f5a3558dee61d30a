"""`archlens sweep measure STORE`"""

import time
from pathlib import Path
from typing import Annotated, Any

import typer

from archlens.cli.latency_options import Device, MinTime, Threads, in_turns
from archlens.cli.options import Digits, FormatOption, Units
from archlens.cli.output import emit, write
from archlens.cli.progress import Progress
from archlens.errors import ArchlensError, UsageError
from archlens.report.result import Result
from archlens.report.style import Style

__all__ = ["measure"]

THREE = 3
"""Variants that are timed beside a network unless it is said how many."""


def measure(
    store: Annotated[
        Path, typer.Argument(metavar="STORE", readable=False, help="The file that a sweep was kept in.")
    ],
    count: Annotated[
        int | None, typer.Option("--most", min=1, help="Only so many of the front, the first.")
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(
            metavar="tcp://HOST:PORT", help="On every worker of a Dask scheduler that has a device."
        ),
    ] = None,
    beside: Annotated[
        str | None,
        typer.Option(
            metavar="MODEL",
            help="Time the first three of the front, or --most, in turns with a network: is the gain real?",
        ),
    ] = None,
    resource: Annotated[str, typer.Option(metavar="NAME", help="The Dask resource that says so.")] = "device",
    device: Device = "cpu",
    threads: Threads = None,
    min_time: MinTime = 2.0,
    digits: Digits = None,
    units: Units = "",
    format: FormatOption = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", readable=False, help="Write to a file."),
    ] = None,
) -> None:
    """Measure the front: here, or on each machine of a fleet, one network at a time on each."""
    from archlens.spaces.fleet import Measured, measure_front
    from archlens.spaces.measured import measured_result
    from archlens.spaces.sweep import Sweep

    style, problems = Style(digits, units), list[str]()
    if beside is not None:
        if scheduler is not None:
            raise UsageError("--beside takes turns on this machine, and --scheduler has its own")
        emit(measured_beside(store, beside, count or THREE, device, threads, min_time), format, output, style)
        return
    with Sweep.open(store) as sweep, Progress() as progress:
        front = sweep.front()[:count]

        def seen(found: Measured) -> None:
            progress.show(f"{found.machine}: {sweep.variants.reference(found.number)}", now=True)

        given: dict[str, Any] = {"device": device, "threads": threads, "min_time": min_time}
        try:
            measure_front(
                sweep, front, scheduler=scheduler, resource=resource, seen=seen, lost=problems.append, **given
            )
        except KeyboardInterrupt:
            write(
                f"archlens: interrupted: what was measured is kept in {store}; the same command goes on\n",
                error=True,
            )
            raise typer.Exit(130) from None
        result = measured_result(sweep)
    emit(result, format, output, style)
    if problems:
        raise ArchlensError("\n".join(problems))


def measured_beside(
    store: Path, model: str, count: int, device: str, threads: int | None, min_time: float
) -> Result:
    """The first of the front timed in turns with a network, beside what was predicted of both."""
    from archlens.latency.requirements import conditions_for
    from archlens.report.metric_name import LATENCY
    from archlens.spaces.figures import known
    from archlens.spaces.gain import gain_result, gains
    from archlens.spaces.sweep import Sweep
    from archlens.spec.loading import load

    conditions = conditions_for(device, "float32", "nchw", "eager", threads, 0)
    with Sweep.open(store) as sweep:
        known(LATENCY, sweep.metrics, "--beside")
        variants = sweep.front()[:count]
        if not variants:
            raise UsageError("no variant is within the budget: there is nothing to measure")
        batch = int(sweep.store.kept("identity")["batch"])
        names = [model, *(each.model for each in variants)]
        graphs = [load(name, batch=batch) for name in names]
        timed = in_turns(graphs, names, conditions, baseline=0, fused=False, min_time=min_time)
        found = gains(sweep, model, variants, timed)
        return gain_result(sweep, found, timed, time.strftime("%Y-%m-%d"))
