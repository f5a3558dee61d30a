"""Points at two numbers each, and those that no other beats in both."""

from collections.abc import Sequence
from dataclasses import dataclass

from archlens.front import first_of_front
from archlens.report.charts.quantity import Quantity

__all__ = ["Point", "front"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A network, or a variant of a space, at its two numbers.

    name      what it is called
    x, y      its numbers
    group     what it is coloured by: a family, the value of a setting; "" for none
    complete  whether all of it was costed: else its numbers are lower bounds
    x_range, y_range  between which they lie, where they are predicted
    """

    name: str
    x: float
    y: float
    group: str = ""
    complete: bool = True
    x_range: tuple[float, float] | None = None
    y_range: tuple[float, float] | None = None


def front(points: Sequence[Point], x: Quantity, y: Quantity) -> tuple[Point, ...]:
    """The points that no other beats in one number without being worse in the other, by x.

    Of points with the same two numbers the first stands for all. A lower bound beats nobody.

    >>> a, b, c = (Point(name=n, x=i, y=j) for n, i, j in (("a", 1, 3), ("b", 2, 3), ("c", 3, 1)))
    >>> [each.name for each in front([a, b, c], Quantity("cost"), Quantity("error"))]
    ['a', 'c']
    """

    def worse(value: float, quantity: Quantity) -> float:
        return -value if quantity.larger else value

    known = (point for point in points if point.complete)
    return tuple(first_of_front(known, lambda point: (worse(point.x, x), worse(point.y, y))))
