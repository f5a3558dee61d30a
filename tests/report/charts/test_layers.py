"""Bars of a metric, against the profile's own numbers."""

import pytest

import archlens
from archlens.analyses import rows_by_stage
from archlens.errors import UsageError
from archlens.report.charts.layers import layers
from tests.report.charts.drawn import head, rows, stable
from tests.wiring import incomplete, three_nodes


@pytest.mark.parametrize(
    "metric", ["multiply_adds", "memory_access_bytes", "params", "peak_activations", "kernels"]
)
@pytest.mark.parametrize("depth", [1, 2])
def test_the_bars_are_the_rows_of_the_profile(metric: str, depth: int) -> None:
    graph = archlens.load("shufflenet_v2")
    profile = archlens.profile(graph, depth=depth).as_dict()["rows"]
    drawn = rows(layers(graph, metric, rows=rows_by_stage(graph, depth)), "part", "value")
    assert [(each["part"], each["value"]) for each in drawn] == [
        (row["name"], row[metric]) for row in profile
    ]


def test_a_field_is_its_longest_side() -> None:
    drawn = rows(layers(archlens.load("resnet50"), "receptive_field"), "part", "value")
    assert {each["part"]: each["value"] for each in drawn}["stage3"] == 267


def test_what_it_says() -> None:
    title, subtitle, source = head(layers(three_nodes()))
    assert title == "wired: 100\u00a0% of its 864 multiply-adds in stem"
    assert "input 2×4×4, float32" in subtitle
    assert source.startswith("archlens ")


def test_lower_bounds_say_so() -> None:
    chart = layers(incomplete(), "params")
    title, subtitle, _ = head(chart)
    assert "≥54 params" in title
    assert "≥ and pale: lower bounds, without 1 operator" in subtitle
    assert {each["part"]: each["said"] for each in rows(chart, "part", "value")} == {
        "stem": "54",
        "head": "≥0",
    }


def test_a_metric_that_is_none() -> None:
    with pytest.raises(UsageError, match="did you mean params"):
        layers(three_nodes(), "parms")


@pytest.mark.parametrize("name", ["resnet50", "densenet201", "nasnet_a_mobile"])
def test_pictures(name: str) -> None:
    graph = archlens.load(name)
    assert "stage1" in stable(layers(graph)) or "dense1" in stable(layers(graph))
    assert stable(layers(graph, rows=rows_by_stage(graph, 2)))


def test_of_thousands_the_largest_are_drawn() -> None:
    graph = archlens.load("preresnet1001_cifar")
    chart = layers(graph, rows=rows_by_stage(graph, 9))
    drawn = rows(chart, "part", "value")
    left_out = {node.name: node.cost.multiply_adds for node in graph.nodes}
    for each in drawn:
        assert left_out.pop(each["part"]) == each["value"]
    assert len(drawn) == 300
    assert max(left_out.values()) <= min(each["value"] for each in drawn)
    assert "the 300 largest of 3338 parts" in head(chart)[1]
    assert stable(chart)
