"""`archlens check`"""

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from archlens.cli.model import load_graph
from archlens.cli.options import Digits, Output, Units
from archlens.cli.output import emit, replace_file, write, write_atomically
from archlens.errors import UsageError, nearest
from archlens.quantity import plural
from archlens.report.formats import FORMATS
from archlens.report.result import Result
from archlens.report.style import Style
from archlens.spec.reference import anchored

if TYPE_CHECKING:
    from archlens.budgets.check import Check
    from archlens.budgets.config import Budget, Config
    from archlens.graph import Graph

__all__ = ["check"]


OWN = {"github": ".github", "gitlab": ".gitlab", "junit": ".xml", "sarif": ".sarif"}
"""The formats that only findings have, and the extension that asks for one of them."""


def parse_check_format(text: str) -> str:
    """The name of a format, those of findings among them. Raises a UsageError."""
    known = (*FORMATS, *OWN)
    if text not in known:
        raise UsageError(f"--format {text}: it may be {', '.join(known)}{nearest(text, known)}")
    return text


def check(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[NAME …]", help="The budgets to check, by name or model; all unless given."),
    ] = None,
    config: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="archlens.toml, or a pyproject.toml with [tool.archlens]; the nearest one unless given.",
        ),
    ] = None,
    update: Annotated[
        bool, typer.Option("--update", help="Write what everything costs now as the baseline, to commit.")
    ] = False,
    against: Annotated[
        str | None,
        typer.Option(metavar="REV", help="Compare with this git revision in place of the baseline's file."),
    ] = None,
    digits: Digits = None,
    units: Units = "",
    format: Annotated[
        str | None,
        typer.Option(
            "--format",
            "-f",
            metavar="|".join((*FORMATS, *OWN)),
            parser=parse_check_format,
            help="How to write the findings; unless given, as the extension of the file asks for, or text.",
        ),
    ] = None,
    output: Output = None,
) -> None:
    """Hold networks against their budgets: a gate for continuous integration.

    Budgets stand in pyproject.toml or archlens.toml, one [[tool.archlens.check]] or [[check]] a network, with
    the most that a figure may be (max), how much it may grow (growth), and more. Exits with 1 where a budget
    is broken, with 2 where the configuration cannot be read.
    """
    from archlens.budgets.baseline import read_baseline
    from archlens.budgets.check import check as make_check
    from archlens.budgets.config import budgets_named, find_config, read_config
    from archlens.budgets.snapshot import at_git_revision

    style = Style(digits, units)
    if update and against:
        raise UsageError("--update writes a baseline and --against takes another one: one of them")
    found = read_config(config or Path(os.path.relpath(find_config(Path.cwd()))))
    found = replace(found, budgets=budgets_named(found, names or []))
    if update:
        write_baseline(found, partial=bool(names))
        return
    baseline = at_git_revision(found, against, load) if against else read_baseline(found.baseline)
    checks = make_check(found, load, baseline)
    show(checks, style, format, output)
    if any(each.failed for each in checks):
        raise typer.Exit(1)


def load(budget: "Budget", folder: Path) -> "Graph":
    """The graph of a budget's model, whose file is told from a folder."""
    return load_graph(anchored(budget.model, folder), None, budget.input, budget.batch)


def write_baseline(config: "Config", *, partial: bool) -> None:
    """Write what everything costs now; of budgets that were not named, what the file holds stays."""
    from archlens.budgets.baseline import read_baseline, rendered
    from archlens.budgets.snapshot import now

    taken = now(config, load)
    before = read_baseline(config.baseline) if partial else None
    figures = {**(before.figures if before else {}), **taken.figures}
    asked = {**(before.asked if before else {}), **taken.asked}
    replace_file(config.baseline, rendered(figures, asked))
    write(f"{config.baseline}: written, {plural(len(taken.figures), 'network')}\n")


def show(checks: "tuple[Check, ...]", style: Style, format: str | None, output: Path | None) -> None:
    """Write the findings in the form asked for."""
    from archlens.budgets.formats import WRITERS
    from archlens.budgets.report import checks_as_list, checks_table

    asked = format or next((name for name, own in OWN.items() if output and output.suffix == own), None)
    if asked not in OWN:
        emit(Result.of(lambda: checks_table(checks), lambda: checks_as_list(checks)), asked, output, style)
        return
    text = WRITERS[asked](checks)
    write(text) if output is None else write_atomically(output, text)
