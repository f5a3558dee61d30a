"""Metrics by the names that people use."""

import pytest

from archlens.errors import UsageError
from archlens.report.charts.metrics import metric_named, quantity_of
from archlens.report.metric import BY_KEY


def test_names() -> None:
    assert metric_named("FLOPs", "--x") == "multiply_adds"
    assert metric_named("peak-activations", "--x") == "peak_activations"
    assert metric_named("latency", "--x", timed=True) == "latency"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("latency", "--x latency: a predicted time takes a device: --device NAME"),
        ("mac", "--x mac: no such number"),
        ("groups", "--x groups: no such number"),
        ("parms", "--x parms: no such number; did you mean params?"),
    ],
)
def test_names_that_are_none(name: str, message: str) -> None:
    with pytest.raises(UsageError) as raised:
        metric_named(name, "--x")
    assert str(raised.value).startswith(message)


def test_every_metric_has_an_axis() -> None:
    for key in BY_KEY:
        assert quantity_of(key).title
    assert quantity_of("memory_access_bytes").heading == "memory access (B)"
    assert quantity_of("memory_access").heading == "memory access (elements)"
