"""The command line: parse, call, print. `archlens --help` lists the commands."""

import sys
from typing import Annotated

import typer

from archlens import __version__
from archlens.cli import (
    calibrate,
    check,
    compare,
    devices,
    diff,
    export,
    guidelines,
    lint,
    measure,
    predict,
    profile,
    receptive_field,
    reconcile,
    results,
    savings,
    settings,
    spec,
    verify,
)
from archlens.cli import list as listing
from archlens.cli.output import write
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
app.command("check")(check.check)
app.command("diff")(diff.diff)
app.command("list")(listing.list_models)
app.command("settings")(settings.settings)
app.command("verify")(verify.verify)
app.command("export")(export.export)
app.command("receptive-field")(receptive_field.receptive_field)
app.command("measure")(measure.measure)
app.command("predict")(predict.predict)
app.command("calibrate")(calibrate.calibrate)
app.command("reconcile")(reconcile.reconcile)
app.command("guidelines")(guidelines.guidelines)
app.command("lint")(lint.lint)
app.command("savings", context_settings={"ignore_unknown_options": True})(savings.savings)
app.add_typer(devices.app, name="devices")
app.add_typer(results.app, name="results")
app.add_typer(spec.app, name="spec")


def _version(value: bool) -> None:
    if value:
        write(f"archlens {__version__}\n")
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
            write(f"archlens: {line}\n", error=True)
        sys.exit(2 if isinstance(error, UsageError) else 1)
    except OSError as error:  # such as help that goes to a full disk: Typer prints that itself
        write(f"archlens: {error.strerror or error}\n", error=True)
        sys.exit(1)
