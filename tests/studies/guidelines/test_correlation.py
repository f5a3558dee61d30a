"""Rank correlations: by hand, and by SciPy."""

import math
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats  # type: ignore[import-untyped]

from archlens.studies.guidelines.correlation import kendall, kendall_within, ranks, spearman

PAIRS = st.lists(st.tuples(st.integers(-3, 3), st.integers(-3, 3)), min_size=2, max_size=12)


def test_ranks_of_equals_are_shared() -> None:
    assert ranks([30, 10, 20, 20]) == [4, 1, 2.5, 2.5]


def test_by_hand() -> None:
    """Of 1 2 3 4 and 1 3 2 4 one pair of six is out of order, and the ranks differ by 1 twice."""
    assert spearman([1, 2, 3, 4], [1, 3, 2, 4]) == pytest.approx(1 - 6 * 2 / (4 * 15))
    assert kendall([1, 2, 3, 4], [1, 3, 2, 4]) == pytest.approx((5 - 1) / 6)


def test_ties_by_hand() -> None:
    """1 1 2 and 1 2 3: of three pairs one is a tie of the first, the others agree: 2 / √(2·3)."""
    assert kendall([1, 1, 2], [1, 2, 3]) == pytest.approx(2 / math.sqrt(6))


@pytest.mark.parametrize("values", [[1, 2, 5], [3, 1, 2], [0.5, -1, 7]])
def test_the_same_and_the_opposite_order(values: list[float]) -> None:
    opposite = [-value for value in values]
    assert spearman(values, values) == pytest.approx(1)
    assert kendall(values, values) == 1
    assert spearman(values, opposite) == pytest.approx(-1)
    assert kendall(values, opposite) == -1


def test_nothing_to_rank() -> None:
    assert spearman([1, 1, 1], [1, 2, 3]) is None
    assert kendall([1, 2, 3], [5, 5, 5]) is None
    assert kendall([1], [1]) is None
    assert kendall_within([1, 2], [1, 2], ["a", "b"]) is None


def test_within_groups_only_pairs_inside_count() -> None:
    """The groups are in one order, the members of each in the other."""
    first, second, groups = [1, 2, 11, 12], [2, 1, 12, 11], ["a", "a", "b", "b"]
    assert kendall(first, second) == pytest.approx((4 - 2) / 6)
    assert kendall_within(first, second, groups) == -1


@given(PAIRS)
def test_scipy_agrees(pairs: list[tuple[int, int]]) -> None:
    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    if len(set(first)) == 1 or len(set(second)) == 1:
        assert spearman(first, second) is None
        assert kendall(first, second) is None
        return
    assert spearman(first, second) == pytest.approx(stats.spearmanr(first, second).statistic, abs=1e-12)
    assert kendall(first, second) == pytest.approx(stats.kendalltau(first, second).statistic, abs=1e-12)


@given(PAIRS)
def test_one_group_is_no_group_and_order_does_not_matter(pairs: list[tuple[int, int]]) -> None:
    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    assert kendall_within(first, second, ["all"] * len(pairs)) == kendall(first, second)
    assert kendall(first[::-1], second[::-1]) == kendall(first, second)
    assert len(list(combinations(pairs, 2))) == len(pairs) * (len(pairs) - 1) // 2
