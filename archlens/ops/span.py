"""Which places of an input a place of the output sees, along one axis."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import pairwise
from math import gcd, lcm
from typing import NamedTuple

from archlens.ops.window import Window

__all__ = ["HERE", "Span"]


class Span(NamedTuple):
    """The stretch of places that place o of an output sees, which moves on as o does.

    first(o) = lows[o mod p] + ⌊o / p⌋ · advance
    last(o)  = highs[o mod p] + ⌊o / p⌋ · advance

    with period p = len(lows): 1 for convolutions and pools, more behind an up-sampling, where
    neighbouring outputs start from the same input. Places count from 0 and may lie outside: padding. Every
    `step`-th place from the first to the last is seen: a dilated window leaves others out. An output whose
    last place lies before its first sees nothing.

    >>> Span.of_window(Window(kernel=3, stride=2, dilation=1, before=1, after=1))
    Span(advance=2, lows=(-1,), highs=(1,), step=1)
    """

    advance: int
    lows: tuple[int, ...]
    highs: tuple[int, ...]
    step: int = 1

    @classmethod
    def of_window(cls, window: Window) -> "Span":
        """A window with k taps d apart, stride s and padding p before sees s·o − p … s·o − p + d·(k − 1)."""
        first = -window.before
        return cls(window.stride, (first,), (first + window.extent - 1,), window.dilation)

    @property
    def size(self) -> int:
        """The receptive field: how many places from the first to the last, the most that any output sees."""
        if len(self.lows) == 1:
            return self.highs[0] - self.lows[0] + 1
        return max(high - low for low, high in zip(self.lows, self.highs, strict=True)) + 1

    @property
    def stride(self) -> Fraction:
        """How far the stretch moves on when the output does by one, on average: the jump."""
        return Fraction(self.advance, len(self.lows))

    @property
    def padding(self) -> int:
        """How far the stretch of the first output reaches beyond the start of the input."""
        return -self.lows[0]

    @property
    def centre(self) -> Fraction:
        """The middle of what the first output sees, on average over a period.

        Half a place where the size is even, a quarter to the left behind an up-sampling by two.
        """
        period = len(self.lows)
        return Fraction(sum(self.lows) + sum(self.highs) - (period - 1) * self.advance, 2 * period)

    def low(self, place: int) -> int:
        """The first place that a place of the output sees."""
        return self.lows[place % len(self.lows)] + place // len(self.lows) * self.advance

    def high(self, place: int) -> int:
        """The last place that a place of the output sees."""
        return self.highs[place % len(self.highs)] + place // len(self.highs) * self.advance

    @property
    def monotone(self) -> bool:
        """Whether the first and the last place seen never go back as the output's place moves on."""
        if len(self.lows) == 1:
            return self.advance >= 0 and self.lows[0] <= self.highs[0]
        return (
            all(low <= high for low, high in zip(self.lows, self.highs, strict=True))
            and all(a <= b for a, b in pairwise((*self.lows, self.lows[0] + self.advance)))
            and all(a <= b for a, b in pairwise((*self.highs, self.highs[0] + self.advance)))
        )

    def then(self, later: "Span") -> "Span":
        """What the output of a later operator sees through this one: the fields' recurrence
        (Araujo, Norris and Sim, Distill 2019, Eq. 2 to 4), with a period.

        first(o) = least first_here(q), last(o) = greatest last_here(q), over the places q that the later
        operator's output o sees. Where both ends only move on, those are the first and the last q.
        """
        period = len(self.lows)
        if period == 1 and len(later.lows) == 1 and self.advance >= 0:
            advance = self.advance
            return Span(
                advance * later.advance,
                (self.lows[0] + later.lows[0] * advance,),
                (self.highs[0] + later.highs[0] * advance,),
            )
        repeats = period // gcd(period, later.advance)
        places = range(len(later.lows) * repeats)
        advance = later.advance * repeats * self.advance // period
        if self.monotone and all(low <= high for low, high in zip(later.lows, later.highs, strict=True)):
            return Span(
                advance,
                tuple(self.low(later.low(place)) for place in places),
                tuple(self.high(later.high(place)) for place in places),
            )
        return Span.of_taps(advance, (self.hull(later.taps(place)) for place in places))

    def taps(self, place: int) -> range:
        """The places that a given place of the output sees."""
        return range(self.low(place), self.high(place) + 1, self.step)

    def hull(self, places: range) -> tuple[int, int]:
        """From the first place that any of these sees to the last; (1, 0) where none sees any.

        Ends recur after a period: of more places, those near either end decide.
        """
        near = len(self.lows)
        chosen = {*places[:near], *places[-near:]}
        seen = [(self.low(at), self.high(at)) for at in chosen if self.low(at) <= self.high(at)]
        if not seen:
            at = places.start
            return self.low(at) + 1, self.low(at)
        return min(low for low, _ in seen), max(high for _, high in seen)

    def joined(self, other: "Span") -> "Span":
        """The span from the first place that either of two spans sees to the last. Their strides
        are equal.
        """
        if self.advance == other.advance:
            lows, highs = self.lows, self.highs
            if len(lows) == len(other.lows) == 1:
                return Span(self.advance, (min(lows[0], other.lows[0]),), (max(highs[0], other.highs[0]),))
        period = lcm(len(self.lows), len(other.lows))
        ends = []
        for place in range(period):
            pairs = [(each.low(place), each.high(place)) for each in (self, other)]
            seen = [(low, high) for low, high in pairs if low <= high]
            ends.append((min(low for low, _ in seen), max(high for _, high in seen)) if seen else pairs[0])
        return Span.of_taps(period // len(self.lows) * self.advance, ends)

    @classmethod
    def of_taps(cls, advance: int, taps: Iterable[tuple[int, int]]) -> "Span":
        """A span from the first and the last place that each output of a period sees."""
        lows, highs = zip(*taps, strict=True)
        return cls(advance, lows, highs)

    @classmethod
    def every(cls, step: int, start: int = 0) -> "Span":
        """Every `step`-th place from `start` on, backwards where the step is negative: a slice.

        >>> Span.every(2, start=1)
        Span(advance=2, lows=(1,), highs=(1,), step=1)
        """
        return cls(step, (start,), (start,))

    @classmethod
    def interleaved(cls, spans: "Sequence[Span]") -> "Span":
        """What places see whose neighbours take turns: place o of an axis is place ⌊o / n⌋ of span o mod n.

        This is what depth-to-space makes of n channels. Their strides are equal.
        """
        period = lcm(*(len(span.lows) for span in spans))
        advance = period // len(spans[0].lows) * spans[0].advance
        taps = [(span.low(place), span.high(place)) for place in range(period) for span in spans]
        return cls.of_taps(advance, taps)


HERE = Span(1, (0,), (0,))
"""An output that sees the place where it stands."""
