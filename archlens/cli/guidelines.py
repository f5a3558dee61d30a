"""`archlens guidelines [g1|g2|g3|g4|table8|breakdown …]`"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from archlens.cli.latency_options import Device, Seed, Threads
from archlens.cli.options import Digits, FormatOption, Output, Units
from archlens.cli.output import emit, format_for, write
from archlens.cli.progress import Progress
from archlens.errors import UsageError, nearest
from archlens.latency.requirements import conditions_for
from archlens.report.style import Style

if TYPE_CHECKING:
    from archlens.studies.guidelines.printed import PrintedDevice
    from archlens.studies.guidelines.study import Study

__all__ = ["guidelines"]

MIN_TIME, QUICK = 2.0, 0.25
"""Seconds of runs of each network."""


def guidelines(
    parts: Annotated[
        list[str] | None,
        typer.Argument(metavar="[g1|g2|g3|g4|table8|breakdown …]", help="g1 to g4 unless given."),
    ] = None,
    device: Device = "cpu",
    channels: Annotated[
        str | None,
        typer.Option(
            metavar="arm|gpu", help="Whose channel counts; those for ARM on a CPU, for the GPU on CUDA."
        ),
    ] = None,
    scale: Annotated[
        str | None,
        typer.Option(metavar="1,2,4", help="What channels are multiplied by; all three, or 1 with --quick."),
    ] = None,
    batch: Annotated[
        int | None, typer.Option(min=1, max=10**6, help="Images at once; 1, or 8 for table8 on CUDA.")
    ] = None,
    threads: Threads = None,
    min_time: Annotated[
        float | None,
        typer.Option(
            min=0.0,
            max=86400.0,
            help=f"Seconds of runs of each network; {MIN_TIME}, or {QUICK} with --quick.",
        ),
    ] = None,
    seed: Seed = 0,
    quick: Annotated[bool, typer.Option("--quick", help="Less time, and scale 1 only.")] = False,
    measure: Annotated[
        bool, typer.Option("--measure/--no-measure", help="Whether to run the networks, or only count.")
    ] = True,
    plot: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", readable=False, help="Draw table8, speed against cost: .svg, .png, .pdf or .html."
        ),
    ] = None,
    digits: Digits = None,
    units: Units = "",
    format: FormatOption = None,
    output: Output = None,
) -> None:
    """Whether ShuffleNet V2's four guidelines hold on this machine.

    The networks of its Tables 1 to 4: what they cost, how fast they were for the paper and are here, taking
    turns, and the verdict. table8: which cost tells the speed of a network, by rank correlations.
    breakdown: the run time of ShuffleNet V1 and MobileNet V2 by operators. After Ctrl-C, what is known so far
    is printed.
    """
    style = Style(digits, units)
    asked, scales = parts_of(parts, format_for(format, output)), scales_of(scale, quick)
    chosen = channels_of(channels, device)
    if plot is not None:
        from archlens.report.charts.picture import check_picture

        if "table8" not in asked:
            raise UsageError("--plot draws table8: archlens guidelines table8 --plot FILE")
        check_picture(plot)
    conditions = conditions_for(device, "float32", "nchw", "eager", threads, seed) if measure else None
    from archlens.studies.guidelines.decomposition import node_times
    from archlens.studies.guidelines.speed import stopwatch
    from archlens.studies.guidelines.study import counted, measured

    study = counted(
        asked,
        scales=scales,
        channels=chosen,
        batch=batch or 1,
        table8_batch=batch or (8 if device == "cuda" else 1),
    )
    if conditions is not None:
        least = (QUICK if quick else MIN_TIME) if min_time is None else min_time
        with Progress() as progress:
            study = measured(
                study,
                stopwatch(conditions, least),
                node_times(conditions, least),
                lambda name, share: progress.show(
                    name if share else f"{name}: building and warming up", share, now=not share
                ),
                batch=batch or 1,
            )
    show(study, asked, style, format, output)
    if plot is not None:
        from archlens.cli.plot import write_picture
        from archlens.report.charts.speeds import speeds

        write_picture(speeds(study.networks), plot)
    if study.interrupted:
        write("archlens: interrupted: what was not measured by then has its costs only\n", error=True)
        raise typer.Exit(130)
    if study.problem is not None:
        raise study.problem


def show(study: "Study", asked: Sequence[str], style: Style, format: str | None, output: Path | None) -> None:
    """Print the tables in the order asked for, or all of it as one value."""
    from archlens.report.study import study_result

    emit(study_result(study, asked), format, output, style)


def parts_of(parts: Sequence[str] | None, format: str) -> tuple[str, ...]:
    """The parts that are asked for, which CSV may not hold together. Raises a UsageError."""
    from archlens.studies.guidelines.study import FOUR, parts_named

    asked = parts_named(parts or ())
    if format == "csv" and len(asked) > 1 and not set(asked) <= set(FOUR):
        raise UsageError("CSV is one table: of g1 to g4, of table8, or of breakdown")
    return asked


def scales_of(scale: str | None, quick: bool) -> tuple[int, ...]:
    """`1,4` → (1, 4). Raises a UsageError."""
    if scale is None:
        return (1,) if quick else (1, 2, 4)
    if not re.fullmatch(r"[124](,[124])*", scale, re.ASCII):
        raise UsageError(f"--scale {scale}: the paper has 1, 2 and 4; such as 1,4")
    return tuple(sorted({int(each) for each in scale.split(",")}))


def channels_of(channels: str | None, device: str) -> "PrintedDevice":
    """Whose channels to use. Raises a UsageError."""
    if channels not in (None, "arm", "gpu"):
        raise UsageError(f"--channels {channels} is not one of arm, gpu")
    if device not in ("cpu", "cuda"):
        raise UsageError(f"device {device} is not one of cpu, cuda{nearest(device, ('cpu', 'cuda'))}")
    chosen = channels or ("gpu" if device == "cuda" else "arm")
    return "gpu" if chosen == "gpu" else "arm"
