"""`archlens results [PATTERN]`, `archlens results diff A B`"""

from typing import Annotated

import typer

from archlens.cli.groups import ListsUnlessTold
from archlens.cli.latency_options import StoreFile
from archlens.cli.options import Digits, FormatOption, Output, Units
from archlens.cli.output import emit, write
from archlens.errors import StoreError
from archlens.quantity import plural
from archlens.report.result import Result
from archlens.report.style import Style

__all__ = ["app"]


app = typer.Typer(
    cls=ListsUnlessTold,
    help="Measured results that were kept: `archlens results [PATTERN]` lists them, `diff A B` compares two, "
    "`show RUN` has one in full, `rm RUN` forgets one.",
)


@app.command("list")
def list_results(
    pattern: Annotated[str, typer.Argument(help="A part of a model's name, or a pattern: 'resnet*'.")] = "*",
    device: Annotated[
        str | None, typer.Option(metavar="DEVICE", help="cpu, cuda, or the fingerprint of a machine.")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="The newest so many only.")] = None,
    store: StoreFile = None,
    digits: Digits = None,
    units: Units = "",
    format: FormatOption = None,
    output: Output = None,
) -> None:
    """Kept runs, newest first. This is what `archlens results` does by itself."""
    style = Style(digits, units)
    from archlens.latency.store.connection import nothing_yet
    from archlens.latency.store.store import Store
    from archlens.report.results import matching, results_as_dict, results_table

    with Store.open_to_read(store) as opened:
        runs = opened.runs()
    if not runs:
        raise nothing_yet(opened.path)
    found = matching(runs, pattern, device)[:limit]
    if not found:
        on = f" on {device}" if device else ""
        raise StoreError(f"{opened.path}: none of {plural(len(runs), 'run')} is of {pattern}{on}")
    emit(Result.of(lambda: results_table(found), lambda: results_as_dict(found)), format, output, style)


Number = Annotated[int, typer.Argument(metavar="RUN", min=1, help="Its number in `archlens results`.")]
Numbers = Annotated[
    list[int], typer.Argument(metavar="RUN…", min=1, help="Their numbers in `archlens results`.")
]


@app.command()
def show(
    run: Number,
    store: StoreFile = None,
    format: FormatOption = None,
    output: Output = None,
) -> None:
    """One run in full: what was measured, on what, and what came out; as CSV its samples."""
    from archlens.latency.store.store import Store
    from archlens.report.results import run_result

    with Store.open_to_read(store) as opened:
        found = next((each for each in opened.runs() if each.id == run), None)
        if found is None:
            raise StoreError(f"{opened.path}: there is no run {run}; `archlens results` lists all")
        samples = opened.samples(run)
    emit(run_result(found, samples), format, output)


@app.command()
def rm(runs: Numbers, store: StoreFile = None) -> None:
    """Forget runs and their samples: all that are named, or none where one is not there."""
    from archlens.latency.store.store import Store

    with Store.open_to_read(store):  # which does not make a store
        pass
    with Store.open(store) as opened:
        opened.remove(dict.fromkeys(runs))
    write(f"{plural(len(set(runs)), 'run')} removed\n")


@app.command()
def diff(
    a: Annotated[str, typer.Argument(metavar="A", help="Runs that the ratios refer to.")],
    b: Annotated[str, typer.Argument(metavar="B", help="Runs to compare with them.")],
    store: StoreFile = None,
    digits: Digits = None,
    units: Units = "",
    format: FormatOption = None,
    output: Output = None,
) -> None:
    """Two sets of runs side by side, with the ratio of their times.

    A and B are each the number of a run, the fingerprint of a machine or its beginning, or settings such
    as torch=2.13.0 or torch=2.*,device=cuda; machine=7f3a is a fingerprint. Of what was measured in both,
    the two runs that differ in the fewest other settings are compared, the newest of several.
    """
    style = Style(digits, units)
    from archlens.latency.store.connection import nothing_yet
    from archlens.latency.store.selection import ALLOWANCE, Selector, differences
    from archlens.latency.store.store import Store
    from archlens.report.difference import difference_table, differences_as_dict

    both = Selector.parse(a), Selector.parse(b)
    with Store.open_to_read(store) as opened:
        runs = opened.runs()
        if not runs:
            raise nothing_yet(opened.path)
        found = differences(runs, opened.samples, *both)
    emit(
        Result.of(
            lambda: difference_table(found, a, b, ALLOWANCE),
            lambda: differences_as_dict(found, a, b, ALLOWANCE),
        ),
        format,
        output,
        style,
    )
