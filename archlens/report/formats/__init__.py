"""The formats that a result can be written in: a file each, imported when its format is asked for.

A new format is a file with a `RENDERER`, and its line in `FORMATS`.
"""

from importlib import import_module
from pathlib import PurePath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archlens.report.formats.renderer import Renderer

__all__ = ["FORMATS", "format_of", "renderer_for"]

FORMATS = {
    "text": ".txt",
    "markdown": ".md",
    "latex": ".tex",
    "html": ".html",
    "csv": ".csv",
    "json": ".json",
}
"""By the name of a format, which is that of its file here, the extension of what it writes."""


def format_of(path: PurePath) -> str:
    """The format that the extension of a file asks for; text for one that says nothing."""
    extension = path.suffix.lower()
    return next((name for name, own in FORMATS.items() if own == extension), "text")


def renderer_for(name: str) -> "Renderer":
    """What writes a format."""
    found: Renderer = import_module(f"{__name__}.{name}").RENDERER
    return found
