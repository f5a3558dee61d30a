"""`archlens verify [MODEL…]`"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from archlens.cli.options import FormatOption, Output, Settings
from archlens.cli.output import emit, write
from archlens.cli.progress import Progress
from archlens.cli.rules import Rules
from archlens.errors import ArchlensError
from archlens.quantity import plural
from archlens.spec.reference import parse_settings

if TYPE_CHECKING:
    from archlens.studies.claims import Check
    from archlens.studies.verification.task import Task

__all__ = ["verify"]


def verify(
    models: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[MODEL…]",
            help="Names, spec files, PyTorch modules (package.module:name, file.py:name, timm:NAME), files "
            "(my.pt2, my.onnx); all networks unless given.",
        ),
    ] = None,
    settings: Settings = None,
    input: Annotated[
        str | None,
        typer.Option(metavar="3x224x224", help="Input of one image; the network's own unless given."),
    ] = None,
    receptive_field: Annotated[
        bool, typer.Option("--receptive-field", help="Check receptive fields, against gradients, instead.")
    ] = False,
    ledger: Annotated[
        bool, typer.Option("--ledger", help="A row a check: what is claimed, what is counted, and why.")
    ] = False,
    rules: Rules = None,
    format: FormatOption = None,
    output: Output = None,
) -> None:
    """Check every count against PyTorch and the papers.

    Each network is built in PyTorch; parameters, shapes and multiply-adds are compared with what PyTorch,
    its counter and fvcore find, and with the figures printed in the papers. A module is recorded and
    compared with what it does when it runs, an ONNX file with what onnx says of it. Exit code 1 when a
    difference is not explained. After Ctrl-C, what was checked so far is printed.

    With --receptive-field, the network is built with positive weights and without activations, and the
    gradient of one output must reach from the first to the last place that the analysis says it sees.
    """
    from archlens.report.verification import verification_result
    from archlens.studies.verification.task import asked

    tasks = asked(models, parse_settings(settings), input, receptive_field)
    found, ended = run(tasks)
    checks = [check for each in found for check in each]
    if checks or not isinstance(ended, ArchlensError):
        emit(verification_result(checks, receptive_field, ledger), format, output)
    if isinstance(ended, ArchlensError):
        raise ended
    if ended is not None:
        write(f"archlens: interrupted after {len(found)} of {len(tasks)} networks\n", error=True)
        raise typer.Exit(130)
    if any(check.verdict == "different" for check in checks):
        raise typer.Exit(1)


def run(
    tasks: "Sequence[Task]",
) -> "tuple[list[tuple[Check, ...]], KeyboardInterrupt | ArchlensError | None]":
    """The checks of each network, and what ended it before all were done, if something did."""
    from archlens.cli.processes import in_order
    from archlens.studies.verification.task import checked

    found: list[tuple[Check, ...]] = []
    with Progress() as progress:
        try:
            progress.show(f"verifying {plural(len(tasks), 'network')}", now=True)
            for each in in_order(checked, tasks, lambda task: task.model):
                found.append(each)
                progress.show(f"{len(found)} of {plural(len(tasks), 'network')}", len(found) / len(tasks))
        except (KeyboardInterrupt, ArchlensError) as reason:
            return found, reason
    return found, None
