"""Which places of an axis a resized one is computed from."""

from fractions import Fraction
from math import ceil, floor

from archlens.ops.span import Span

__all__ = ["interpolation"]

NEIGHBOURS = {"linear": 1, "cubic": 2}
"""How far a kernel reaches to either side."""


def interpolation(
    length: int, wanted: int, kernel: str, places: str = "half_pixel", *, antialias: bool = False
) -> Span:
    """What each of m places sees of the n before. Place o lies there at

    half_pixel  (o + ½)·n / m − ½
    asymmetric  o·n / m

    Where the corners of both maps lie on each other, o·(n − 1) / (m − 1) is within half a place of the first,
    which is taken for it: fields of one size then move on by one stride.

    kernel  floor and nearest take one neighbour, below it or the closest; linear takes those on both sides,
            cubic two on each side; a place that lies on one of the n is that one's copy
    antialias  where m < n, kernels are as much wider
    """
    ratio = Fraction(length, wanted)
    shift = Fraction(0) if places == "asymmetric" else (ratio - 1) / 2
    period = ratio.denominator
    at = [ratio * place + shift for place in range(period)]
    return Span.of_taps(
        ratio.numerator, [taps(each, kernel, ratio if antialias else Fraction(1)) for each in at]
    )


def taps(at: Fraction, kernel: str, ratio: Fraction) -> tuple[int, int]:
    """The first and the last neighbour of a place."""
    if kernel == "floor":
        return floor(at), floor(at)
    if kernel == "nearest":
        return floor(at + Fraction(1, 2)), floor(at + Fraction(1, 2))
    if kernel == "nearest_down":
        return ceil(at - Fraction(1, 2)), ceil(at - Fraction(1, 2))
    if kernel == "ceil":
        return ceil(at), ceil(at)
    reach = NEIGHBOURS[kernel]
    if ratio > 1:
        wide = reach * ratio  # weights at the very ends are 0
        return floor(at - wide) + 1, ceil(at + wide) - 1
    if at.denominator == 1:
        return int(at), int(at)
    return floor(at) - reach + 1, floor(at) + reach
