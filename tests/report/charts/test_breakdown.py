"""Where the time goes, against the prediction's own rows."""

from typing import Literal

import pytest

import archlens
from archlens.devices import find
from archlens.report.charts.breakdown import breakdown
from archlens.report.charts.forecast import Forecast
from tests.report.charts.drawn import datasets, head, rows, stable
from tests.report.charts.test_forecast import SHEET
from tests.wiring import incomplete, three_nodes


@pytest.mark.parametrize("by", ["stage", "work"])
@pytest.mark.parametrize("name", ["resnet50", "shufflenet_v2", "densenet201", "nasnet_a_mobile"])
def test_the_pieces_are_the_prediction_s(name: str, by: Literal["stage", "work"]) -> None:
    graph = archlens.load(name)
    told = archlens.predict(graph, "pixel3", force=True)
    chart = told.plot(by=by)
    drawn = rows(chart, "part", "goes_to", "seconds")
    for row in (each for each in told.as_dict()["rows"] if each["by"] == by):
        for part in ("arithmetic", "memory", "weights", "launches"):
            found = [
                each["seconds"] for each in drawn if (each["part"], each["goes_to"]) == (row["name"], part)
            ]
            assert sum(found) == pytest.approx(row[f"{part}_s"])
    assert sum(each["seconds"] for each in drawn) == pytest.approx(told.estimate.seconds)
    ends: dict[str, float] = {}
    for each in drawn:  # the pieces of a bar lie end to end
        assert each["from"] == pytest.approx(ends.get(each["part"], 0.0))
        ends[each["part"]] = each["to"]
        assert each["to"] - each["from"] == pytest.approx(each["seconds"])
    assert stable(chart)


def test_what_it_says() -> None:
    title, subtitle, source = head(breakdown(Forecast.of(three_nodes(), find(SHEET))))
    assert title == "wired on some: 11.24 µs, 10.57–66.32 µs for 90\u00a0% of networks"
    assert "by stage, batch 1, input 2×4×4; most of it is memory" in subtitle
    assert "nothing was measured" in source


def test_lower_bounds_say_so() -> None:
    chart = breakdown(Forecast.of(incomplete(), find(SHEET)))
    assert "at least 6.360 µs" in head(chart)[0]
    said = {each["part"]: each["said"] for each in rows(chart, "part", "said")}
    assert said == {"stem": "5.360 µs", "head": "≥1.000 µs"}


def test_what_was_never_seen_is_hatched_as_far_as_it_reaches() -> None:
    """The stripes lie within the pieces of work that the profile does not know."""
    chart = breakdown(Forecast.of(archlens.load("vit_b_16"), find("gtx1080ti"), force=True))
    unseen = [each for each in rows(chart, "part", "seen", "seconds") if not each["seen"]]
    (stripes,) = (table for table in datasets(chart) if table and {*table[0]} == {"part", "from"})
    assert unseen
    for stripe in stripes:
        own = [each for each in unseen if each["part"] == stripe["part"]]
        assert any(each["from"] <= stripe["from"] <= each["to"] + 1e-4 for each in own)
    assert {each["part"] for each in stripes} == {each["part"] for each in unseen}
    assert "hatched" in head(chart)[1]
