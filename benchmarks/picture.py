"""The picture of the page that opens the README: its first view in Chromium, with few colours."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from archlens.report.page import catalogue, page
from archlens.spec.catalog import model_names
from benchmarks.page import browser

__all__ = ["NETWORKS", "PICTURE", "picture"]

PICTURE = Path(__file__).parent.parent / "docs" / "page.png"
SIZE = (1240, 880)
COLOURS = 96
NETWORKS = "networks"
"""The text in the file that tells how many networks it shows, so that a test sees that it is out of date."""


def picture(path: Path = PICTURE, heard: Callable[[str, float], None] | None = None) -> None:
    """Write the first view of the whole catalogue's page.

    heard  is told which network it is at, and how much is done
    """
    with TemporaryDirectory() as folder, browser() as drawn:
        written = Path(folder) / "index.html"
        written.write_text(page(catalogue(), heard=heard), encoding="utf-8")
        save(drawn.shot(written.as_uri(), SIZE), path)


def save(shot: bytes, path: Path) -> None:
    """A third of the size, for no difference that is seen: colours that differ little become one."""
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    told = PngInfo()
    told.add_text(NETWORKS, str(len(model_names())))
    few = (
        Image.open(BytesIO(shot))
        .convert("RGB")
        .quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    )
    few.save(path, optimize=True, pnginfo=told)
