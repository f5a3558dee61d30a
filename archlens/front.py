"""The Pareto front: the points, and what they stand for, that no other beats in every number at once."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

__all__ = ["dominates", "first_of_front", "front", "hypervolume"]

Point = tuple[float, ...]
Thing = TypeVar("Thing")


def dominates(a: Point, b: Point) -> bool:
    """Whether a is nowhere worse than b, and better somewhere; less is better."""
    return a != b and all(p <= q for p, q in zip(a, b, strict=True))


def front(ordered: Iterable[tuple[Point, Thing]]) -> Iterator[tuple[Point, Thing]]:
    """The points that no other point dominates, in their order; of equal points all stay.

    ordered  points in rising order, first coordinate first, each with what it stands for; they are read
             once, and only the front is kept

    In this order a point can only be dominated by one before it. With two coordinates the smallest second
    one so far tells; with three, a staircase of the last two, kept in order; with more, the front itself.
    """
    last: Point | None = None
    before: Staircase | Others | None = None
    for point, thing in ordered:
        if point != last:
            if before is None:
                before = Staircase() if len(point) <= 3 else Others()
            if before.beats(point[1:]):
                continue
            before.add(point[1:])
            last = point
        yield point, thing


def first_of_front(things: Iterable[Thing], at: Callable[[Thing], Point]) -> list[Thing]:
    """The things that no other dominates, in rising order; of those at one point the first stands for all.

    at  the point of a thing; less is better in each of its numbers

    >>> first_of_front(["ab", "a", "b", "abb"], lambda word: (len(word), -word.count("b")))
    ['b', 'abb']
    """
    ordered = sorted(((at(thing), thing) for thing in things), key=lambda each: each[0])
    found: list[Thing] = []
    last: Point | None = None
    for point, thing in front(ordered):
        if point != last:
            found.append(thing)
            last = point
    return found


class Staircase:
    """Pairs of which none dominates another: from left to right they fall. One number is a pair with 0."""

    def __init__(self) -> None:
        self._first: list[float] = []
        self._second: list[float] = []

    def beats(self, rest: Point) -> bool:
        """Whether a pair in it is nowhere worse."""
        first, second = _pair(rest)
        place = bisect_left(self._first, first)
        if place < len(self._first) and self._first[place] == first and self._second[place] <= second:
            return True
        return place > 0 and self._second[place - 1] <= second

    def add(self, rest: Point) -> None:
        """Take one in that nothing beats, and leave out what it beats."""
        first, second = _pair(rest)
        start = end = bisect_left(self._first, first)
        while end < len(self._first) and self._second[end] >= second:
            end += 1
        self._first[start:end] = [first]
        self._second[start:end] = [second]


class Others:
    """Points of which none dominates another; the one that beat the last point is asked first."""

    def __init__(self) -> None:
        self._points: list[Point] = []

    def beats(self, rest: Point) -> bool:
        """Whether a point in it is nowhere worse."""
        for place, point in enumerate(self._points):
            if all(p <= q for p, q in zip(point, rest, strict=True)):
                self._points.insert(0, self._points.pop(place))
                return True
        return False

    def add(self, rest: Point) -> None:
        """Take one in that nothing beats, and leave out what it beats."""
        self._points = [
            point for point in self._points if not all(p <= q for p, q in zip(rest, point, strict=True))
        ]
        self._points.append(rest)


def _pair(rest: Point) -> tuple[float, float]:
    return (rest[0] if rest else 0.0), (rest[1] if len(rest) > 1 else 0.0)


def hypervolume(points: Iterable[tuple[float, float]], reference: tuple[float, float]) -> float:
    """The area that points of two objectives dominate, up to a reference point that is worse than all.

    >>> hypervolume([(1, 3), (2, 2), (3, 3)], (4, 4))
    5.0
    """
    area, height = 0.0, reference[1]
    for x, y in sorted(points):
        if x < reference[0] and y < height:
            area += (reference[0] - x) * (height - y)
            height = y
    return float(area)
