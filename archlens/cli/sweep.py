"""`archlens sweep MODEL --over …`, `archlens sweep front|top|status|distribution|export STORE`"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from archlens import __version__
from archlens.cli.groups import Summarised
from archlens.cli.options import Batch, Digits, FormatOption, PredictedOn, Units
from archlens.cli.output import emit
from archlens.cli.progress import Progress
from archlens.cli.sweep_distribution import distribution
from archlens.cli.sweep_measure import measure
from archlens.cli.sweep_options import (
    Beside,
    Budget,
    Colour,
    Largest,
    Names,
    Output,
    PageFile,
    Plot,
    StoreArgument,
)
from archlens.cli.sweep_page import check_files, draw
from archlens.cli.sweep_progress import Teller
from archlens.errors import ArchlensError, StoreError, UsageError
from archlens.report.style import Style
from archlens.spec.reference import FILE, split_model

if TYPE_CHECKING:
    from archlens.spaces.beside import Compared
    from archlens.spaces.sweep import Sweep

__all__ = ["app"]


class SweepsUnlessTold(Summarised):
    """A group of commands in which a sweep is meant where none of them is named."""

    def parse_args(self, context: Any, arguments: list[str]) -> list[str]:
        """Put `run` in front of what is neither a command nor a call for help."""
        if arguments and arguments[0] not in (*self.commands, *context.help_option_names):
            arguments = ["run", *arguments]
        return super().parse_args(context, arguments)


app = typer.Typer(
    cls=SweepsUnlessTold,
    no_args_is_help=True,
    help="Which network of a space is best under a budget: `archlens sweep MODEL --over KEY=VALUES` "
    "evaluates its variants (`archlens sweep run --help` has the options), and the commands below ask the "
    "store that they are kept in.",
)


@app.command("run")
def run(
    model: Annotated[
        str, typer.Argument(metavar="MODEL", help="A network as `profile` takes it, or the file of a space.")
    ],
    over: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KEY=VALUES",
            help="A setting that differs: head=512,1024 or width=0.25..2.0/0.05 or growth=8..64*2 or "
            "'depths[1]=4..12/2' or input=3x128x128..3x224x224/32. May be repeated.",
        ),
    ] = None,
    let: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=EXPRESSION", help="A setting, or a name, worked out from others."),
    ] = None,
    require: Annotated[
        list[str] | None,
        typer.Option(metavar="EXPRESSION", help="A condition between settings: 'widths[0] <= widths[1]'."),
    ] = None,
    where: Budget = None,
    minimise: Names = "",
    maximise: Largest = "",
    metrics: Annotated[str, typer.Option(metavar="A,B", help="What else to ask of every variant.")] = "",
    device: PredictedOn = None,
    batch: Batch = 1,
    sample: Annotated[
        int | None, typer.Option(min=1, help="Draw so many variants, uniformly; all of them unless given.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Of the sample, or of the search.")] = 0,
    guided: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Evaluate so many that Optuna proposes: needs [search]."),
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, max=1024, help="Processes; as many as there are cores unless given.")
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(metavar="tcp://HOST:PORT", help="Hand the work to a Dask scheduler and its workers."),
    ] = None,
    restart: Annotated[
        bool, typer.Option("--restart", help="Begin anew where the store holds another sweep.")
    ] = False,
    store: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE.sqlite", readable=False,
            help="The store that keeps every variant; named after the model unless given. The same command "
            "goes on where it was stopped.",
        ),
    ] = None,
    beside: Beside = None,
    plot: Plot = None,
    colour: Colour = None,
    page: PageFile = None,
    digits: Digits = None,
    units: Units = "",
    format: FormatOption = None,
) -> None:  # fmt: skip
    """Evaluate the variants of a space, and show which of them no other beats."""
    from archlens.spaces.launch import plan, started
    from archlens.spaces.request import Request, is_space_file, names, read_request
    from archlens.spaces.tables import front_result

    style = Style(digits, units)
    check_files(plot, page)
    in_file = is_space_file(model)
    asked = read_request(Path(model)) if in_file else Request(model=model)
    request = asked.with_options(
        over=pairs(over, "--over"), let=pairs(let, "--let"), require=tuple(require or ()),
        where=where, minimise=names(minimise), maximise=names(maximise), metrics=names(metrics),
        device=device, batch=batch if batch != 1 else None,
    )  # fmt: skip
    path = store or Path(f"{named_after(model)}.sqlite")
    found = plan(request, version=__version__, sample=sample, guided=guided, seed=seed)
    teller = Teller(path)
    with Progress() as progress:
        teller.progress = progress
        try:
            sweep = started(
                found, path, restart=restart, workers=workers, scheduler=scheduler, began=teller.began,
                seen=teller.seen,
            )  # fmt: skip
        except KeyboardInterrupt:
            teller.stopped("interrupted")
            raise typer.Exit(130) from None
        except UsageError:
            raise
        except ArchlensError as error:
            raise ArchlensError(f"{error}{teller.how_to_go_on(error)}") from error
    with sweep:
        emit(front_result(sweep, compared(sweep, beside)), format, None, style)
        draw(sweep, plot, colour, page)


def pairs(given: list[str] | None, option: str) -> dict[str, str]:
    """`head=512,1024` → a key and its text. Raises a UsageError for what is no pair, or is given twice."""
    found: dict[str, str] = {}
    for each in given or ():
        key, equals, text = (part.strip() for part in each.partition("="))
        if not equals or not key:
            raise UsageError(f"{option} {each}: expected KEY=VALUES, such as head=512,1024,2048")
        if key in found:
            raise UsageError(f"{option} {key} is given twice: put all its values into one")
        found[key] = text
    return found


def named_after(model: str) -> str:
    """What a store is called unless a file is named."""
    name = split_model(model)[0]
    file = FILE.fullmatch(name)
    return Path(file[1]).stem if file else name.replace("/", "_")


@app.command()
def front(
    store: StoreArgument,
    where: Budget = None,
    minimise: Names = "",
    maximise: Largest = "",
    beside: Beside = None,
    plot: Plot = None,
    colour: Colour = None,
    page: PageFile = None,
    digits: Digits = None,
    units: Units = "",
    format: FormatOption = None,
    output: Output = None,
) -> None:
    """The variants that no other beats; under another budget or other objectives, too."""
    from archlens.spaces.sweep import Sweep
    from archlens.spaces.tables import front_result

    style = Style(digits, units)
    check_files(plot, page)
    with Sweep.open(store) as sweep:
        aim(sweep, where, minimise, maximise)
        emit(front_result(sweep, compared(sweep, beside)), format, output, style)
        draw(sweep, plot, colour, page)


@app.command()
def top(
    count: Annotated[int, typer.Argument(metavar="COUNT", min=1, help="How many.")],
    store: Annotated[
        Path | None, typer.Argument(metavar="STORE", readable=False, help="The only store here unless given.")
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(metavar="METRIC", help="The smallest first; with - in front, the largest."),
    ] = None,
    where: Budget = None,
    digits: Digits = None,
    units: Units = "",
    format: FormatOption = None,
    output: Output = None,
) -> None:
    """The best variants by one metric, within the budget."""
    from archlens.spaces.sweep import Sweep
    from archlens.spaces.tables import top_result

    style = Style(digits, units)
    with Sweep.open(store or only_store()) as sweep:
        emit(top_result(sweep, count, by, where), format, output, style)


@app.command()
def status(store: StoreArgument, format: FormatOption = None, output: Output = None) -> None:
    """How far a sweep is, and which variants do not fit, and why."""
    from archlens.spaces.sweep import Sweep
    from archlens.spaces.tables import status_result

    with Sweep.open(store) as sweep:
        emit(status_result(sweep), format, output)


@app.command()
def export(
    store: StoreArgument,
    format: Annotated[
        str | None,
        typer.Option("--format", "-f", metavar="csv|parquet|json", help="As -o says unless given."),
    ] = None,
    output: Output = None,
) -> None:
    """Every variant with its settings and metrics, a row each."""
    from archlens.spaces.export import export as write_variants
    from archlens.spaces.export import export_to, format_of_export
    from archlens.spaces.sweep import Sweep

    chosen = format_of_export(format, output)
    with Sweep.open(store) as sweep:
        if output is not None:
            export_to(sweep, chosen, output)
        elif chosen == "parquet":
            raise UsageError("Parquet is no text: -o FILE.parquet")
        else:
            write_variants(sweep, chosen, sys.stdout)


app.command()(distribution)
app.command()(measure)


def compared(sweep: "Sweep", beside: list[str] | None) -> "list[Compared]":
    """Each network that was named, beside the front."""
    from archlens.spaces.beside import compare

    return [compare(sweep, model) for model in beside or ()]


def aim(sweep: "Sweep", where: str | None, minimise: str, maximise: str) -> None:
    """Ask a sweep for another budget or other objectives than it was made for."""
    from archlens.spaces.figures import objectives, parse_where
    from archlens.spaces.request import names

    if where is not None:
        sweep.where = parse_where(where)
    if minimise or maximise:
        sweep.objectives = objectives(names(minimise), names(maximise))


def only_store() -> Path:
    """The one store in this folder. Raises a StoreError where there are none or several."""
    from archlens.spaces.sweep import Sweep

    found = []
    for path in sorted(Path().glob("*.sqlite")):
        try:
            Sweep.open(path).close()
        except ArchlensError:
            continue
        found.append(path)
    if len(found) != 1:
        which = ", ".join(map(str, found)) or "none here"
        raise StoreError(f"say which store: {which}; `archlens sweep top 10 STORE --by latency`")
    return found[0]
