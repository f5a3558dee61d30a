"""`archlens settings MODEL`"""

from typing import Annotated

import typer

from archlens.cli.options import FormatOption, Output
from archlens.cli.output import emit
from archlens.errors import UsageError
from archlens.report.result import Result
from archlens.report.settings import settings_as_dict, settings_table
from archlens.spec.catalog import find
from archlens.spec.reference import Kind, kind_of

__all__ = ["settings"]


def settings(
    model: Annotated[
        str, typer.Argument(metavar="MODEL", help="A name (resnet50) or a spec (my.yaml, my.yaml:variant).")
    ],
    format: FormatOption = None,
    output: Output = None,
) -> None:
    """What can be set of a network: each setting with its value, what it may be, and what it does."""
    if kind_of(model) is not Kind.spec:
        raise UsageError(f"{model} is no spec, and only specs have settings")
    reference = find(model)
    emit(Result.of(lambda: settings_table(reference), lambda: settings_as_dict(reference)), format, output)
