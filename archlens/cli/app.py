"""The command line: parse, call, print. `archlens --help` lists the commands."""

import signal
import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from archlens import __version__
from archlens.cli.commands import Commands
from archlens.cli.imports import announce_imports
from archlens.cli.output import write
from archlens.cli.signals import Interruptions
from archlens.errors import ArchlensError, MissingDependencyError, UsageError, printable

__all__ = ["app", "main"]

SUMMARY = "Tell what a vision network costs before anyone trains it, and why."
GROUPS: dict[str, dict[str, str]] = {
    "Look": {
        "profile": "resnet50 --depth 2",
        "compare": "shufflenet_v1 shufflenet_v2 -o table.tex",
        "list": "mobilenet --where 'params < 5M' --sort multiply_adds",
        "settings": "resnet50",
        "receptive-field": "resnet50",
        "diff": "resnet50 resnext50_32x4d",
        "report": "resnet50 mobilenet_v2 -o reports",
        "plot": "mobilenet_v2 --kind memory -o memory.svg",
    },
    "Time": {
        "measure": "mobilenet_v2 --threads 1",
        "predict": 'resnet50 --device \'{"tflops": 82.6, "bandwidth": "1008 GB/s", "launch": "4 us"}\'',
        "devices": "rtx",
        "calibrate": "--from times.csv --name my-phone",
        "results": "resnet50",
    },
    "Judge": {
        "lint": "mobilenet_v2",
        "guidelines": "g1 g2 --no-measure",
        "savings": "bottleneck --in 512",
        "check": "--against HEAD~1",
    },
    "Design": {
        "sweep": "shufflenet_v2 --over head=512,1024,2048 --minimise params,memory_access",
    },
    "Trust": {
        "verify": "resnet18",
        "reconcile": "resnet50 --claim 4.12G",
    },
    "Write": {
        "export": "resnet18 -o resnet18.onnx",
        "spec": "show lenet5",
    },
}
"""The groups of commands in `archlens --help`, and an example for the help of each."""
EXAMPLES = {name: example for examples in GROUPS.values() for name, example in examples.items()}

OPTIONAL = {
    "torch": ("PyTorch", "torch"),
    "fvcore": ("fvcore", "verify"),
    "onnx": ("onnx", "onnx"),
    "numpy": ("numpy", "measure"),
    "scipy": ("scipy", "measure"),
    "psutil": ("psutil", "measure"),
    "platformdirs": ("platformdirs", "measure"),
    "altair": ("Altair", "charts"),
    "vl_convert": ("vl-convert", "charts"),
    "pandas": ("pandas", "tables"),
    "tabulate": ("tabulate", "tables"),
}
"""By the name under which it is imported, what a package is called and the extra that brings it."""

LONGEST = 1000
"""Signs of one line of a message."""


class Grouped(TyperGroup):
    """Commands in groups, each with its whole summary. Of those the module is imported that is called."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = Commands(EXAMPLES)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write a section a group."""
        for heading, examples in GROUPS.items():
            shown = [(name, self.commands[name]) for name in examples if name in self.commands]
            with formatter.section(heading):
                formatter.write_dl([(name, each.get_short_help_str(limit=200)) for name, each in shown])


app = typer.Typer(
    name="archlens",
    cls=Grouped,
    help=f"{SUMMARY}\n\n1 multiply-add = 1 multiply-accumulate, which most papers print as a FLOP and "
    "engines count as 2 FLOPs.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


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
    pass


def shortened(line: str) -> str:
    """A line of a message that quotes at most so much of what it was given."""
    return line if len(line) <= LONGEST else f"{line[: LONGEST // 2]} … {line[-LONGEST // 2 :]}"


def main() -> None:
    """Run the command line. Errors of ours are one line each on stderr; exit 1, or 2 for usage.

    Ctrl-C ends with 130, SIGTERM with 143, a reader of stdout that has gone with 141; each cleans up first.
    """
    interruptions = Interruptions()
    announce_imports()
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
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package not in OPTIONAL:
            raise
        name, extra = OPTIONAL[package]
        write(f"archlens: {MissingDependencyError(f'this needs {name}', extra=extra)}\n", error=True)
        sys.exit(1)
    except Exception:
        if interruptions.received:  # an import that was interrupted fails as it likes
            sys.exit(128 + interruptions.received)
        raise
    finally:
        interruptions.end()  # Python, shutting down, would end by its SIGALRM
