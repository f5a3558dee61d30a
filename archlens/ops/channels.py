"""Something known about each channel of a tensor, and how operators pass it on."""

from abc import ABC, abstractmethod
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Generic, TypeVar

__all__ = ["Channels", "Continuing"]

Value = TypeVar("Value")
Join = Callable[[Sequence[Value]], Value]
Numbers = Callable[[Value], tuple[int, ...]]


class Continuing(ABC, Generic[Value]):
    """How the values of channels that are summed are combined, where a sum may go on from an earlier one."""

    @abstractmethod
    def __call__(self, values: Sequence[Value]) -> Value:
        """The value of a sum of channels, of two or more different values."""

    @abstractmethod
    def continued(self, whole: Value, values: Sequence[Value]) -> Value | None:
        """The value of these and of all that `whole` combines already; None where it must be done from the
        start.
        """


@dataclass(frozen=True, slots=True)
class Channels(Generic[Value]):
    """A value for each channel, kept as runs of neighbours with the same one.

    runs  (how many channels, their value) in order; None is the value of a channel of zeros
    join  the value of a sum of channels, given theirs: two or more different ones
    ahead the channels that these begin with, where others were put beside them: their sum is gone on from
    sums  the value of the sum of all of them, once it was asked for
    least the smallest numbers of their values, once they were asked for, by what tells the numbers

    >>> halves = Channels(((2, "a"), (2, "b")), max)
    >>> halves.dealt(2).runs
    ((1, 'a'), (1, 'b'), (1, 'a'), (1, 'b'))
    >>> halves.mixed(1, 8).runs
    ((8, 'b'),)
    """

    runs: tuple[tuple[int, Value | None], ...]
    join: Join[Value]
    ahead: "Channels[Value] | None" = field(default=None, compare=False, repr=False)
    sums: list[Value | None] = field(default_factory=list, compare=False, repr=False)
    least: dict[Numbers[Value], tuple[int, ...] | None] = field(
        default_factory=dict, compare=False, repr=False
    )

    @property
    def sum(self) -> Value | None:
        """The value of the sum of all channels; None where all of them are zeros.

        Along a chain of concatenations each sum goes on from the one before, so that it takes no longer.
        """
        if not self.sums:
            self.sums.append(self._sum())
        return self.sums[0]

    def _sum(self) -> Value | None:
        if self.ahead is not None and self.ahead.sums and isinstance(self.join, Continuing):
            before, rest = self.ahead.sums[0], self.runs[len(self.ahead.runs) - 1 :]
            more = [value for _, value in rest if value is not None]
            join: Continuing[Value] = self.join
            if before is not None and (found := join.continued(before, more)) is not None:
                return found
        return self._joined([value for _, value in self.runs])

    def smallest(self, numbers: Numbers[Value]) -> tuple[int, ...] | None:
        """The smallest of some numbers that each value has, one by one; None where all channels are zeros.

        Along a chain of concatenations it goes on from the channels before, as the sum does.

        >>> Channels(((2, "ab"), (1, "c")), max).smallest(lambda word: (len(word), -len(word)))
        (1, -2)
        """
        if numbers not in self.least:
            found, runs = None, self.runs
            if self.ahead is not None and numbers in self.ahead.least:
                found, runs = self.ahead.least[numbers], runs[max(0, len(self.ahead.runs) - 1) :]
            for value in dict.fromkeys(value for _, value in runs):
                if value is not None:
                    own = numbers(value)
                    found = own if found is None else tuple(map(min, found, own))
            self.least[numbers] = found
        return self.least[numbers]

    @property
    def values(self) -> tuple[Value, ...]:
        """The different values, in the order in which they first stand."""
        return tuple(dict.fromkeys(value for _, value in self.runs if value is not None))

    @property
    def count(self) -> int:
        """How many channels there are."""
        return sum(count for count, _ in self.runs)

    def mixed(self, groups: int, out: int) -> "Channels[Value]":
        """`out` channels in equal groups, each from all channels of the group at its place."""
        if len(self.runs) == 1:
            return Channels(((out, self.runs[0][1]),), self.join)
        if groups == 1:
            return Channels(((out, self.sum),), self.join)
        wide, made = self.count // groups, out // groups
        if wide == 1:
            return Channels(tuple([(made * count, value) for count, value in self.runs]), self.join)
        every = self._each()
        return self._of(
            value
            for group in range(groups)
            for value in [self._joined(every[group * wide : (group + 1) * wide])] * made
        )

    def taken(self, start: int, stop: int) -> "Channels[Value]":
        """The channels from `start` up to, not including, `stop`."""
        if len(self.runs) == 1:
            return Channels(((stop - start, self.runs[0][1]),), self.join)
        ends = list(accumulate([count for count, _ in self.runs]))
        first, last = bisect_right(ends, start), bisect_left(ends, stop)
        runs = list(self.runs[first : last + 1])
        runs[-1] = (runs[-1][0] - (ends[last] - stop), runs[-1][1])
        runs[0] = (runs[0][0] - (start - (ends[first] - self.runs[first][0])), runs[0][1])
        return Channels(tuple(runs), self.join)

    def dealt(self, groups: int) -> "Channels[Value]":
        """A shuffle: channel i of group g goes to place i · groups + g."""
        if len(self.runs) == 1:
            return self
        every = self._each()
        wide = len(every) // groups
        return self._of(value for at in range(wide) for value in every[at::wide])

    def padded(self, before: int, after: int) -> "Channels[Value]":
        """Channels of zeros on both sides."""
        zeros = [((count, None),) if count else () for count in (before, after)]
        return self._end_to_end([zeros[0], self.runs, zeros[1]])

    def beside(self, others: "Sequence[Channels[Value]]") -> "Channels[Value]":
        """These channels, then those of the others: a concat."""
        made = self._end_to_end([self.runs, *[other.runs for other in others]])
        return Channels(made.runs, self.join, self)

    def onto(self, others: "Sequence[Channels[Value]]") -> "Channels[Value]":
        """Channel by channel with the others, a single channel with all: an addition."""
        result = self
        for other in others:
            if result.runs == other.runs:
                continue
            if len(result.runs) == 1 and len(other.runs) == 1:
                count = max(result.runs[0][0], other.runs[0][0])
                result = Channels(((count, self._joined((result.runs[0][1], other.runs[0][1]))),), self.join)
                continue
            count = max(result.count, other.count)
            ours, theirs = (each._each() * (count if each.count == 1 else 1) for each in (result, other))
            pairs = list(zip(ours, theirs, strict=True))
            sums = {pair: self._joined(pair) for pair in set(pairs)}
            result = self._of(sums[pair] for pair in pairs)
        return result

    def mapped(self, change: Callable[[Value], Value]) -> "Channels[Value]":
        """The same channels with their values changed."""
        if len(self.runs) == 1:
            ((count, value),) = self.runs
            return self if value is None else Channels(((count, change(value)),), self.join)
        changed: dict[Value | None, Value | None] = {value: change(value) for value in self.values}
        changed[None] = None
        runs = [(count, changed[value]) for count, value in self.runs]
        if len(set(changed.values())) == len(changed):  # neighbours that differed still do
            return Channels(tuple(runs), self.join)
        return self._of_runs(runs)

    def _each(self) -> list[Value | None]:
        return [value for count, value in self.runs for _ in range(count)]

    def _joined(self, values: Iterable[Value | None]) -> Value | None:
        known = [value for value in dict.fromkeys(values) if value is not None]
        return self.join(known) if len(known) > 1 else known[0] if known else None

    def _of(self, values: Iterable[Value | None]) -> "Channels[Value]":
        return self._of_runs((1, value) for value in values)

    def _end_to_end(self, parts: Iterable[tuple[tuple[int, Value | None], ...]]) -> "Channels[Value]":
        """Runs behind runs: only where two parts meet can there be one run of both."""
        runs: list[tuple[int, Value | None]] = []
        for part in parts:
            if runs and part and runs[-1][1] == part[0][1]:
                runs[-1] = (runs[-1][0] + part[0][0], part[0][1])
                part = part[1:]
            runs.extend(part)
        return Channels(tuple(runs), self.join)

    def _of_runs(self, runs: Iterable[tuple[int, Value | None]]) -> "Channels[Value]":
        merged: list[tuple[int, Value | None]] = []
        last: object = merged  # which no value is
        width = 0
        for count, value in runs:
            if value is last or value == last:
                width += count
                merged[-1] = (width, value)
            else:
                merged.append((count, value))
                last, width = value, count
        return Channels(tuple(merged), self.join)
