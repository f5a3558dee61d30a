"""HTML, read by a parser."""

from html.parser import HTMLParser

from archlens.report.render import render, render_html
from tests.report.tables import RESULT, TABLE


class Cells(HTMLParser):
    """The text of a page, and whether its tags are balanced."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.cells: list[str] = []

    def handle_starttag(self, tag: str, attributes: object) -> None:
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.cells += [data] if data.strip() else []


def test_a_table() -> None:
    page = Cells()
    page.feed(render_html(TABLE))
    assert page.open == []
    assert page.cells[:6] == ["small", "output", "multiply-adds", "%", "memory access", "stem"]
    assert "a|b, <c>" in page.cells
    assert page.cells[-2:] == list(TABLE.footer)


def test_a_list() -> None:
    page = Cells()
    page.feed(render(RESULT, "html"))
    assert page.open == []
    assert page.cells[-5:] == ["a|head <1>", "one line", "and another", "second", "below all"]
    assert "<1>" not in render(RESULT, "html")


def test_totals_stand_in_the_foot() -> None:
    foot = render_html(TABLE).split("<tfoot>")[1].split("</tfoot>")[0]
    page = Cells()
    page.feed(foot)
    assert page.cells == ["total", "10", "118.0M", "100.0%", "15"]
