"""The command line: parse, call, print. `archlens --help` lists the commands."""

import os
import signal
import sys
import threading
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
from archlens.errors import ArchlensError, UsageError, printable

__all__ = ["app", "main"]

GRACE = 5.0
"""Seconds that cleaning up may take after SIGTERM."""
LONGEST = 1000
"""Signs of one line of a message."""

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


class Interruptions:
    """What SIGINT and SIGTERM do: raise once, so that files and processes are cleaned up on the way out.

    received  the number of the signal that came; 0 while none did
    """

    def __init__(self) -> None:
        self.received = 0
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self.raised)

    def raised(self, number: int, frame: object) -> None:
        """Raise a KeyboardInterrupt for Ctrl-C, a SystemExit for SIGTERM."""
        self.received = number
        if number == signal.SIGINT:
            raise KeyboardInterrupt
        # Libraries swallow exceptions while they are imported: what still runs then is ended all the same.
        last = threading.Timer(GRACE, os._exit, [128 + number])
        last.daemon = True
        last.start()
        sys.exit(128 + number)


def shortened(line: str) -> str:
    """A line of a message that quotes at most so much of what it was given."""
    return line if len(line) <= LONGEST else f"{line[: LONGEST // 2]} … {line[-LONGEST // 2 :]}"


def main() -> None:
    """Run the command line. Errors of ours are one line each on stderr; exit 1, or 2 for usage.

    Ctrl-C ends with 130, SIGTERM with 143, a reader of stdout that has gone with 141; each cleans up first.
    """
    interruptions = Interruptions()
    try:
        app()
    except ArchlensError as error:
        for line in str(error).splitlines():
            write(f"archlens: {shortened(printable(line))}\n", error=True)
        sys.exit(2 if isinstance(error, UsageError) else 1)
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
    except OSError as error:  # such as help that goes to a full disk: Typer prints that itself
        write(f"archlens: {error.strerror or error}\n", error=True)
        sys.exit(1)
    except Exception:
        if interruptions.received:  # an import that was interrupted fails as it likes
            sys.exit(128 + interruptions.received)
        raise
