"""`archlens verify [MODEL…]`"""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from archlens.cli.inputs import parse_inputs, parse_shapes
from archlens.cli.model import Kind, kind_of, overridden
from archlens.cli.options import FormatOption, Output, Settings, parse_settings
from archlens.cli.output import emit, write
from archlens.cli.rules import Rules
from archlens.errors import ArchlensError, UsageError
from archlens.report.result import Result
from archlens.spec.catalog import Reference, expand, find, specs
from archlens.spec.read import Value
from archlens.spec.reference import split_model

if TYPE_CHECKING:
    from archlens.studies.claims import Check

__all__ = ["verify"]


@dataclass(frozen=True, slots=True)
class Task:
    """One network to verify.

    model     what finds it: a name, `my.yaml:variant`, a module, a file
    settings  what `-s` says, and for a spec what `--input` says
    input     what `--input` says
    fields    whether to check receptive fields instead
    """

    model: str
    settings: Mapping[str, Value]
    input: str | None
    fields: bool


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
    tasks = asked(models, settings, input, receptive_field)
    found, ended = run(tasks)
    checks = [check for each in found for check in each]
    if checks or not isinstance(ended, ArchlensError):
        emit(result_of(checks, receptive_field, ledger), format, output)
    if isinstance(ended, ArchlensError):
        raise ended
    if ended is not None:
        write(f"archlens: interrupted after {len(found)} of {len(tasks)} networks\n", error=True)
        raise typer.Exit(130)
    if any(check.verdict == "different" for check in checks):
        raise typer.Exit(1)


def run(tasks: Sequence[Task]) -> "tuple[list[tuple[Check, ...]], KeyboardInterrupt | ArchlensError | None]":
    """The checks of each network, and what ended it before all were done, if something did."""
    from rich.console import Console
    from rich.progress import track

    from archlens.cli.processes import in_order

    found: list[tuple[Check, ...]] = []
    shown = track(
        in_order(checked, tasks, lambda task: task.model),
        description="verifying", total=len(tasks), transient=True,
        console=Console(stderr=True), disable=not sys.stderr.isatty(),
    )  # fmt: skip
    try:
        found.extend(shown)  # one by one: those before an exception are kept
    except (KeyboardInterrupt, ArchlensError) as reason:
        return found, reason
    return found, None


def asked(
    models: Sequence[str] | None, settings: list[str] | None, input: str | None, fields: bool
) -> list[Task]:
    """What to verify, each network once. Raises a UsageError for options that do not fit."""
    if (settings or input is not None) and (fields or not models):
        option = f"-s {settings[0]}" if settings else f"--input {input}"
        raise UsageError(
            f"{option}: " + ("--receptive-field takes none" if fields else "say of which network")
        )
    if not models:
        return [Task(variant, {}, None, fields) for spec in specs() for variant in spec.variants]
    tasks: dict[object, Task] = {}
    for model in (each for given in models for each in expand(given)):
        if kind_of(model) is not Kind.spec:
            if fields:
                raise UsageError(f"--receptive-field: {model} is no spec, and gradients need one")
            parse_inputs(input)
            tasks[model] = Task(model, parse_settings(settings), input, fields)
            continue
        reference = find(model)
        overrides = overridden(reference, settings, input)
        for variant, name in variants(reference, model):
            tasks[reference.spec.file, variant, (*reference.given.items(),)] = Task(
                name, overrides, None, fields
            )
    return [*tasks.values()]


def checked(task: Task) -> "tuple[Check, ...]":
    """The checks of one network."""
    kind = kind_of(task.model)
    if kind is Kind.spec and task.fields:
        from archlens.studies.receptive_field import check_receptive_fields

        return check_receptive_fields(find(task.model))
    if kind is Kind.spec:
        from archlens.studies.verification import verify_model

        return verify_model(find(task.model, until=None), task.settings)
    if kind is Kind.onnx:
        if task.settings:
            raise UsageError(f"-s {next(iter(task.settings))}: an ONNX file has no settings")
        from archlens.studies.verification.onnx import verify_onnx

        return verify_onnx(task.model, parse_shapes(task.input))
    from archlens.studies.verification.modules import verify_module

    return verify_module(task.model, task.settings, parse_inputs(task.input))


def result_of(checks: "list[Check]", fields: bool, ledger: bool = False) -> Result:
    """The checks as a table for reading, a row a network, or a row a check."""
    from archlens.report.verification import (
        ledger_table,
        receptive_field_checks_table,
        verification_as_dict,
        verification_table,
    )

    by_network = receptive_field_checks_table if fields else verification_table
    as_table = ledger_table if ledger else by_network
    return Result.of(
        lambda: as_table(checks), lambda: verification_as_dict(checks), lambda: ledger_table(checks)
    )


def variants(reference: Reference, model: str) -> list[tuple[str | None, str]]:
    """A variant by itself; a whole file as all of its variants: each with what finds it."""
    if reference.variant is not None or not reference.spec.variants:
        return [(reference.variant, model)]
    name, _ = split_model(model)
    return [
        (variant, f"{name.rstrip(':')}:{variant}{model[len(name) :]}") for variant in reference.spec.variants
    ]
