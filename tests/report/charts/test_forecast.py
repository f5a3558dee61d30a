"""What is said of a predicted time."""

import pytest

from archlens.devices import find
from archlens.errors import DeviceError
from archlens.report.charts.forecast import Forecast
from archlens.spec.loading import load
from tests.wiring import incomplete, three_nodes

SHEET = '{"name": "some", "tflops": 0.001728, "bandwidth": "0.1 GB/s", "launch": "1 us"}'
"""A thousand times 864 multiply-adds a millisecond, and 25 elements a microsecond."""


def test_a_time_stands_beside_its_interval() -> None:
    found = Forecast.of(three_nodes(), find(SHEET))
    assert found.headline == "wired on some: 11.24 µs, 10.57–66.32 µs for 90 % of networks"
    assert found.outside == ()
    assert "nothing was measured" in found.about[0]


def test_a_lower_bound_has_none() -> None:
    found = Forecast.of(incomplete(), find(SHEET))
    assert found.interval is None
    assert found.headline == "wired on some: at least 6.360 µs"
    assert found.outside == ("≥: a lower bound, without head.odd1",)


def test_kinds_of_work_that_were_never_seen() -> None:
    """The profile is of 26 networks without attention and layer normalisation."""
    graph, device = load("vit_b_16"), find("gtx1080ti")
    found = Forecast.of(graph, device, force=True)
    unseen = {graph.nodes[place].op.kind for place in found.estimate.unseen}
    assert "layer_norm" in {
        getattr(graph.nodes[i].op, "name", graph.nodes[i].op.kind) for i in found.estimate.unseen
    }
    assert "conv" not in unseen
    assert any(each.startswith("hatched: ") for each in found.outside)


def test_what_is_too_far_away() -> None:
    with pytest.raises(DeviceError, match="too far from all that the profile was fitted to"):
        Forecast.of(load("vit_b_16"), find("pixel3"))
