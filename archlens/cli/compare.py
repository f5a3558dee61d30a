"""`archlens compare A B`"""

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from enum import StrEnum
from typing import Annotated, Any

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
from archlens.report.choice import Order, Where, chosen
from archlens.report.comparison import Comparison, labels
from archlens.report.comparison import compare as make_comparison
from archlens.report.result import Result
from archlens.report.style import Style, restyled
from archlens.report.table import Table, plural
from archlens.spec.accuracy import accuracy_of
from archlens.spec.catalog import expand
from archlens.spec.reference import parse_settings

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
    style = Style(digits, units, flops)
    models = [each for model in models for each in expand(model)]
    if len(models) < 2:
        raise UsageError(f"a comparison takes two models or more, not only {models[0]}")
    inputs: list[str | None] = list(input) if input else [None]
    if len(inputs) == 1:
        inputs *= len(models)
    if len(inputs) != len(models):
        raise UsageError(
            f"--input stands {len(inputs)} times for {len(models)} models: once, or once a model"
        )
    graphs = [load_graph(model, settings, each, batch) for model, each in zip(models, inputs, strict=True)]
    kept = ordered(graphs, where, sort)
    if len(kept) < 2:
        raise UsageError(f"--where {where!r} leaves {plural(len(kept), 'model')}, and a comparison takes two")
    models, inputs = [models[i] for i in kept], [inputs[i] for i in kept]
    graphs = [graphs[i] for i in kept]
    names = dict(zip(models, labels([(graph.model, graph.input_shape) for graph in graphs]), strict=True))
    reference = names.get(baseline, baseline) if baseline else None
    whole = graphs
    if fused:
        graphs = [fold(graph) for graph in graphs]
    result = make_comparison(*graphs, baseline=reference, dtype=dtype, depth=depth or 1)
    if depth is not None:
        emit(restyled(by_part(result, parse_columns(columns)), style), format, output)
        return
    if not latency and device is not None:
        from archlens.report import predicted
        from archlens.report.prediction import predict

        predictions = [predict(graph, device, force=force) for graph in whole]
        told = compared(
            result,
            parse_columns(columns),
            rows,
            lambda table: predicted.beside_comparison(table, result, predictions),
            lambda table: predicted.beside_models(table, result, predictions),
            lambda: predicted.comparison_as_dict(result, predictions),
        )
        emit(restyled(told, style), format, output)
        return
    if not latency:
        emit(restyled(compared(result, parse_columns(columns), rows), style), format, output)
        return
    conditions = conditions_for(runs_on(device, "--latency"), dtype, layout, mode, threads, seed)
    candidates = [
        candidate(graph, model, parse_settings(settings), each, batch, fused=fused)
        for graph, model, each in zip(graphs, models, inputs, strict=True)
    ]
    with open_store(store) if save else nullcontext() as keeper:
        timed = in_turns(
            candidates, result.labels, conditions, baseline=result.baseline, fused=fused, min_time=min_time
        )
        if keeper is not None:
            keep(timed.measurements, [graph.model for graph in graphs], keeper)
    from archlens.report.latency import beside, beside_models, comparison_as_dict

    told = compared(
        result,
        parse_columns(columns),
        rows,
        lambda table: beside(table, timed),
        lambda table: beside_models(table, timed),
        lambda: comparison_as_dict(result.as_dict(), timed),
    )
    emit(restyled(told, style), format, output)
    remark_on(candidates)
    if timed.interrupted:
        write("archlens: interrupted: fewer rounds than were asked for\n", error=True)
        raise typer.Exit(130)


def ordered(graphs: Sequence[Graph], where: str, sort: str) -> list[int]:
    """The positions of the networks for which the conditions hold, in the order asked for."""
    places = range(len(graphs))
    if not where and not sort:
        return [*places]
    from archlens.report.profile import profile

    def known(place: int) -> Callable[[str], Any]:
        graph, found = graphs[place], profile(graphs[place])
        printed = accuracy_of(graph.model)
        facts = {"model": graph.model, "family": graph.family, **found.metrics(found.whole)}
        facts["top1"] = printed.top1 if printed else None
        return facts.get

    told = [known(place) for place in places]
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
