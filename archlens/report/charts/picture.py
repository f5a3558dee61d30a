"""A chart → the bytes of a file: a picture, or a page that needs no network."""

from collections.abc import Callable
from pathlib import PurePath
from typing import Any

from archlens.errors import MissingDependencyError, UsageError, nearest

__all__ = ["ENDINGS", "check_picture", "picture"]

ENDINGS = (".svg", ".png", ".pdf", ".html")
DENSITY = 2.0
"""Pixels of a PNG for each of the chart's."""


def check_picture(path: PurePath, option: str = "--plot") -> None:
    """Raise a UsageError for a file that is none of the ENDINGS, a MissingDependencyError without Altair."""
    if path.suffix.lower() not in ENDINGS:
        expected = f"{', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}"
        raise UsageError(
            f"{option} {path}: expected a file that ends in {expected}{nearest(path.suffix, ENDINGS)}"
        )
    converter()


def converter() -> Any:
    """The package that turns specifications into pictures. Raises a MissingDependencyError."""
    try:
        import altair  # noqa: F401
        import vl_convert
    except ImportError as error:
        needed = {"altair": "Altair", "vl_convert": "vl-convert"}.get(error.name or "", error.name)
        raise MissingDependencyError(f"a chart needs {needed}", extra="charts") from error
    return vl_convert


def picture(chart: Any, ending: str) -> bytes:
    """The bytes of a file with this ending: .svg, .png, .pdf or .html.

    The same chart is the same bytes. A page holds the chart, its data and what draws it, and loads nothing.

    Raises a MissingDependencyError.
    """
    convert, specification = converter(), chart.to_dict()
    made: dict[str, Callable[[], str | bytes]] = {
        ".svg": lambda: convert.vegalite_to_svg(specification),
        ".png": lambda: convert.vegalite_to_png(specification, scale=DENSITY),
        ".pdf": lambda: convert.vegalite_to_pdf(specification),
        ".html": lambda: convert.vegalite_to_html(specification, bundle=True),
    }
    found = made[ending.lower()]()
    return found.encode() if isinstance(found, str) else found
