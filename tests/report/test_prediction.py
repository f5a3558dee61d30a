"""Predictions as tables and as the contract of JSON, on a device that is worked out by hand."""

import json
import sys

import pytest

import archlens
from archlens.errors import DeviceError
from archlens.report.prediction import predict
from archlens.report.render import render_html, render_text
from tests.wiring import incomplete, three_nodes

SHEET = '{"name": "some", "tflops": 0.001728, "bandwidth": "0.1 GB/s", "launch": "1 us"}'
"""A thousand times 864 multiply-adds a millisecond, and 25 elements a microsecond."""


def test_by_hand() -> None:
    """The convolution moves 80 values and 54 weights, 3.2 and 2.16 µs, and multiplies in 1; the ReLU moves 96
    in 3.84, and the pool 51 in 2.04 µs: 11.24 µs in all, and all of it memory.
    """
    found = predict(three_nodes(), SHEET)
    assert found.estimate.seconds == pytest.approx(11.24e-6)
    assert found.estimate.parts() == pytest.approx((0, 9.08e-6, 2.16e-6, 0))
    assert found.bound_by == "memory"
    assert found.images_per_second == pytest.approx(1 / 11.24e-6)
    assert found.intensity == pytest.approx(864 / (4 * 281))
    text = render_text(found.table()).splitlines()
    assert text[0] == "wired on some, input 1×2×4×4, predicted"
    assert text[5].split() == ["stem", "9.200", "µs", "81.9%", "0%", "77%", "23%", "0%", "memory"]
    assert text[6].split() == ["pool", "2.040", "µs", "18.1%", "0%", "100%", "0%", "0%", "memory"]
    assert text[8].split()[:4] == ["total", "11.24", "µs", "100.0%"]


def test_the_contract() -> None:
    (shown,) = json.loads(json.dumps([predict(three_nodes(), SHEET).as_dict()]))
    assert {"model", "device", "batch", "latency_s", "interval_s", "level", "rows", "outside"} <= set(shown)
    assert (shown["model"], shown["device"], shown["batch"], shown["level"]) == ("wired", "some", 1, 0.9)
    low, high = shown["interval_s"]
    assert low <= shown["latency_s"] <= high
    assert shown["outside"] == []
    for by in ("stage", "work"):
        rows = [row for row in shown["rows"] if row["by"] == by]
        assert sum(row["seconds"] for row in rows) == pytest.approx(shown["latency_s"])
        assert sum(row["share"] for row in rows) == pytest.approx(1)
        for row in rows:
            parts = [row[f"{part}_s"] for part in ("arithmetic", "memory", "weights", "launches")]
            assert sum(parts) == pytest.approx(row["seconds"])
    assert [row["name"] for row in shown["rows"] if row["by"] == "stage"] == ["stem", "pool"]


def test_an_incomplete_network_gets_a_lower_bound_and_never_a_plain_number() -> None:
    """The convolution takes 5.36 µs as above, and whatever the other operator does, its launch takes one."""
    found = predict(incomplete(), SHEET)
    shown = found.as_dict()
    assert (shown["latency_s"], shown["interval_s"], shown["images_per_second"]) == (None, None, None)
    assert shown["lower_bound_s"] == pytest.approx(6.36e-6)
    assert shown["uncosted"] == ["head.odd1"]
    text = str(found)
    assert "≥6.360 µs" in text
    assert "at least 6.360 µs: 1 operator without a rule: head.odd1" in text
    assert "images a second" not in text


def test_in_a_notebook() -> None:
    found = predict(three_nodes(), SHEET)
    assert render_html(found.table("work")) in (found._repr_html_() or "")


def test_a_notebook_shows_text_without_tabulate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tabulate", None)
    assert predict(three_nodes(), SHEET)._repr_html_() is None


def test_the_public_function() -> None:
    graph = archlens.load("resnet18")
    assert archlens.predict(graph, SHEET).as_dict() == predict(graph, SHEET).as_dict()
    with pytest.raises(DeviceError, match="no device is called toaster"):
        archlens.predict(graph, "toaster")
