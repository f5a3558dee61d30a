"""Samples of a time → what they say about it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Summary", "blocks", "median_interval", "summarize"]

Series = NDArray[np.float64]

CONFIDENCE = 0.95
RESAMPLES = 1000
LEAST_RESAMPLES = 200
FEW = 30
"""Fewer samples than these make too few runs: the interval would hold the median too seldom."""
MOST = 1_000_000
"""Values drawn at a time: what bounds the memory of a bootstrap."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A series of times in five figures, all in seconds.

    median    the middle one
    interval  where the median lies with 95 % confidence, by the bootstrap
    minimum   the smallest
    p90       what 9 in 10 do not exceed
    iqr       the interquartile range: between what 1 in 4 and what 3 in 4 do not exceed
    """

    median: float
    interval: tuple[float, float]
    minimum: float
    p90: float
    iqr: float

    @property
    def width(self) -> float:
        """The interval's width as a share of the median."""
        low, high = self.interval
        return (high - low) / self.median if self.median else 0.0


def summarize(samples: Sequence[float], *, seed: int = 0) -> Summary:
    """The five figures of one sample or more."""
    series = np.asarray(samples, dtype=np.float64)
    first, median, third, p90 = np.quantile(series, (0.25, 0.5, 0.75, 0.9))
    return Summary(
        median=float(median),
        interval=median_interval(series, seed=seed),
        minimum=float(series.min()),
        p90=float(p90),
        iqr=float(third - first),
    )


def median_interval(series: Series, *, confidence: float = CONFIDENCE, seed: int = 0) -> tuple[float, float]:
    """Where the median of a series lies: percentiles of the medians of its resamples.

    Neighbours in time are alike on a busy machine, so that single samples, drawn anew, would promise
    too much: of 30 and more, runs of about n^⅓ neighbours are drawn (the circular block bootstrap, Politis
    and Romano 1992).
    """
    resamples = max(LEAST_RESAMPLES, min(RESAMPLES, MOST // len(series)))
    medians = np.median(series[blocks(len(series), resamples, np.random.default_rng(seed))], axis=1)
    tail = (1 - confidence) / 2
    low, high = np.quantile(medians, (tail, 1 - tail))
    return float(low), float(high)


def blocks(count: int, resamples: int, random: np.random.Generator) -> NDArray[np.int64]:
    """Positions of a series drawn anew in runs: one row a resample, each as long as the series."""
    length = round(count ** (1 / 3)) if count >= FEW else 1
    starts = random.integers(0, count, (resamples, -(-count // length), 1))
    positions = (starts + np.arange(length)) % count
    return positions.reshape(resamples, -1)[:, :count]
