"""`archlens sweep … --plot FILE --page FILE.html`"""

from pathlib import Path
from typing import TYPE_CHECKING

from archlens.cli.output import replace_file, write
from archlens.cli.plot import write_picture
from archlens.cli.progress import Progress
from archlens.errors import MissingDependencyError

if TYPE_CHECKING:
    from archlens.spaces.sweep import Sweep

__all__ = ["check_files", "draw", "write_page"]


def check_files(plot: Path | None, page: Path | None) -> None:
    """Raise before anything is computed for a picture of no known sort, and for packages that are missing."""
    if plot is not None:
        from archlens.report.charts.picture import check_picture

        check_picture(plot)
    if page is not None:
        try:
            import igraph  # noqa: F401
        except ImportError as error:
            raise MissingDependencyError("a page draws graphs with igraph", extra="charts") from error


def draw(sweep: "Sweep", plot: Path | None, colour: str | None, page: Path | None) -> None:
    """Write the picture of the front and the page of a sweep, as far as they are asked for."""
    if plot is not None:
        from archlens.spaces.plot import front_chart

        write_picture(front_chart(sweep, colour), plot)
    if page is not None:
        write_page(sweep, page)


def write_page(sweep: "Sweep", path: Path) -> None:
    """Write the page of a sweep, whole or not at all, and say so where it takes the place of another.

    Raises an ArchlensError for what cannot be written, and for a network of the front that is not there.
    """
    from archlens.models.loading import load_graph
    from archlens.spaces.page import sweep_page

    with Progress() as progress:
        text = sweep_page(sweep, lambda model: load_graph(model, say=unsaid), progress.show)
    if replace_file(path, text):
        write(f"archlens: {path}: overwritten\n", error=True)


def unsaid(remark: str) -> None:
    """Say nothing about a network: that a variant has other weights than its model is what was asked for."""
