"""Axes: their domains hold all values, and their ticks are round."""

from hypothesis import given
from hypothesis import strategies as st

from archlens.report.charts.quantity import Quantity, shown_bound, ticks

SOME = st.lists(st.floats(1e-9, 1e15), min_size=1, max_size=20)


@given(SOME)
def test_a_domain_holds_all_values(values: list[float]) -> None:
    for logarithmic in (True, False):
        low, high = Quantity("cost", logarithmic=logarithmic).domain(values)
        assert low < min(values) <= max(values) < high


@given(st.floats(1e-6, 1e9), st.floats(1.5, 1e9))
def test_an_axis_has_some_ticks_and_not_many(low: float, ratio: float) -> None:
    found = ticks(low, low * ratio)
    assert len(found) <= 10
    assert all(low <= each <= low * ratio for each in found)
    assert len(found) >= 1 or ratio < 2


def test_numbers_as_people_read_them() -> None:
    assert Quantity("predicted time", "seconds").shown(0.01234) == "12.34 ms"
    assert Quantity("multiply-adds").shown(4_089_184_256) == "4.089G"
    assert shown_bound(Quantity("params"), 25_557_032, False) == "≥25.56M"
    assert Quantity("memory access", "bytes").heading == "memory access (bytes)"
