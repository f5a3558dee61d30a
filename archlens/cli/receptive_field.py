"""`archlens receptive-field MODEL`"""

from pathlib import Path
from typing import Annotated

import typer

from archlens.cli.model import load_graph
from archlens.cli.options import FormatOption, Input, Model, Output, Settings
from archlens.cli.output import emit
from archlens.cli.progress import Progress
from archlens.graph import Graph
from archlens.report.receptive_field import position_of, receptive_field_report
from archlens.report.result import Result

__all__ = ["receptive_field"]


def receptive_field(
    model: Model,
    settings: Settings = None,
    depth: Annotated[int, typer.Option(min=1, help="1: a row a stage; 2: a row a block; and so on.")] = 1,
    node: Annotated[str | None, typer.Option(metavar="NAME", help="One node or stage only.")] = None,
    input: Input = None,
    effective: Annotated[
        bool, typer.Option("--effective", help="Measure what counts, by gradients in PyTorch.")
    ] = False,
    samples: Annotated[int, typer.Option(min=1, max=10**6, help="Random inputs to average over.")] = 16,
    seed: Annotated[int, typer.Option(help="Of the random weights and inputs.")] = 0,
    plot: Annotated[
        Path | None,
        typer.Option(metavar="FILE", readable=False, help="Draw it: .svg, .png, .pdf or .html."),
    ] = None,
    format: FormatOption = None,
    output: Output = None,
) -> None:
    """How much of the input each stage sees.

    The size is that of the whole field, from the first place to the last. With --effective the network
    is also run in PyTorch, and the field that holds 95 % of the gradient stands beside it. --plot draws
    the field along the depth, or with --effective the gradients over the input.
    """
    graph = load_graph(model, settings, input)
    if not effective:
        report = receptive_field_report(graph, depth=depth, node=node)
        if plot is not None:
            draw_static(graph, plot)
        emit(Result.of(report.table, report.as_dict), format, output)
        return
    if plot is not None:
        from archlens.report.charts.picture import check_picture

        check_picture(plot)
    from archlens.report.effective_receptive_field import effective_table
    from archlens.studies.effective_receptive_field import effective_receptive_field

    position = None if node is None else position_of(graph, node)
    with Progress() as progress:
        measured = effective_receptive_field(graph, position, samples=samples, seed=seed, heard=progress.show)
    if plot is not None:
        from archlens.cli.plot import write_picture
        from archlens.report.charts.gradients import gradients

        write_picture(gradients(measured), plot)
    emit(Result.of(lambda: effective_table(measured), measured.as_dict), format, output)


def draw_static(graph: Graph, path: Path) -> None:
    """Write the field along the depth. Raises what `archlens plot` raises."""
    from archlens.cli.plot import write_picture
    from archlens.report.charts.picture import check_picture

    check_picture(path)
    from archlens.report.charts.receptive_field import receptive_field as chart

    write_picture(chart(graph), path)
