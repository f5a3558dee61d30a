"""`archlens verify [MODEL…]`"""

import sys
from typing import Annotated

import typer

from archlens.cli.options import FormatOption, Output
from archlens.cli.output import Format, emit, write
from archlens.spec.catalog import Reference, find, specs

__all__ = ["verify"]


def verify(
    models: Annotated[
        list[str] | None,
        typer.Argument(metavar="[MODEL…]", help="Names or spec files; all networks unless given."),
    ] = None,
    receptive_field: Annotated[
        bool, typer.Option("--receptive-field", help="Check receptive fields, against gradients, instead.")
    ] = False,
    format: FormatOption = Format.text,
    output: Output = None,
) -> None:
    """Check every count against PyTorch and the papers.

    Each network is built in PyTorch; parameters, shapes and multiply-adds are compared with what PyTorch,
    its counter and fvcore find, and with the figures printed in the papers. Exit code 1 when a difference
    is not explained. After Ctrl-C, what was checked so far is printed.

    With --receptive-field, the network is built with positive weights and without activations, and the
    gradient of one output must reach from the first to the last place that the analysis says it sees.
    """
    found = (
        [find(model, until=None) for model in models]
        if models
        else [Reference(spec, None) for spec in specs()]
    )
    meant = [each for reference in found for each in _variants(reference)]
    references = list({(each.spec.file, each.variant): each for each in meant}.values())
    from rich.console import Console
    from rich.progress import track

    from archlens.report.verification import (
        ledger_table,
        receptive_field_checks_table,
        verification_as_dict,
        verification_table,
    )
    from archlens.studies.claims import Check

    as_table = verification_table
    if receptive_field:
        from archlens.studies.receptive_field import check_receptive_fields as checked

        as_table = receptive_field_checks_table
    else:
        from archlens.studies.verification import verify_model as checked

    console = Console(stderr=True)
    progress = track(
        references, description="verifying", console=console, transient=True, disable=not sys.stderr.isatty()
    )
    checks: list[Check] = []
    interrupted = False
    try:
        for reference in progress:
            checks += checked(reference)
    except KeyboardInterrupt:
        interrupted = True
    if format is not Format.text:
        as_table = ledger_table
    emit(lambda: as_table(checks), lambda: verification_as_dict(checks), format, output)
    if interrupted:
        verified = len({check.model for check in checks})
        write(f"archlens: interrupted after {verified} of {len(references)} networks\n", error=True)
        raise typer.Exit(130)
    if any(check.verdict == "different" for check in checks):
        raise typer.Exit(1)


def _variants(reference: Reference) -> list[Reference]:
    """A variant by itself; a whole file as all of its variants."""
    if reference.variant is not None or not reference.spec.variants:
        return [reference]
    return [Reference(reference.spec, variant) for variant in reference.spec.variants]
