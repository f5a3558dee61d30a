"""`archlens report [MODEL…]`"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from archlens.cli.model import load_graph
from archlens.cli.options import Batch, PredictedOn, Settings
from archlens.cli.output import replace_file, write
from archlens.cli.progress import Progress
from archlens.cli.report_files import of_catalogue, of_models
from archlens.devices import find
from archlens.errors import ArchlensError, UsageError
from archlens.spec.catalog import expand
from archlens.spec.reference import Kind, kind_of

if TYPE_CHECKING:
    from archlens.report.page import Measured, Model

__all__ = ["report"]


def report(
    models: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[MODEL…]",
            help="Names, specs, files or PyTorch modules, as `archlens profile` takes them; the catalogue "
            "unless given.",
        ),
    ] = None,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FOLDER", help="Where the files go; made if missing.")
    ] = Path("reports"),
    device: PredictedOn = None,
    settings: Settings = None,
    batch: Batch = 1,
    input: Annotated[
        str | None,
        typer.Option(
            metavar="3x224x224", help="Input of one image, of the PyTorch modules among the models."
        ),
    ] = None,
    page: Annotated[
        bool, typer.Option("--page/--no-page", help="Whether to write index.html, the page to explore.")
    ] = True,
    measured: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE.json",
            help="Show these times on the page, beside the predicted ones: what `archlens measure … -f json` "
            "wrote. Repeatable.",
        ),
    ] = None,
    open_page: Annotated[bool, typer.Option("--open", help="Open the page in a browser.")] = False,
) -> None:
    """Reports as files: tables to paste, a page a network, and one page to explore.

    Of the catalogue: zoo (every network, every metric), ledger (what is printed, beside what is counted),
    errata, guidelines, savings, networks/NAME.md and index.html. Of models of one's own: zoo, ledger,
    networks and index.html, beside a few of the catalogue. Nothing is measured, so that the tables are the
    same to the byte wherever they are written.
    """
    if device is not None:
        find(device)  # before anything is computed
    times = read_times(measured, page)
    from archlens.report.formats import renderer_for

    for format in ("markdown", "csv"):
        renderer_for(format).require()
    with Progress() as progress:
        if models:
            files = of_models(own_models(models, settings, batch, input), device, page, progress.show, times)
        else:
            files = of_catalogue(device, page, progress.show, times)
        written = [write_file(output, name, text) for name, text in files]
    write(f"archlens: {len(written)} files written to {output}/\n", error=True)
    if open_page and page:
        typer.launch((output / "index.html").resolve().as_uri())


def read_times(files: Sequence[Path] | None, page: bool) -> "tuple[Measured, ...]":
    """The measured times asked for.

    Raises an ArchlensError for a file that holds none, a UsageError where no page would show them.
    """
    if not files:
        return ()
    if not page:
        raise UsageError("--measured is shown on the page alone: leave out --no-page")
    from archlens.report.page import read_measured

    return tuple(time for file in files for time in read_measured(file))


def write_file(folder: Path, name: str, text: str) -> Path:
    """Write one of the files, whole or not at all. Raises an ArchlensError where that cannot be."""
    path = folder / name
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ArchlensError(f"{path.parent}: cannot be made: {error.strerror or error}") from error
    replace_file(path, text)
    return path


def own_models(
    models: Sequence[str], settings: list[str] | None, batch: int, input: str | None
) -> "list[Model]":
    """The models named, with what a spec tells beside.

    settings  of those that have some: an ONNX file has none
    input     of the PyTorch modules among them
    """
    from dataclasses import replace

    from archlens.report.page import Model
    from archlens.report.page.model import of_reference
    from archlens.spec.catalog import find as find_spec

    found = []
    for name in (each for model in models for each in expand(model)):
        kind = kind_of(name)
        graph = load_graph(
            name,
            None if kind is Kind.onnx else settings,
            input if kind in (Kind.module, Kind.program) else None,
            batch,
        )
        plain = kind is Kind.spec and not settings and batch == 1 and "[" not in name
        known = of_reference(find_spec(name, until=None)) if plain else Model(graph)
        found.append(replace(known, graph=graph) if plain else known)
    return found
