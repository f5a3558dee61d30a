"""Variants of a design, by column and on the page."""

from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest

from archlens.devices.catalog import find
from archlens.report.page import page
from archlens.report.page.sweep import variants
from archlens.report.table import AtLeast, Column, Table
from tests.report.page.browser import opened
from tests.report.page.test_browser import serious
from tests.wiring import three_nodes

if TYPE_CHECKING:
    from playwright.sync_api import Browser

KEYS = ("model", "width", "depth", "params", "multiply_adds", "latency")


def made(count: int) -> Table:
    """Variants with costs that follow from their settings, and a latency with chance in it."""
    chance = Random(7)
    rows = []
    for place in range(count):
        width, depth = 8 * (1 + place % 40), 1 + place // 40
        params, products = width * width * depth, 1000 * width * depth
        rows.append(
            (f"net[{place}]", width, depth, params, products, 1e-3 + 1e-9 * products * chance.uniform(0.5, 2))
        )
    return Table(tuple(Column(key, key) for key in KEYS), tuple(rows))


def test_columns_by_what_they_are() -> None:
    table = Table(
        (Column("model", "model"), Column("widths", "widths"), Column("params", "params")),
        (("a", (8, 16), 100), ("b", (16, 32), AtLeast(400))),
    )
    found = variants(table, ["widths"], title="widths")
    assert found["settings"] == {"widths": ["8×16", "16×32"]}
    assert found["metrics"] == {"params": [100, None]}
    assert (found["title"], found["interval"]) == ("widths", None)


@pytest.mark.parametrize("count", [60, 10_000])
def test_the_view(browser: "Browser", tmp_path: Path, count: int) -> None:
    device = find("rtx4090")
    table = made(count)
    store = variants(table, ["width", "depth"], title="A design", device=device)
    path = tmp_path / "index.html"
    path.write_text(page([three_nodes()], ["rtx4090"], store, studies=False), encoding="utf-8")
    least = min(table.rows, key=lambda row: row[5])
    with opened(browser, f"{path.as_uri()}#variants") as found:
        assert found.texts("main h1") == ["A design"]
        assert f"{count} variants" in found.texts("figcaption")[0]
        front = pareto([(-row[4], row[5]) for row in table.rows])
        assert f"{len(front)} on the front" in found.texts("figcaption")[0]
        assert serious(found.page) == []
        found.page.get_by_label("budget").fill("0")
        best = found.texts('main p[role="status"] b')
        assert best == [f"width {least[1]}, depth {least[2]}"]
        assert "–" in found.texts('main p[role="status"]')[0]  # the interval of the predicted latency
        found.page.get_by_role("searchbox", name="where").fill("width = 8 and latency < 1s")
        assert found.texts(".count") == [f"{sum(row[1] == 8 for row in table.rows)} variants"]
        found.page.get_by_role("searchbox", name="where").fill("width > 1000")
        widest = max(row[1] for row in table.rows)
        assert f"No variant of {count} has width > 1000: width goes from 8 to {widest}." in found.texts(
            "main p"
        )
        assert found.page.locator("main svg").count() == 0
        found.page.set_viewport_size({"width": 390, "height": 844})
        assert found.run("render().then(() => document.documentElement.scrollWidth)") <= 390
        assert (
            found.run(
                "Math.min(...[...document.querySelectorAll('.slider select')].map(one => one.clientWidth))"
            )
            > 60
        )


def pareto(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Those that no other is as good as in both numbers, and better in one: each beside those before it."""
    found: list[tuple[float, float]] = []
    for point in sorted(set(points)):
        if all(point[1] < other[1] for other in found):
            found.append(point)
    return found
