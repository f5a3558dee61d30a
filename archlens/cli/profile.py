"""`archlens profile MODEL`"""

from enum import StrEnum
from typing import Annotated

import typer

from archlens.cli.model import load_graph
from archlens.cli.options import (
    Batch,
    Columns,
    Digits,
    Flops,
    Force,
    FormatOption,
    Fused,
    Input,
    Model,
    Output,
    OwnDtype,
    PredictedOn,
    Settings,
    Units,
    parse_columns,
)
from archlens.cli.output import emit
from archlens.cli.progress import Progress
from archlens.cli.rules import Rules
from archlens.models.loading import dtype_of
from archlens.passes import fold
from archlens.report.profile import profile as make_profile
from archlens.report.result import Result
from archlens.report.style import Style

__all__ = ["profile"]


class By(StrEnum):
    """What a row stands for."""

    stage = "stage"
    operator = "operator"
    work = "work"


def profile(
    model: Model,
    settings: Settings = None,
    depth: Annotated[int, typer.Option(min=1, help="1: a row a stage; 2: a row a block; and so on.")] = 1,
    by: Annotated[By, typer.Option(help="Rows by stage, operator or kind of work.")] = By.stage,
    batch: Batch = 1,
    input: Input = None,
    dtype: OwnDtype = None,
    columns: Columns = None,
    digits: Digits = None,
    units: Units = "",
    flops: Flops = None,
    fused: Fused = False,
    best_order: Annotated[
        bool, typer.Option("--best-order", help="Look for the order with the smallest peak of activations.")
    ] = False,
    instantiate: Annotated[
        bool, typer.Option("--instantiate", help="Build it in PyTorch, and profile what PyTorch runs.")
    ] = False,
    device: PredictedOn = None,
    force: Force = False,
    rules: Rules = None,
    format: FormatOption = None,
    output: Output = None,
) -> None:
    """What a network costs, stage by stage."""
    style = Style(digits, units, flops)
    graph = load_graph(model, settings, input, batch)
    if instantiate:
        from archlens.studies.roundtrip import instantiated  # imports PyTorch

        with Progress() as progress:
            progress.show(f"{graph.model}: building, and recording what runs", now=True)
            graph = instantiated(graph)
    shown = fold(graph) if fused else graph
    held = dtype or dtype_of(model) or graph.dtype or None
    result = make_profile(shown, depth=depth, by=by.value, dtype=held, reorder=best_order)
    if device is None:
        answer = Result.of(lambda: result.table(parse_columns(columns)), result.as_dict)
        emit(answer, format, output, style)
        return
    from archlens.report.predicted import beside_profile, profile_as_dict
    from archlens.report.prediction import predict

    prediction = predict(graph, device, force=force)
    emit(
        Result.of(
            lambda: beside_profile(result.table(parse_columns(columns)), result, prediction, graph, shown),
            lambda: profile_as_dict(result, prediction, graph, shown),
        ),
        format,
        output,
        style,
    )
