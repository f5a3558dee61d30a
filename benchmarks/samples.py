"""Samples of one quantity, and how they are taken: contestants in turns, in random order."""

import random
import statistics
from collections.abc import Callable, Mapping
from dataclasses import dataclass

__all__ = ["Samples", "Work", "interleave"]

Work = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Samples:
    """What was measured, once a round."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle one."""
        return statistics.median(self.values)

    @property
    def low(self) -> float:
        """The smallest."""
        return min(self.values)

    @property
    def high(self) -> float:
        """The largest."""
        return max(self.values)

    def overlaps(self, other: "Samples") -> bool:
        """Whether their ranges touch, so that neither can be called the smaller one."""
        return self.low <= other.high and other.low <= self.high

    def scaled(self, factor: float) -> "Samples":
        """Each of them times a factor."""
        return Samples(tuple(factor * value for value in self.values))


def interleave(contestants: Mapping[str, Work], rounds: int) -> dict[str, Samples]:
    """Let every contestant work once a round, the order drawn anew each time.

    A first time for everyone is thrown away: it writes bytecode, fills caches and loads files.
    """
    order = list(contestants)
    shuffle = random.Random(0).shuffle
    values: dict[str, list[float]] = {name: [] for name in order}
    for name in order:
        contestants[name]()
    for _ in range(rounds):
        shuffle(order)
        for name in order:
            values[name].append(contestants[name]())
    return {name: Samples(tuple(values[name])) for name in contestants}
