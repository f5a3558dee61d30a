"""`archlens sweep measure STORE`"""

from pathlib import Path
from typing import Annotated, Any

import typer

from archlens.cli.latency_options import Device, MinTime, Threads
from archlens.cli.options import Digits, FormatOption, Units
from archlens.cli.output import emit, write
from archlens.cli.progress import Progress
from archlens.errors import ArchlensError
from archlens.report.style import Style

__all__ = ["measure"]


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
