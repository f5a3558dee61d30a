"""`archlens list [PATTERN]`"""

from typing import Annotated

import typer

from archlens.cli.options import FormatOption, Output, PredictedOn
from archlens.cli.output import emit
from archlens.errors import UnknownModelError
from archlens.report import listing
from archlens.report.result import Result

__all__ = ["list_models"]


def list_models(
    pattern: Annotated[str, typer.Argument(help="A part of a name, or a pattern such as 'resnet*'.")] = "*",
    device: PredictedOn = None,
    format: FormatOption = None,
    output: Output = None,
) -> None:
    """The networks that archlens carries, oldest first."""
    entries = listing.list_models(pattern, device=device)
    if not entries:
        raise UnknownModelError(f"no model matches {pattern}; `archlens list` shows all")
    emit(
        Result.of(
            lambda: listing.listing_table(entries, device or ""),
            lambda: [entry.as_dict() for entry in entries],
        ),
        format,
        output,
    )
