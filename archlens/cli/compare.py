"""`archlens compare A B`"""

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from archlens.cli.latency_options import (
    Layout,
    MeasuredOrPredicted,
    MinTime,
    Mode,
    Save,
    Seed,
    StoreFile,
    Threads,
    in_turns,
    remark_on,
    runs_on,
)
from archlens.cli.model import load_graph
from archlens.cli.options import (
    Batch,
    Columns,
    Digits,
    Dtype,
    Flops,
    Force,
    FormatOption,
    Fused,
    Output,
    Settings,
    Sort,
    Units,
    WhereOption,
    parse_columns,
)
from archlens.cli.output import emit, write
from archlens.cli.rules import Rules
from archlens.cli.session import keep, open_store
from archlens.errors import UsageError
from archlens.graph import Graph
from archlens.latency.network.named import candidate
from archlens.latency.requirements import conditions_for
from archlens.passes import fold
from archlens.quantity import plural
from archlens.report.choice import Order, Where, chosen
from archlens.report.comparison import Comparison, labels
from archlens.report.comparison import compare as make_comparison
from archlens.report.result import Result
from archlens.report.style import Style
from archlens.report.table import Table
from archlens.spec.catalog import expand
from archlens.spec.reference import parse_settings

if TYPE_CHECKING:
    from archlens.latency.statistics.ratio import LatencyComparison

__all__ = ["compare"]


class Rows(StrEnum):
    """What a row stands for."""

    metrics = "metrics"
    models = "models"


def compare(
    models: Annotated[
        list[str],
        typer.Argument(
            metavar="A B [C …]",
            help="Names, specs, files or PyTorch modules, as `archlens profile` takes them; two or more.",
        ),
    ],
    settings: Settings = None,
    baseline: Annotated[
        str | None, typer.Option(metavar="MODEL", help="What the ratios refer to; the first unless given.")
    ] = None,
    batch: Batch = 1,
    input: Annotated[
        list[str] | None,
        typer.Option(
            metavar="3x224x224", help="Input of one image: once for all, or once a model in their order."
        ),
    ] = None,
    dtype: Dtype = "float32",
    columns: Columns = None,
    rows: Annotated[Rows, typer.Option(help="A row a metric with ratios, or a row a model.")] = Rows.metrics,
    depth: Annotated[
        int | None,
        typer.Option(min=1, help="A row a stage (1), a block (2) and so on, side by side where names agree."),
    ] = None,
    digits: Digits = None,
    units: Units = "",
    flops: Flops = None,
    where: WhereOption = "",
    sort: Sort = "",
    fused: Fused = False,
    latency: Annotated[
        bool,
        typer.Option("--latency", help="Time them, too, in turns. The options down to --store are for it."),
    ] = False,
    device: MeasuredOrPredicted = None,
    force: Force = False,
    threads: Threads = None,
    layout: Layout = "nchw",
    mode: Mode = "eager",
    min_time: MinTime = 2.0,
    seed: Seed = 0,
    save: Save = True,
    store: StoreFile = None,
    rules: Rules = None,
    format: FormatOption = None,
    output: Output = None,
) -> None:
    """Networks side by side, with ratios against the first.

    With --latency they run on this machine, in turns and in random order, so that what disturbs one disturbs
    all; a network is called faster or slower only where a 99 % interval supports it. The samples are kept:
    `archlens results` shows them.
    """
    if depth is not None and (latency or device is not None or rows is Rows.models):
        raise UsageError(
            "--depth is for counts, part by part: leave out --latency, --device and --rows models"
        )
    style, shown = Style(digits, units, flops), parse_columns(columns)
    chosen = contestants(models, input or [], settings, batch, where, sort)
    told = labels([(graph.model, graph.input_shape) for graph in chosen.graphs])
    reference = dict(zip(chosen.models, told, strict=True)).get(baseline, baseline) if baseline else None
    graphs = [fold(graph) for graph in chosen.graphs] if fused else chosen.graphs
    result = make_comparison(*graphs, baseline=reference, dtype=dtype, depth=depth or 1)
    if not latency:
        if depth is not None:
            answer = by_part(result, shown)
        elif device is not None:
            answer = predicted(result, chosen.graphs, device, shown, rows, force=force)
        else:
            answer = compared(result, shown, rows)
        emit(answer, format, output, style)
        return
    conditions = conditions_for(runs_on(device, "--latency"), dtype, layout, mode, threads, seed)
    candidates = [
        candidate(graph, model, parse_settings(settings), each, batch, fused=fused)
        for graph, model, each in zip(graphs, chosen.models, chosen.inputs, strict=True)
    ]
    with open_store(store) if save else nullcontext() as keeper:
        times = in_turns(
            candidates, result.labels, conditions, baseline=result.baseline, fused=fused, min_time=min_time
        )
        if keeper is not None:
            keep(times.measurements, [graph.model for graph in graphs], keeper)
    emit(timed(result, times, shown, rows), format, output, style)
    remark_on(candidates)
    if times.interrupted:
        write("archlens: interrupted: fewer rounds than were asked for\n", error=True)
        raise typer.Exit(130)


