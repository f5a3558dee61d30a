"""Groups of commands in which `list` is meant where none is named; `results` and `devices` are such."""

import typer
from typer.testing import CliRunner

from archlens.cli.groups import ListsUnlessTold

app = typer.Typer(cls=ListsUnlessTold)


@app.command("list")
def listed(pattern: str = typer.Argument("*")) -> None:
    typer.echo(f"list {pattern}")


@app.command()
def other(name: str) -> None:
    typer.echo(f"other {name}")


def test_list_is_meant_unless_another_is_named() -> None:
    run = CliRunner()
    assert run.invoke(app, []).stdout == "list *\n"
    assert run.invoke(app, ["resnet"]).stdout == "list resnet\n"
    assert run.invoke(app, ["other", "x"]).stdout == "other x\n"
    assert "Usage" in run.invoke(app, ["--help"]).stdout
