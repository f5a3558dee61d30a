"""`--rules FILE`: rules of the user's for operators that archlens does not know."""

from pathlib import Path
from typing import Annotated

import typer

from archlens.errors import UsageError

__all__ = ["Rules", "load_rules"]


def load_rules(file: Path | None) -> Path | None:
    """Run a Python file, whose `@archlens.rule` functions are known from then on.

    Raises a RecordError for a file that is not there or that fails, and a UsageError for one without a rule.
    """
    if file is None:
        return None
    from archlens.recorder.custom import custom_rules
    from archlens.recorder.imports import from_file

    before = dict(custom_rules)
    from_file(file)
    if custom_rules == before:
        raise UsageError(f"--rules {file}: no function in it is marked with @archlens.rule")
    return file


Rules = Annotated[
    Path | None,
    typer.Option(
        "--rules",
        metavar="FILE",
        readable=False,
        callback=load_rules,
        help="A Python file whose @archlens.rule functions tell what operators of your own cost.",
    ),
]
