"""`archlens savings [NAME]`"""

from typing import Annotated

import typer

from archlens.cli.options import FormatOption, Output
from archlens.cli.output import Format, emit
from archlens.errors import UsageError

__all__ = ["savings"]

SHORT = {"in": "channels"}
"""What a parameter is called on the command line where formulas cannot: `in` is a word of their language."""


def savings(
    arguments: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[NAME] [--PARAMETER NUMBER …]",
            help="One saving, and numbers for it: --in 512 --out 512 --kernel 5 --size 28 --groups 4 …",
        ),
    ] = None,
    errata: Annotated[
        bool, typer.Option("--errata", help="Printed figures that are wrong, and the right ones.")
    ] = False,
    format: FormatOption = Format.text,
    output: Output = None,
) -> None:
    """What each classic block saves, and by which arithmetic.

    Without a name all savings are listed; with one, its formulas stand beside the same networks instantiated
    and counted. A saving says which parameters it takes.
    """
    name, given = parse_arguments(arguments or [])
    from archlens.report import savings as report

    if errata:
        from archlens.studies.savings.errata import errata as all_errata

        if name is not None or given:
            raise UsageError(f"--errata takes no saving and no parameters, not {' '.join(arguments or [])}")
        found = all_errata()
        emit(lambda: report.errata_table(found), lambda: report.errata_as_dict(found), format, output)
        return
    from archlens.studies.savings.entry import find_entry
    from archlens.studies.savings.result import compute
    from archlens.studies.savings.result import savings as all_savings

    if name is None:
        if given:
            option = (arguments or [])[0]
            raise UsageError(f"{option} is for one saving: archlens savings NAME {option} …")
        listed = all_savings()
        emit(lambda: report.savings_table(listed), lambda: report.savings_as_dict(listed), format, output)
        return
    one = compute(find_entry(name), given)
    emit(lambda: report.saving_table(one), lambda: report.saving_as_dict(one), format, output)


def parse_arguments(arguments: list[str]) -> tuple[str | None, dict[str, int | float]]:
    """`bottleneck --in 512 --size=28` → the name and the numbers. Raises a UsageError."""
    names: list[str] = []
    given: dict[str, int | float] = {}
    left = list(arguments)
    while left:
        argument = left.pop(0)
        if not argument.startswith("-"):
            names.append(argument)
            continue
        key, equals, text = argument.lstrip("-").partition("=")
        key = key.replace("-", "_")
        name = SHORT.get(key, key)
        if not argument.startswith("--") or not key:
            raise UsageError(f"{argument}: no such option; a parameter is --in 512 or --in=512")
        if not equals and not left:
            raise UsageError(f"--{key} needs a number, such as --{key} 64")
        if name in given:
            raise UsageError(f"--{key} is given twice")
        given[name] = parse_number(key, text if equals else left.pop(0))
    if len(names) > 1:
        raise UsageError(f"one saving at a time, not {' and '.join(names)}")
    return (names[0] if names else None), given


def parse_number(key: str, text: str) -> int | float:
    """A number as a parameter takes it. Raises a UsageError."""
    for kind in (int, float):
        try:
            number = kind(text)
        except ValueError:
            continue
        if abs(number) <= 10**9:
            return number
    raise UsageError(f"--{key} {text[:40]}: expected a number up to 10^9")
