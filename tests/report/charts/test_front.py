"""The front, against a search through all pairs."""

from hypothesis import given
from hypothesis import strategies as st

from archlens.report.charts.front import Point, front
from archlens.report.charts.quantity import Quantity

COST, ERROR = Quantity("multiply-adds"), Quantity("error", "%", logarithmic=False)
ACCURACY = Quantity("top-1", "%", larger=True, logarithmic=False)

numbers = st.integers(1, 12).map(float)


def beaten(point: Point, points: list[Point], sign: int) -> bool:
    """Whether another is at least as good in both numbers and better in one."""
    return any(
        other.x <= point.x and sign * other.y <= sign * point.y and (other.x, other.y) != (point.x, point.y)
        for other in points
    )


@given(st.lists(st.tuples(numbers, numbers), min_size=1, max_size=40))
def test_the_front_is_what_no_pair_beats(given_points: list[tuple[float, float]]) -> None:
    points = [Point(name=str(i), x=x, y=y) for i, (x, y) in enumerate(given_points)]
    for quantity, sign in ((ERROR, 1), (ACCURACY, -1)):
        found = front(points, COST, quantity)
        expected = {(point.x, point.y) for point in points if not beaten(point, points, sign)}
        assert {(point.x, point.y) for point in found} == expected
        assert len(found) == len(expected)


def test_a_lower_bound_beats_nobody() -> None:
    points = [Point(name="bound", x=1, y=1, complete=False), Point(name="known", x=2, y=2)]
    assert [each.name for each in front(points, COST, ERROR)] == ["known"]
