"""Fields along the depth, against the report and by hand."""

from typing import Any

import pytest

import archlens
from archlens.errors import UsageError
from archlens.ops import Conv, Input, Linear
from archlens.report.charts.receptive_field import receptive_field
from tests.report.charts.drawn import head, rows, stable
from tests.wiring import wire


def test_by_hand() -> None:
    """1, 1 + 2, then twice as fast behind the stride: 3 + 2·1, 5 + 2·2."""
    graph = wire(
        ("input", Input((1, 1, 16, 16)), ()),
        ("a.conv1", Conv(2, 3), ("input",)),
        ("a.conv2", Conv(2, 3, stride=2), ("a.conv1",)),
        ("b.conv1", Conv(2, 3), ("a.conv2",)),
    )
    chart = receptive_field(graph)
    drawn = rows(chart, "depth", "largest", "smallest")
    assert [(each["depth"], each["largest"]) for each in drawn] == [(0, 1), (1, 3), (2, 5), (3, 9)]
    assert head(chart)[0] == "wired sees 9 places, 56\u00a0% of its input"
    assert set(ticks(chart)) == {0, 1, 2, 3}  # a layer each, and none between layers


def ticks(chart: Any) -> list[int]:
    """The ticks that the axis of the depth asks for."""
    found: list[int] = []
    for layer in chart.to_dict()["vconcat"][0]["layer"]:
        axis = layer["encoding"].get("x", {}).get("axis") or {}
        found += axis.get("values", [])
    return found


def test_a_star_is_explained() -> None:
    title, subtitle, _ = head(receptive_field(archlens.load("nasnet_a_mobile")))
    assert "*" in title
    assert "\n*: over paths whose fields have different centres or strides" in subtitle
    assert "*:" not in head(receptive_field(archlens.load("resnet50")))[1]


def test_channels_that_pass_by_see_less() -> None:
    chart = receptive_field(archlens.load("shufflenet_v2"))
    drawn = rows(chart, "depth", "largest", "smallest")
    assert any(each["smallest"] < each["largest"] for each in drawn)
    assert max(each["largest"] for each in drawn) == 527
    assert "all of its input of 224 from layer" in head(chart)[0]


@pytest.mark.parametrize("name", ["resnet50", "densenet201", "nasnet_a_mobile", "seresnet50", "vit_b_16"])
def test_pictures(name: str) -> None:
    graph = archlens.load(name)
    chart, field = receptive_field(graph), archlens.profile(graph).whole.receptive_field
    assert field is not None
    assert max(each["largest"] for each in rows(chart, "depth", "largest")) >= max(field.size)
    assert stable(chart)


def test_a_network_without_places() -> None:
    graph = wire(("input", Input((1, 8)), ()), ("fc", Linear(3), ("input",)))
    with pytest.raises(UsageError, match="wired sees nothing that has places"):
        receptive_field(graph)
