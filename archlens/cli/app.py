"""The command line: parse, call, print. `archlens --help` lists the commands."""

import os
import sys
from typing import Annotated

import typer

from archlens import __version__
from archlens.cli import compare, export, profile, spec, verify
from archlens.cli import list as listing
from archlens.errors import ArchlensError, UsageError

__all__ = ["app", "main"]

app = typer.Typer(
    name="archlens",
    help="Tell what a vision network costs before anyone trains it, and why.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("profile")(profile.profile)
app.command("compare")(compare.compare)
app.command("list")(listing.list_models)
app.command("verify")(verify.verify)
app.command("export")(export.export)
app.add_typer(spec.app, name="spec")


def _version(value: bool) -> None:
    if value:
        typer.echo(f"archlens {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Tell what a vision network costs before anyone trains it, and why."""


def main() -> None:
    """Run the command line. Errors of ours are one line each on stderr; exit 1, or 2 for usage."""
    try:
        app()
    except ArchlensError as error:
        for line in str(error).splitlines():
            print(_printable(f"archlens: {line}"), file=sys.stderr)
        sys.exit(2 if isinstance(error, UsageError) else 1)
    except BrokenPipeError:
        # The reader, such as `head`, has gone. Python would complain again when it closes stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


def _printable(line: str) -> str:
    from archlens.cli.output import fit_encoding

    return fit_encoding(line, sys.stderr)
