"""What is alive, against a table worked out by hand and the profile's peak."""

import pytest

import archlens
from archlens.report.charts.activations import activations
from tests.report.charts.drawn import head, rows, stable
from tests.wiring import incomplete, three_nodes


def test_by_hand() -> None:
    """32 of the input; with the convolution's 48, 80; ReLU's 48 and its input's, 96; then 48 + 3."""
    chart = activations(three_nodes())
    drawn = rows(chart, "order", "node", "bytes")
    assert [each["bytes"] for each in drawn] == [4 * 32, 4 * 80, 4 * 96, 4 * 51, 4 * 51]
    assert [each["order"] for each in drawn] == [0, 1, 2, 3, 4]
    assert head(chart)[0] == "wired: 384B of activations are alive at once, 50\u00a0% of the way through"


@pytest.mark.parametrize("name", ["resnet50", "shufflenet_v2", "densenet201", "nasnet_a_mobile"])
def test_the_peak_is_the_profile_s(name: str) -> None:
    graph = archlens.load(name)
    chart, profile = activations(graph, "float16"), archlens.profile(graph, dtype="float16")
    (marked,) = rows(chart, "said", "bytes")
    assert marked["bytes"] == profile.bytes(profile.whole.peak_activations)
    assert marked["said"].endswith(f" at {profile.peak}")
    assert max(each["bytes"] for each in rows(chart, "node", "bytes")) == marked["bytes"]
    assert "float16" in head(chart)[1]
    assert stable(chart)


def test_an_incomplete_network_says_so() -> None:
    assert "≥" in head(activations(incomplete()))[1]
