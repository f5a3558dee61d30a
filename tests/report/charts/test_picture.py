"""Pictures and pages: what they are, and what is said where there can be none."""

import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from archlens.errors import MissingDependencyError, UsageError
from archlens.report.charts.front import Point
from archlens.report.charts.pareto import pareto
from archlens.report.charts.picture import check_picture, picture
from archlens.report.charts.quantity import Quantity

CHART = pareto([Point(name="a", x=1, y=3), Point(name="b", x=2, y=1)], Quantity("x"), Quantity("y"))


@pytest.mark.parametrize(
    ("ending", "start"),
    [(".svg", b"<svg"), (".png", b"\x89PNG"), (".pdf", b"%PDF"), (".html", b"<!DOCTYPE html>")],
)
def test_formats(ending: str, start: bytes) -> None:
    assert picture(CHART, ending).lstrip().startswith(start)


class Loaded(HTMLParser):
    """The tags of a page that load something."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a tag with an address."""
        if {"src", "href"} & {name for name, _ in attrs}:
            self.found.append(tag)


def test_a_page_loads_nothing() -> None:
    page = Loaded()
    page.feed(picture(CHART, ".html").decode())
    assert page.found == []


@pytest.mark.parametrize("name", ["a.gif", "a", "a.svgz"])
def test_endings_that_are_none(name: str) -> None:
    with pytest.raises(UsageError, match=r"expected a file that ends in \.svg, \.png, \.pdf or \.html"):
        check_picture(Path(name))


def test_what_has_to_be_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    with pytest.raises(MissingDependencyError, match=r"a chart needs vl-convert: pip install .*charts"):
        check_picture(Path("a.svg"))
