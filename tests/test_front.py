"""The Pareto front beside its definition: every pair of points compared."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archlens.front import Point, dominates, first_of_front, front, hypervolume


def by_definition(points: list[Point]) -> list[int]:
    """The places of the points that no other is at least as good as everywhere, and better somewhere."""
    return [
        i
        for i, a in enumerate(points)
        if not any(
            all(x <= y for x, y in zip(b, a, strict=True)) and any(x < y for x, y in zip(b, a, strict=True))
            for b in points
        )
    ]


def found(points: list[Point]) -> list[int]:
    ordered = sorted((point, place) for place, point in enumerate(points))
    return sorted(place for _, place in front(ordered))


@pytest.mark.parametrize("objectives", [1, 2, 3, 4, 5])
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_the_front_is_that_of_the_definition(objectives: int, data: st.DataObject) -> None:
    coordinate = st.one_of(st.integers(0, 6), st.floats(-1e6, 1e6))
    points = data.draw(st.lists(st.tuples(*[coordinate] * objectives), max_size=60))
    assert found(points) == by_definition(points)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=80))
def test_what_always_holds(points: list[Point]) -> None:
    """Nobody on the front beats another, everybody else is beaten from it, and it is its own front."""
    ordered = sorted(points)
    kept = [point for point, _ in front((point, None) for point in ordered)]
    assert kept
    assert not any(dominates(a, b) for a in kept for b in kept)
    assert all(point in kept or any(dominates(a, point) for a in kept) for point in points)
    assert [point for point, _ in front((point, None) for point in kept)] == kept


def test_equal_points_all_stay() -> None:
    assert found([(1, 2), (1, 2), (2, 1), (2, 2)]) == [0, 1, 2]


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=60))
def test_the_first_of_equal_ones_stands_for_all(points: list[Point]) -> None:
    expected: dict[Point, int] = {}
    for place in by_definition(points):
        expected.setdefault(points[place], place)
    assert first_of_front(range(len(points)), points.__getitem__) == [
        expected[point] for point in sorted(expected)
    ]


def test_hypervolume_is_the_area_of_unit_squares() -> None:
    """Counted square by square: those that some point is to the lower left of."""
    points = [(2, 7), (3, 4), (5, 5), (6, 1)]
    area = sum(any(x <= i and y <= j for x, y in points) for i in range(10) for j in range(10))
    assert hypervolume(points, (10, 10)) == area
    assert hypervolume([], (1, 1)) == hypervolume([(2, 0)], (1, 1)) == 0
