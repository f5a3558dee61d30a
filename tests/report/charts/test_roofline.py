"""Layers under a roof, by hand and for data sheets, under which all have to lie."""

import pytest

import archlens
from archlens.devices import find
from archlens.errors import UsageError
from archlens.ops import Input, ReLU
from archlens.report.charts.forecast import Forecast
from archlens.report.charts.roofline import roofline
from tests.report.charts.drawn import datasets, head, rows, stable
from tests.report.charts.test_forecast import SHEET
from tests.wiring import three_nodes, wire


def test_by_hand() -> None:
    """The convolution moves 134 elements of 4 bytes in 5.36 µs and does 864 multiply-adds."""
    chart = roofline(Forecast.of(three_nodes(), find(SHEET)))
    (dot,) = rows(chart, "layer", "speed")
    assert dot["layer"] == "stem.conv1"
    assert dot["intensity"] == pytest.approx(864 / 536)
    assert dot["speed"] == pytest.approx(864 / 5.36e-6)
    assert dot["share"] == pytest.approx(5.36 / 11.24)
    assert dot["bound_by"] == "memory"


def test_a_roof_by_hand() -> None:
    """Of 0.001728 TFLOPS, 864e6 multiply-adds a second, and 1e8 bytes: the ridge is at 8.64."""
    chart = roofline(Forecast.of(three_nodes(), find(SHEET)))
    (line,) = (table for table in datasets(chart) if {*table[0]} == {"intensity", "speed"})
    assert line[1]["intensity"] == pytest.approx(8.64)
    assert line[1]["speed"] == line[2]["speed"] == pytest.approx(8.64e8)
    assert line[0]["speed"] == pytest.approx(1e8 * line[0]["intensity"])


@pytest.mark.parametrize("name", ["resnet50", "shufflenet_v2", "densenet201", "nasnet_a_mobile"])
def test_all_lie_under_the_roof_of_a_data_sheet(name: str) -> None:
    graph, sheet = archlens.load(name), find("a100")
    forecast = Forecast.of(graph, sheet)
    chart = roofline(forecast)
    assert forecast.estimate.roof is not None
    speed, bandwidth = forecast.estimate.roof
    drawn = rows(chart, "layer", "speed")
    assert {each["layer"] for each in drawn} == {node.name for node in graph.nodes if node.cost.multiply_adds}
    for dot in drawn:
        assert dot["speed"] <= 1.000001 * min(speed, bandwidth * dot["intensity"])
    assert stable(chart)


def test_what_was_never_seen_is_hollow() -> None:
    chart = roofline(Forecast.of(archlens.load("vit_b_16"), find("gtx1080ti"), force=True))
    assert {each["seen"] for each in rows(chart, "layer", "speed")} == {True, False}
    assert "hollow: kinds of work that the device was never seen to run" in head(chart)[1]


def test_nothing_that_multiplies() -> None:
    graph = wire(("input", Input((1, 1, 4, 4)), ()), ("relu", ReLU(), ("input",)))
    with pytest.raises(UsageError, match="wired has no layer that multiplies"):
        roofline(Forecast.of(graph, find(SHEET)))
