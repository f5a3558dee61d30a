"""`archlens spec show|check|new|operators|schema`"""

from pathlib import Path
from typing import Annotated

import typer

from archlens.cli.groups import Summarised
from archlens.cli.model import load_graph
from archlens.cli.options import Batch, Digits, FormatOption, Model, Output, Settings, Units
from archlens.cli.output import emit, write, write_atomically
from archlens.errors import UsageError
from archlens.quantity import plural
from archlens.report.layers import layers_as_dict, layers_table
from archlens.report.operators import operators_as_list, operators_table
from archlens.report.result import Page, Result
from archlens.report.style import Style
from archlens.report.table import Table
from archlens.spec.reference import Kind, kind_of

__all__ = ["app"]

app = typer.Typer(cls=Summarised, no_args_is_help=True, help="Write specs and look into them.")


@app.command()
def show(
    model: Model,
    settings: Settings = None,
    batch: Batch = 1,
    input: Annotated[str | None, typer.Option(metavar="3x224x224", help="Input of one image.")] = None,
    source: Annotated[
        bool,
        typer.Option("--source", help="The text of the spec itself, whose lines findings and errors name."),
    ] = False,
    digits: Digits = None,
    units: Units = "",
    format: FormatOption = None,
    output: Output = None,
) -> None:
    """Every layer of a network, with its attributes and shapes."""
    style = Style(digits, units)
    if source:
        text = source_of(model)
        write(text) if output is None else write_atomically(output, text)
        return
    graph = load_graph(model, settings, input, batch)
    emit(Result.of(lambda: layers_table(graph), lambda: layers_as_dict(graph)), format, output, style)


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


def source_of(model: str) -> str:
    """The text of the spec that describes a model. Raises a UsageError for a model that has none."""
    from archlens.spec.catalog import source_file

    if kind_of(model) is not Kind.spec:
        raise UsageError(f"{model} is {kind_of(model).value}, and only a spec has a source to show")
    return source_file(model).read_text(encoding="utf-8")


@app.command()
def new(
    file: Annotated[Path, typer.Argument(metavar="FILE.yaml", readable=False, help="Where it is written.")],
    force: Annotated[bool, typer.Option("--force", help="Write it over a file that is there.")] = False,
) -> None:
    """Write a small commented spec, to start from."""
    from archlens.spec.template import template

    if file.suffix not in (".yaml", ".yml"):
        raise UsageError(f"{file}: a spec is a .yaml file")
    if file.exists() and not force:
        raise UsageError(f"{file} exists: choose another name, or write over it with --force")
    write_atomically(file, template(str(file)))
    write(f"{file}: written; next: archlens profile {file}\n")


@app.command()
def operators(
    pattern: Annotated[str, typer.Argument(help="A part of a name, or a pattern such as 'conv*'.")] = "",
    format: FormatOption = None,
    output: Output = None,
) -> None:
    """The operators of the spec language: their attributes, what these may hold, and their defaults."""
    emit(Result.of(lambda: operators_table(pattern), lambda: operators_as_list(pattern)), format, output)


@app.command()
def schema(output: Output = None) -> None:
    """The JSON Schema of the spec language, for editors."""
    from archlens.spec.schema import schema as spec_schema

    # It is JSON whatever the file is called.
    emit(Result(Page, spec_schema, lambda: Table((), ())), "json", output)
