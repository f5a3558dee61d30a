"""`archlens measure MODEL…`"""

from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from archlens.cli.latency_options import (
    Device,
    Layout,
    MinTime,
    Mode,
    Save,
    Seed,
    StoreFile,
    Threads,
    remark_on,
)
from archlens.cli.model import load_graph
from archlens.cli.options import Batch, Digits, FormatOption, Fused, Output, Settings, Units
from archlens.cli.output import emit, write
from archlens.cli.progress import Progress
from archlens.cli.session import Session, open_store
from archlens.errors import UsageError
from archlens.latency.network.named import candidate
from archlens.latency.requirements import conditions_for
from archlens.passes import fold
from archlens.report.result import Result
from archlens.report.style import Style
from archlens.spec.catalog import expand
from archlens.spec.reference import parse_settings

if TYPE_CHECKING:
    from archlens.latency.network.candidate import Candidate
    from archlens.latency.sampling.breakdown import By

__all__ = ["measure"]

Input = Annotated[
    str | None, typer.Option(metavar="3x224x224", help="Input of one image; a spec's own unless given.")
]
RunDtype = Annotated[str, typer.Option(help="Of weights and data: float32, bfloat16, float16 or float64.")]
BreakdownFlag = Annotated[
    bool, typer.Option("--breakdown", help="Where the time goes, beside where the work is.")
]
Grouping = Annotated[
    str, typer.Option(metavar="work|stage|node", help="Rows of the breakdown: kinds of work, stages, nodes.")
]
PlotFile = Annotated[
    Path | None,
    typer.Option(metavar="FILE", readable=False, help="Draw the breakdown: .svg, .png, .pdf or .html."),
]


def measure(
    models: Annotated[
        list[str],
        typer.Argument(
            metavar="MODEL…", help="Names, specs, files or PyTorch modules, as `archlens profile` takes them."
        ),
    ],
    settings: Settings = None,
    device: Device = "cpu",
    batch: Batch = 1,
    input: Input = None,
    dtype: RunDtype = "float32",
    threads: Threads = None,
    layout: Layout = "nchw",
    mode: Mode = "eager",
    fused: Fused = False,
    min_time: MinTime = 2.0,
    seed: Seed = 0,
    breakdown: BreakdownFlag = False,
    by: Grouping = "work",
    plot: PlotFile = None,
    save: Save = True,
    store: StoreFile = None,
    digits: Digits = None,
    units: Units = "",
    format: FormatOption = None,
    output: Output = None,
) -> None:
    """How long networks take on this machine, and whether to believe it.

    A network of a spec is built with random weights; a PyTorch module runs as it is, with its own weights.
    Data are random, and there are no gradients. An ONNX file runs in onnxruntime, as it is: --mode, --dtype
    and --layout are not for it; --breakdown is by its profiler. With --fused, and for a module with
    --breakdown, what archlens builds from the graph is timed.

    Several take turns, in random order, so that what disturbs one disturbs all. Samples are taken until the
    95 % interval of every median is narrower than 5 %, five times --min-time at most. They are kept:
    `archlens results` shows them. After Ctrl-C, what is known so far is printed.
    """
    style = Style(digits, units)
    models = [each for model in models for each in expand(model)]
    graphs = [load_graph(model, settings, input, batch) for model in models]
    graphs = [fold(graph) for graph in graphs] if fused else graphs
    conditions = conditions_for(device, dtype, layout, mode, threads, seed)
    breakdown = breakdown or plot is not None
    check(breakdown, by, plot, mode)
    chosen = parse_settings(settings)
    candidates = [
        candidate(graph, model, chosen, input, batch, fused=fused, breakdown=breakdown, device=device)
        for graph, model in zip(graphs, models, strict=True)
    ]
    session = Session(conditions, fused, min_time, breakdown)
    with open_store(store) if save else nullcontext() as keeper, Progress() as progress:
        session.run(candidates, keeper, progress)
    if session.measured:
        show(session, by, style, format, output)  # type: ignore[arg-type]  # one of the three
    if plot is not None and session.broken_down:
        from archlens.cli.plot import write_picture
        from archlens.report.charts.measured import measured_breakdown

        shown = [session.found[place] for place in session.broken_down]
        write_picture(measured_breakdown([*session.broken_down.values()], shown, by), plot)  # type: ignore[arg-type]
    finish(session, candidates)


def check(breakdown: bool, by: str, plot: Path | None, mode: str) -> None:
    """Raise a UsageError for a breakdown that cannot be made, before anything is built."""
    if by not in ("work", "stage", "node"):
        raise UsageError(f"--by {by} is not one of work, stage, node")
    if breakdown and mode != "eager":
        raise UsageError(f"--breakdown is for --mode eager: {mode} leaves no single operators to time")
    if plot is not None:
        from archlens.report.charts.picture import check_picture

        check_picture(plot)


def show(session: Session, by: "By", style: Style, format: str | None, output: Path | None) -> None:
    """Print the latencies, or where the time goes."""
    from archlens.report.breakdown import breakdown_table
    from archlens.report.latency import latency_table

    emit(
        Result.of(
            lambda: (
                breakdown_table([*session.broken_down.values()], session.measured, by)
                if session.broken_down
                else latency_table(session.measured)
            ),
            session.as_dict,
        ),
        format,
        output,
        style,
    )


def finish(session: Session, candidates: "Sequence[Candidate]") -> None:
    """Say what ran and what went wrong, and end with the exit code for it."""
    asked = len(candidates)
    if not session.measured and session.problems and not session.interrupted and asked == 1:
        raise session.problems[0]
    remark_on(candidates[place] for place in sorted(session.timed))
    for problem in session.problems:
        write(f"archlens: {problem}\n", error=True)
    if session.interrupted:
        done = sum(not session.found[place].interrupted for place in session.timed)
        known = any(each.interrupted for each in session.measured)
        said = "fewer samples than were asked for" if known else f"after {done} of {asked} networks"
        write(f"archlens: interrupted{':' * known} {said}\n", error=True)
        raise typer.Exit(130)
    if session.problems:
        raise typer.Exit(2 if all(isinstance(each, UsageError) for each in session.problems) else 1)
