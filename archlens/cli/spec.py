"""`archlens spec show|check|schema`"""

from pathlib import Path
from typing import Annotated

import typer

from archlens.cli.model import load_graph
from archlens.cli.options import Batch, FormatOption, Model, Output, Settings
from archlens.cli.output import emit, write
from archlens.report.layers import layers_as_dict, layers_table
from archlens.report.result import Page, Result
from archlens.report.table import Table, plural

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, help="Look into specs: show, check, schema.")


@app.command()
def show(
    model: Model,
    settings: Settings = None,
    batch: Batch = 1,
    input: Annotated[str | None, typer.Option(metavar="3x224x224", help="Input of one image.")] = None,
    format: FormatOption = None,
    output: Output = None,
) -> None:
    """Every layer of a network, with its attributes and shapes."""
    graph = load_graph(model, settings, input, batch)
    emit(Result.of(lambda: layers_table(graph), lambda: layers_as_dict(graph)), format, output)


@app.command()
def check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", readable=False, help="Spec files.")],
) -> None:
    """All mistakes in spec files, a line each: place, path, what was found, what was probably meant."""
    from archlens.spec.check import check as check_file

    wrong = 0
    for file in files:
        problems = check_file(file)
        wrong += len(problems)
        for problem in problems:
            write(f"{problem}\n", error=True)
        if not problems:
            write(f"{file}: no mistakes\n")
    if wrong:
        write(f"{plural(wrong, 'mistake')}\n", error=True)
        raise typer.Exit(1)


@app.command()
def schema(output: Output = None) -> None:
    """The JSON Schema of the spec language, for editors."""
    from archlens.spec.schema import schema as spec_schema

    # It is JSON whatever the file is called.
    emit(Result(Page, spec_schema, lambda: Table((), ())), "json", output)
