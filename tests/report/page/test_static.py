"""What is seen without JavaScript."""

from html.parser import HTMLParser

import archlens
from archlens.ops import Input, Linear
from archlens.report.page.data import profiles
from archlens.report.page.model import Model
from archlens.report.page.static import static
from archlens.report.page.studies import Studies
from archlens.spec.items import Accuracy
from tests.wiring import incomplete, wire


class Rows(HTMLParser):
    """The cells of every row, and the marks of the picture."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.marks = 0
        self.bars = 0
        self.opens: list[str] = []
        self.inside = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        self.inside = tag in ("td", "th")
        if self.inside:
            self.rows[-1].append("")
        self.marks += tag == "circle"
        self.bars += tag == "rect"
        self.opens += [value or "" for key, value in attrs if key == "style"]

    def handle_endtag(self, tag: str) -> None:
        self.inside = False

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.rows[-1][-1] += data


def shown(*models: Model) -> Rows:
    return Rows(static(models, profiles(models)))


def test_a_row_and_a_mark_a_network() -> None:
    found = shown(
        Model(archlens.load("resnet50"), title="ResNet", year=2015), Model(archlens.load("alexnet"))
    )
    assert found.marks == 2
    assert found.rows[0][:3] == ["name", "title", "year"]
    assert found.rows[1] == [
        "resnet50", "ResNet", "2015", "3×224×224", "25.56M", "4.089G", "106.5M", "2.408M", "50", "427",
    ]  # fmt: skip
    assert found.rows[2][0] == "alexnet"


def test_the_stages_of_each_network() -> None:
    """By hand, AlexNet's last: 9216·4096 + 4096, 4096·4096 + 4096 and 4096·1000 + 1000 weights."""
    found = shown(Model(archlens.load("alexnet")))
    stages = {row[0]: row for row in found.rows[3:]}
    assert found.rows[2] == [
        "stage", "output", "params", "multiply-adds", "memory access", "receptive field",
    ]  # fmt: skip
    assert [stages[name][2] for name in ("fc6", "fc7", "fc8")] == ["37.75M", "16.78M", "4.097M"]
    assert "--share:62%" in found.opens  # 37.75 of 61.10
    bound = shown(Model(incomplete()))
    assert all(row[2].startswith("≥") for row in bound.rows[3:])


def test_accuracy_is_a_picture_where_it_is_printed() -> None:
    assert shown(Model(archlens.load("alexnet"))).marks == 1
    assert shown(Model(archlens.load("alexnet"), accuracy=Accuracy(56.5, "here"))).marks == 2


def test_a_lower_bound_is_told_as_one() -> None:
    assert shown(Model(incomplete())).rows[1][4].startswith("≥")


def test_the_studies_are_tables_below() -> None:
    found = Rows(static([], [], Studies.all()))
    assert [found.rows[2][0], next(cell for cell in found.rows[2] if cell == "1480")] == ["1:1 ×1", "1480"]
    assert found.bars == 2 * (3 + 3 + 4 + 3)  # the rows after the first of Tables 1 to 4, on two devices
    assert any(row[0] == "bottleneck" for row in found.rows)


def test_names_are_text() -> None:
    graph = wire(("input", Input((1, 4)), ()), ("fc", Linear(2), ("input",)), model="<script>&")
    assert shown(Model(graph)).rows[1][0] == "<script>&"
