"""`archlens list [PATTERN…]`"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from archlens.cli.options import (
    Columns,
    Digits,
    Flops,
    FormatOption,
    Output,
    PredictedOn,
    Sort,
    Units,
    WhereOption,
    parse_columns,
)
from archlens.cli.output import emit
from archlens.cli.progress import Progress
from archlens.errors import UnknownModelError
from archlens.report import listing
from archlens.report.result import Result
from archlens.report.style import Style

__all__ = ["list_models"]


def list_models(
    patterns: Annotated[
        list[str] | None,
        typer.Argument(metavar="[PATTERN…]", help="Parts of names, or patterns such as 'resnet*'."),
    ] = None,
    where: WhereOption = "",
    sort: Sort = "",
    columns: Columns = None,
    digits: Digits = None,
    units: Units = "",
    flops: Flops = None,
    device: PredictedOn = None,
    format: FormatOption = None,
    output: Output = None,
) -> None:
    """The networks that archlens carries, oldest first."""
    style = Style(digits, units, flops)
    names = parse_columns(columns)
    wanted = patterns or []
    with uncollected(), Progress() as progress:
        entries = listing.list_models(
            *wanted,
            where=where,
            sort=sort,
            columns=names,
            device=device,
            shown=progress.show,
            keeping=True,
        )
    if not entries:
        asked = " ".join([*wanted, *([f"--where {where!r}"] if where else [])])
        raise UnknownModelError(f"no model matches {asked}; `archlens list` shows all")
    emit(
        Result.of(
            lambda: listing.listing_table(entries, device or "", names),
            lambda: [entry.as_dict() for entry in entries],
        ),
        format,
        output,
        style,
    )


@contextmanager
def uncollected() -> Iterator[None]:
    """Do without the search for cycles meanwhile: sections and graphs are many objects, and have none."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
