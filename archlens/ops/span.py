"""Which places of an input a place of the output sees, along one axis."""

from collections.abc import Iterable
from fractions import Fraction
from math import gcd
from typing import NamedTuple

from archlens.ops.window import Window

__all__ = ["HERE", "Span"]


class Span(NamedTuple):
    """The stretch of places that place o of an output sees, which moves on as o does.

    first(o) = lows[o mod p] + ⌊o / p⌋ · advance
    last(o)  = highs[o mod p] + ⌊o / p⌋ · advance

    with period p = len(lows): 1 for convolutions and pools, more behind an up-sampling, where
    neighbouring outputs start from the same input. Places count from 0 and may lie outside: padding.

    >>> Span.of_window(Window(kernel=3, stride=2, dilation=1, before=1, after=1))
    Span(advance=2, lows=(-1,), highs=(1,))
    """

    advance: int
    lows: tuple[int, ...]
    highs: tuple[int, ...]

    @classmethod
    def of_window(cls, window: Window) -> "Span":
        """A window with k taps d apart, stride s and padding p before sees s·o − p … s·o − p + d·(k − 1)."""
        return cls(window.stride, (-window.before,), (window.extent - 1 - window.before,))

    @property
    def size(self) -> int:
        """The receptive field: how many places from the first to the last, the most that any output sees."""
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

    def then(self, later: "Span") -> "Span":
        """What the output of a later operator sees through this one: the fields' recurrence
        (Araujo, Norris and Sim, Distill 2019, Eq. 2 to 4), with a period.

        first(o) = first_here(first_later(o)), and so for the last, as both never go backwards
        """
        period = len(self.lows)
        if period == 1 and len(later.lows) == 1:
            advance = self.advance
            return Span(
                advance * later.advance,
                (self.lows[0] + later.lows[0] * advance,),
                (self.highs[0] + later.highs[0] * advance,),
            )
        repeats = period // gcd(period, later.advance)
        places = range(len(later.lows) * repeats)
        return Span(
            later.advance * repeats * self.advance // period,
            tuple(self.low(later.low(place)) for place in places),
            tuple(self.high(later.high(place)) for place in places),
        )

    def joined(self, other: "Span") -> "Span":
        """From the first place that either sees to the last. Their strides are equal."""
        if self.advance == other.advance:
            lows, highs = self.lows, self.highs
            if len(lows) == 1:
                return Span(self.advance, (min(lows[0], other.lows[0]),), (max(highs[0], other.highs[0]),))
        period = len(self.lows) * len(other.lows) // gcd(len(self.lows), len(other.lows))
        places = range(period)
        return Span(
            period // len(self.lows) * self.advance,
            tuple(min(self.low(place), other.low(place)) for place in places),
            tuple(max(self.high(place), other.high(place)) for place in places),
        )

    @classmethod
    def of_taps(cls, advance: int, taps: Iterable[tuple[int, int]]) -> "Span":
        """From the (first, last) places that each output of a period sees."""
        lows, highs = zip(*taps, strict=True)
        return cls(advance, lows, highs)


HERE = Span(1, (0,), (0,))
"""An output that sees the place where it stands."""
