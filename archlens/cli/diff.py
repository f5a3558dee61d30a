"""`archlens diff A B`"""

from typing import Annotated

import typer

from archlens.cli.model import load_graph
from archlens.cli.options import (
    Batch,
    Columns,
    Digits,
    Dtype,
    Flops,
    FormatOption,
    Fused,
    Output,
    PredictedOn,
    Settings,
    Units,
    parse_columns,
)
from archlens.cli.output import emit
from archlens.passes import fold
from archlens.report.result import Result
from archlens.report.style import Style

__all__ = ["diff"]

CHANGED = 1


def diff(
    before: Annotated[
        str,
        typer.Argument(
            metavar="A",
            help="A model as `archlens profile` takes it, or a file at a git revision: HEAD~1:net.yaml.",
        ),
    ],
    after: Annotated[
        str, typer.Argument(metavar="B", help="The model that it is compared with, named likewise.")
    ],
    settings: Settings = None,
    depth: Annotated[
        int | None, typer.Option(min=1, help="1: a row a stage; 2: a row a block; 9: a row a layer.")
    ] = None,
    batch: Batch = 1,
    input: Annotated[
        str | None, typer.Option(metavar="3x224x224", help="Input of one image, for both networks.")
    ] = None,
    dtype: Dtype = "float32",
    columns: Columns = None,
    digits: Digits = None,
    units: Units = "",
    flops: Flops = None,
    fused: Fused = False,
    device: PredictedOn = None,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="Exit with 1 where anything but names changed.")
    ] = False,
    format: FormatOption = None,
    output: Output = None,
) -> None:
    """What changed between two networks, layer by layer, and what each change costs.

    Layers are matched by name and, where they were renamed, by structure: a rename alone is no change. What
    is told of the changes adds up to the difference of the totals.
    """
    from archlens.budgets.difference import diff as make_difference
    from archlens.budgets.rows import difference_table
    from archlens.devices import find
    from archlens.models.revision import at_revision

    style = Style(digits, units, flops)
    graphs = [
        at_revision(model, lambda path: load_graph(path, settings, input, batch)) for model in (before, after)
    ]
    if fused:
        graphs = [fold(graph) for graph in graphs]
    difference = make_difference(*graphs, dtype=dtype, device=find(device) if device else None)
    emit(
        Result.of(lambda: difference_table(difference, parse_columns(columns), depth), difference.as_dict),
        format,
        output,
        style,
    )
    if exit_code and not difference.empty:
        raise typer.Exit(CHANGED)
