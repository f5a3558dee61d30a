"""How long a page takes to its first view: the whole catalogue, and ten thousand variants of a design."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from archlens.report.page import catalogue, page, variants
from archlens.report.table import Column, Table
from benchmarks.row import Row, milliseconds
from benchmarks.samples import interleave

__all__ = ["browser", "pages"]

VARIANTS = 10_000
FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
DRAWN = "html[data-drawn]"
COMPLETE = "html[data-complete]"
VIEWS = {
    "networks": ("every network of the catalogue", 1_000.0),
    "variants": (f"{VARIANTS:,} variants", 2_000.0),
}


def pages(rounds: int) -> list[Row]:
    """Milliseconds from the start of the navigation to the first view, in Chromium, in turns."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "index.html"
        path.write_text(page(catalogue(), sweep=design()), encoding="utf-8")
        size = path.stat().st_size / 1e6
        with browser() as drawn:
            found = interleave({view: partial(drawn, f"{path.as_uri()}#{view}") for view in VIEWS}, rounds)
    return [
        Row("page: first view", about, milliseconds(found[view]), "ms", target=target, note=f"{size:.2f} MB")
        for view, (about, target) in VIEWS.items()
    ]


@contextmanager
def browser() -> "Iterator[Drawn]":
    """What opens a page anew and tells the seconds until it is drawn."""
    from playwright.sync_api import sync_playwright

    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=path, args=[*FLAGS])
        yield Drawn(found)
        found.close()


class Drawn:
    """Opens pages in a browser."""

    def __init__(self, browser: object) -> None:
        self.browser = browser

    def __call__(self, url: str) -> float:
        """Seconds from the start of the navigation to the first view."""
        tab = self.browser.new_page(viewport={"width": 1280, "height": 900})  # type: ignore[attr-defined]
        tab.add_init_script(
            "new MutationObserver(() => { if (document.documentElement?.dataset.drawn && !window.drawn) "
            "window.drawn = performance.now(); }).observe(document, {subtree: true, attributes: true});"
        )
        tab.goto(url)
        tab.wait_for_selector(DRAWN, state="attached")
        seconds = float(tab.evaluate("window.drawn")) / 1e3
        tab.close()
        return seconds

    def shot(self, url: str, size: tuple[int, int]) -> bytes:
        """What the first view looks like in a window of so many pixels, as PNG."""
        viewport = {"width": size[0], "height": size[1]}
        tab = self.browser.new_page(viewport=viewport)  # type: ignore[attr-defined]
        tab.goto(url)
        tab.wait_for_selector(COMPLETE)
        found = bytes(tab.screenshot())
        tab.close()
        return found


def design() -> dict[str, object]:
    """Variants whose costs follow from their settings, with chance in their latency."""
    chance = Random(7)
    keys = ("width", "depth", "params", "multiply_adds", "latency")
    rows = []
    for place in range(VARIANTS):
        width, depth = 8 * (1 + place % 40), 1 + place // 40
        products = 1000 * width * depth
        seconds = 1e-3 + 1e-9 * products * chance.uniform(0.5, 2)
        rows.append((width, depth, width * width * depth, products, seconds))
    table = Table(tuple(Column(key, key) for key in keys), tuple(rows))
    return variants(table, ["width", "depth"], title="widths and depths")
