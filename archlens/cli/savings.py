"""`archlens savings [NAME]`"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from archlens.cli.latency_options import Device, MinTime, Threads, in_turns
from archlens.cli.options import Batch, Digits, FormatOption, Output, Units
from archlens.cli.output import emit, write
from archlens.cli.progress import Progress
from archlens.errors import UsageError
from archlens.latency.requirements import conditions_for
from archlens.report.result import Result
from archlens.report.style import Style

if TYPE_CHECKING:
    from archlens.graph import Graph
    from archlens.latency.network.conditions import Conditions
    from archlens.latency.statistics.ratio import LatencyComparison
    from archlens.report.table import Table
    from archlens.studies.savings.result import Saving

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
    measure: Annotated[
        bool,
        typer.Option(
            "--measure",
            help="Time the networks in turns, too. The options down to --min-time are for it.",
        ),
    ] = False,
    device: Device = "cpu",
    batch: Batch = 1,
    threads: Threads = None,
    min_time: MinTime = 0.5,
    digits: Digits = None,
    units: Units = "",
    format: FormatOption = None,
    output: Output = None,
) -> None:
    """What each classic block saves, and by which arithmetic.

    Without a name all savings are listed; with one, its formulas stand beside the same networks instantiated
    and counted. A saving says which parameters it takes. With --measure, how long the networks take stands
    beside what they cost; after Ctrl-C, what was measured by then.
    """
    name, given = parse_arguments(arguments or [])
    style = Style(digits, units)
    if errata:
        if name is not None or given or measure:
            rest = " ".join([*(arguments or []), *["--measure"] * measure])
            raise UsageError(f"--errata takes no saving, no parameters and no measurement, not {rest}")
        show_errata(format, output)
        return
    if name is None and given:
        option = (arguments or [])[0]
        raise UsageError(f"{option} is for one saving: archlens savings NAME {option} …")
    from archlens.studies.savings.entry import find_entry
    from archlens.studies.savings.result import compute
    from archlens.studies.savings.result import savings as all_savings

    conditions = conditions_for(device, "float32", "nchw", "eager", threads, 0) if measure else None
    found = all_savings() if name is None else (compute(find_entry(name), given),)
    tasks = []
    if conditions is not None:
        tasks = [Task(saving.entry.name, given, conditions, batch, min_time) for saving in found]
    timed, interrupted = timings(tasks)
    show(found, timed, style, format, output, listed=name is None)
    if interrupted:
        write("archlens: interrupted: fewer measurements than were asked for\n", error=True)
        raise typer.Exit(130)


def show(
    found: "Sequence[Saving]",
    timed: "Mapping[str, LatencyComparison]",
    style: Style,
    format: str | None,
    output: Path | None,
    *,
    listed: bool,
) -> None:
    """Print one saving, or the list of all, with the times that were taken."""
    from archlens.report import savings as report

    def table() -> "Table":
        shown = report.savings_table(found) if listed else report.saving_table(found[0])
        if not timed:
            return shown
        from archlens.report import savings_times  # needs numpy, as measuring does

        if listed:
            return savings_times.savings_with_times(shown, timed)
        return savings_times.saving_with_times(shown, timed[found[0].entry.name])

    def value() -> Any:
        shown = report.savings_as_dict(found)
        if timed:
            from archlens.report.savings_times import savings_as_dict_with_times

            shown = savings_as_dict_with_times(shown, timed)
        return shown if listed else shown[0]

    emit(Result.of(table, value), format, output, style)


def show_errata(format: str | None, output: Path | None) -> None:
    """Print the figures that are wrong."""
    from archlens.report import errata as report
    from archlens.studies.savings.errata import errata

    found = errata()
    emit(Result.of(lambda: report.errata_table(found), lambda: report.errata_as_dict(found)), format, output)


@dataclass(frozen=True, slots=True)
class Task:
    """The networks of a saving, to be timed in turns: what can be sent to another process.

    given  settings that do not have their defaults
    """

    name: str
    given: Mapping[str, int | float]
    conditions: "Conditions"
    batch: int
    min_time: float


def timings(tasks: Sequence[Task]) -> "tuple[dict[str, LatencyComparison], bool]":
    """What was measured, by the name of the saving, and whether Ctrl-C ended it."""
    timed: dict[str, LatencyComparison] = {}
    try:
        for task, compared in zip(tasks, contests(tasks), strict=True):
            timed[task.name] = compared
            if compared.interrupted:
                return timed, True
    except KeyboardInterrupt:
        return timed, True
    return timed, False


def contests(tasks: Sequence[Task]) -> "Iterator[LatencyComparison]":
    """A single saving in this process, several in a fresh one each: so both times are the same."""
    if len(tasks) == 1:
        (task,) = tasks
        graphs, titles = networks(task)
        yield in_turns(graphs, titles, task.conditions, baseline=0, fused=False, min_time=task.min_time)
        return
    from archlens.cli.processes import one_by_one

    with Progress() as progress:
        found = one_by_one(alone, tasks, lambda task: task.name)
        for number, task in enumerate(tasks):
            progress.show(task.name, number / len(tasks), now=True)
            yield next(found)


def networks(task: Task) -> "tuple[list[Graph], list[str]]":
    """The networks of a saving, and what they are called."""
    from archlens.studies.savings.entry import find_entry
    from archlens.studies.savings.result import compute, instantiate

    saving = compute(find_entry(task.name), task.given)
    titles = [network.title for network in saving.networks]
    graphs = instantiate(saving, batch=task.batch)
    return [replace(graph, model=title) for graph, title in zip(graphs, titles, strict=True)], titles


def alone(task: Task) -> "LatencyComparison":
    """The networks of a saving in turns, in a process that draws nothing."""
    from archlens.latency.sampling.turns import contest

    return contest(networks(task)[0], task.conditions, min_time=task.min_time)


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
