"""Errors of predictions, by hand."""

import pytest

from benchmarks.prediction.errors import errors, worst_families


def test_errors_of_four_networks() -> None:
    found = errors([1.05, 1.8, 3.0, 8.0], [1.0, 2.0, 4.0, 4.0])
    assert found.mape == pytest.approx((0.05 + 0.1 + 0.25 + 1.0) / 4)
    assert found.median == pytest.approx(0.175)
    assert (found.within10, found.within20) == (0.5, 0.5)
    assert found.spearman == pytest.approx(0.9487, abs=1e-4)  # one tie among the measured


def test_pairs_in_the_right_order() -> None:
    assert errors([1.0, 3.0, 2.0], [1.0, 2.0, 3.0]).pairs == pytest.approx(2 / 3)


def test_the_family_that_is_furthest_off_comes_first() -> None:
    rows = [("near", 1.1, 1.0), ("far", 0.5, 1.0), ("far", 0.4, 1.0), ("far", 0.6, 1.0)]
    name, count, off = worst_families(rows)[0]
    assert (name, count) == ("far", 3)
    assert off == pytest.approx(-0.5)
