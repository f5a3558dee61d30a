"""`archlens spec show|check|schema`"""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from archlens.cli.options import Batch, FormatOption, Model, Output, Settings, load_graph
from archlens.cli.output import Format, emit, fit_encoding, write_atomically
from archlens.report.layers import layers_as_dict, layers_table

__all__ = ["app"]

app = typer.Typer(
    no_args_is_help=True, help="Look into specs: show, check, schema."
)


@app.command()
def show(
    model: Model,
    settings: Settings = None,
    batch: Batch = 1,
    input: Annotated[str | None, typer.Option(metavar="3x224x224", help="Input of one image.")] = None,
    format: FormatOption = Format.text,
    output: Output = None,
) -> None:
    """Every layer of a network, with its attributes and shapes."""
    graph = load_graph(model, settings, input, batch)
    emit(layers_table(graph), layers_as_dict(graph), format, output)


@app.command()
def check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Spec files.")],
) -> None:
    """All mistakes in spec files, a line each: place, path, what was found, what was probably meant."""
    from archlens.spec.check import check as check_file

    wrong = 0
    for file in files:
        problems = check_file(file)
        wrong += len(problems)
        for problem in problems:
            typer.echo(fit_encoding(str(problem), sys.stderr), err=True)
        if not problems:
            typer.echo(fit_encoding(f"{file}: no mistakes", sys.stdout))
    if wrong:
        typer.echo(f"{wrong} mistake{'s' if wrong > 1 else ''}", err=True)
        raise typer.Exit(1)


@app.command()
def schema(output: Output = None) -> None:
    """The JSON Schema of the spec language, for editors."""
    from archlens.spec.schema import schema as spec_schema

    text = json.dumps(spec_schema(), indent=2, ensure_ascii=False) + "\n"
    if output is None:
        typer.echo(fit_encoding(text, sys.stdout), nl=False)
    else:
        write_atomically(output, text)
