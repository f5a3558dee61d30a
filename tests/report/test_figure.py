"""Limits as people write them."""

import pytest

from archlens.errors import UsageError
from archlens.report.figure import FIGURES, figure_named, limits_named


@pytest.mark.parametrize(
    ("figure", "given", "expected"),
    [
        ("params", "2.5M", 2_500_000),
        ("params", 2_500_000, 2_500_000),
        ("params", "600 k", 600_000),
        ("multiply_adds", "4.1G", 4.1e9),
        ("multiply_adds", "4.1B", 4.1e9),
        ("peak_activations_bytes", "320kB", 320_000),
        ("flash", "256 KiB", 262_144),
        ("sram", "1 MiB", 2**20),
        ("latency", "20 ms", 0.02),
        ("latency", "350 us", 350e-6),
        ("latency", "0.5s", 0.5),
        ("access_without_products", "50 %", 0.5),
        ("memory_access_over_bound", 1.1, 1.1),
        ("receptive_field", 427, 427),
    ],
)
def test_limits(figure: str, given: object, expected: float) -> None:
    assert FIGURES[figure].limit(given, "max").value == pytest.approx(expected)


@pytest.mark.parametrize(
    ("figure", "given"),
    [
        ("params", "2.5"[:0]), ("params", "-1M"), ("params", "2.5MB"), ("params", True), ("params", None),
        ("params", "two"), ("params", "1e6"), ("params", [1]), ("flash", "320"), ("flash", 320),
        ("latency", 20), ("latency", "20"), ("latency", "20 min"), ("params", "9" * 30),
    ],
)  # fmt: skip
def test_limits_that_make_no_sense(figure: str, given: object) -> None:
    with pytest.raises(UsageError, match=rf"^here = .*: expected {FIGURES[figure].label.split('(')[0]}"):
        FIGURES[figure].limit(given, "here")


def test_every_metric_of_a_profile_that_is_a_number_can_be_limited() -> None:
    from archlens.report.metric import METRICS

    without = {"channel_ratio", "groups", "field_stride", "field_padding", "field_centre"}
    assert {metric.key for metric in METRICS} - without <= set(FIGURES)


def test_a_name_that_is_nearly_right() -> None:
    with pytest.raises(
        UsageError, match=r"^max: there is no figure multiply_add; did you mean multiply_adds\?$"
    ):
        figure_named("multiply_add", "max")


def test_limits_by_whatever_name() -> None:
    found = limits_named({"flops": "4G", "latency": "2 ms"}, "max", "{}.{}")
    assert {key: amount.value for key, amount in found.items()} == {"multiply_adds": 4e9, "latency": 0.002}
    with pytest.raises(UsageError, match=r"^max: multiply_adds is limited twice$"):
        limits_named({"flops": "4G", "multiply_adds": "4G"}, "max", "{}.{}")
