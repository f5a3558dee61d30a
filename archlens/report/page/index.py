"""What keeps a page small: values that stand in it once, runs, and numbers without a fraction of 0."""

from collections.abc import Hashable, Iterable
from typing import Generic, TypeVar

__all__ = ["Index", "front_coded", "runs", "whole"]

Value = TypeVar("Value", bound=Hashable)


class Index(Generic[Value]):
    """Values in the order in which they were first seen.

    >>> index = Index[str]()
    >>> [index.place(word) for word in ("conv", "relu", "conv")], index.values
    ([0, 1, 0], ['conv', 'relu'])
    """

    def __init__(self) -> None:
        self.values: list[Value] = []
        self._places: dict[Value, int] = {}

    def place(self, value: Value) -> int:
        """Where a value stands; at the end if it is new."""
        found = self._places.get(value)
        if found is None:
            found = self._places[value] = len(self.values)
            self.values.append(value)
        return found


def runs(values: Iterable[int]) -> list[int]:
    """Values that follow each other unchanged, as pairs: the value, and how many times.

    >>> runs([7, 7, 7, 3])
    [7, 3, 3, 1]
    """
    found: list[int] = []
    for value in values:
        if found and found[-2] == value:
            found[-1] += 1
        else:
            found += [value, 1]
    return found


def whole(number: float) -> int | float:
    """A number that JSON writes without a fraction of 0: 3.0 as 3.

    >>> whole(3.0), whole(3.5)
    (3, 3.5)
    """
    return int(number) if number == int(number) else number


def front_coded(names: Iterable[str]) -> str:
    """Dotted names, each as how many of its components it shares with the one before, and the others.

    >>> front_coded(["stem.conv1", "stem.relu1", "fc"])
    '0:stem.conv1 1:relu1 0:fc'
    """
    found, last = [], list[str]()
    for name in names:
        parts = name.split(".")
        same = 0
        while same < min(len(parts), len(last)) and parts[same] == last[same]:
            same += 1
        found.append(f"{same}:{'.'.join(parts[same:])}")
        last = parts
    return " ".join(found)