@dataclass(frozen=True, slots=True)
class Contestants:
    """The networks to compare: how each was named, which input it was given, and its graph."""

    models: list[str]
    inputs: list[str | None]
    graphs: list[Graph]


def contestants(
    models: Sequence[str],
    inputs: Sequence[str | None],
    settings: list[str] | None,
    batch: int,
    where: str,
    sort: str,
) -> Contestants:
    """The networks that are named, as far as the conditions hold for them, in the order asked for.

    Raises a UsageError for fewer than two, and for inputs that are neither one for all nor one a model.
    """
    models = [each for model in models for each in expand(model)]
    if len(models) < 2:
        raise UsageError(f"a comparison takes two models or more, not only {models[0]}")
    if len(inputs := inputs or [None]) == 1:
        inputs = [*inputs] * len(models)
    if len(inputs) != len(models):
        raise UsageError(
            f"--input stands {len(inputs)} times for {len(models)} models: once, or once a model"
        )
    graphs = [load_graph(model, settings, each, batch) for model, each in zip(models, inputs, strict=True)]
    kept = ordered(graphs, where, sort)
    if len(kept) < 2:
        raise UsageError(f"--where {where!r} leaves {plural(len(kept), 'model')}, and a comparison takes two")
    return Contestants([models[i] for i in kept], [inputs[i] for i in kept], [graphs[i] for i in kept])


def ordered(graphs: Sequence[Graph], where: str, sort: str) -> list[int]:
    """The positions of the networks for which the conditions hold, in the order asked for."""
    places = range(len(graphs))
    if not where and not sort:
        return [*places]
    from archlens.report.facts import facts_of

    told = [facts_of(graph) for graph in graphs]
    return chosen(
        places,
        lambda place: told[place],
        Where.parse(where) if where else None,
        Order.parse(sort) if sort else None,
    )


def by_part(result: Comparison, columns: tuple[str, ...]) -> Result:
    """The comparison with a row a part."""
    from archlens.report.stages import stages_as_dict, stages_table

    return Result.of(lambda: stages_table(result, columns), lambda: stages_as_dict(result))


def compared(
    result: Comparison,
    columns: tuple[str, ...],
    rows: Rows,
    beside: Callable[[Table], Table] = lambda table: table,
    beside_models: Callable[[Table], Table] = lambda table: table,
    dictionary: Callable[[], Any] | None = None,
) -> Result:
    """The comparison as asked for; CSV has a row a model, in either case.

    beside, beside_models  what adds times to the table with a row a metric, and to that with a row a model
    """

    def by_model() -> Table:
        return beside_models(result.models_table(columns))

    shown = by_model if rows is Rows.models else lambda: beside(result.table(columns))
    return Result.of(shown, dictionary or result.as_dict, by_model)


def predicted(
    result: Comparison,
    graphs: Sequence[Graph],
    device: str,
    columns: tuple[str, ...],
    rows: Rows,
    *,
    force: bool,
) -> Result:
    """The comparison with the times that are predicted for a device beside it."""
    from archlens.report.predicted import beside_comparison, beside_models, comparison_as_dict
    from archlens.report.prediction import predict

    found = [predict(graph, device, force=force) for graph in graphs]
    return compared(
        result,
        columns,
        rows,
        lambda table: beside_comparison(table, result, found),
        lambda table: beside_models(table, result, found),
        lambda: comparison_as_dict(result, found),
    )


def timed(result: Comparison, times: "LatencyComparison", columns: tuple[str, ...], rows: Rows) -> Result:
    """The comparison with the times that were measured in turns beside it."""
    from archlens.report.latency import beside, beside_models, comparison_as_dict

    return compared(
        result,
        columns,
        rows,
        lambda table: beside(table, times),
        lambda table: beside_models(table, times),
        lambda: comparison_as_dict(result.as_dict(), times),
    )
