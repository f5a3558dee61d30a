"""Whether a series of times can be believed, and why not."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import special  # type: ignore[import-untyped]

from archlens.latency.machine.load import Surroundings
from archlens.latency.statistics.summary import Summary

__all__ = ["LEAST_SAMPLES", "WIDE", "doubts"]

LEAST_SAMPLES = 10
WIDE = 0.05
"""An interval of the median that is wider than this share of it says little."""
MATERIAL = 0.03
"""A change of the median that is smaller than this share of it is of no account."""
SPIKE = 1.5
CHANCE = 0.001
"""How likely a trend must be to come by chance, at most."""
SEPARATION = 5.0
"""How far apart two modes are, over their spreads; halves of one normal distribution come to 2.6.

Few samples fall apart by chance: n of them must be 40 / n farther apart.
"""
MODE = 0.15
"""The share of the samples that the smaller of two modes must have."""
CLOCK = 0.05
BUSY = 0.1


def doubts(
    samples: Sequence[float], summary: Summary, surroundings: Surroundings, *, settled: bool = True
) -> tuple[str, ...]:
    """Why a measurement cannot be believed, a sentence each that starts with the kind of trouble.

    settled  whether times had stopped falling when the first sample was taken
    """
    series = np.asarray(samples, dtype=np.float64)
    found = (
        few(series),
        spread(series, summary),
        warming(settled),
        spikes(summary),
        drift(series),
        modes(series),
        load(surroundings),
        clock(surroundings),
    )
    return tuple(sentence for sentence in found if sentence)


def few(series: NDArray[np.float64]) -> str:
    """A sentence if there are too few samples."""
    count = len(series)
    if count >= LEAST_SAMPLES:
        return ""
    return f"few samples: {count}, and {LEAST_SAMPLES} are the least that say something about the spread"


def spread(series: NDArray[np.float64], summary: Summary) -> str:
    """A spread that is too large for the samples there are, or none at all."""
    if len(series) > 1 and np.ptp(series) == 0:
        return "no spread: all samples are the same to the last digit, so the clock is too coarse"
    if summary.width > WIDE:
        return f"spread: the interval is {100 * summary.width:.0f} % of the median wide"
    return ""


def spikes(summary: Summary) -> str:
    """A sentence if some samples took far longer than the others."""
    if summary.p90 < SPIKE * summary.median:
        return ""
    return f"spikes: 1 sample in 10 took {summary.p90 / summary.median:.1f} times the median or more"


def warming(settled: bool) -> str:
    """A sentence if the warm-up ended because its time was over."""
    return "" if settled else "warm-up: times were still falling when it ran out of time"


def drift(series: NDArray[np.float64]) -> str:
    """A trend: by Spearman's rank correlation with time, and by how much the last third differs.

    Without a trend, r · √((n − 2) / (1 − r²)) has about Student's distribution with n − 2 degrees of freedom.
    """
    count = len(series)
    if count < LEAST_SAMPLES or np.ptp(series) == 0:
        return ""
    ranks = np.argsort(np.argsort(series))
    correlation = float(np.corrcoef(np.arange(count), ranks)[0, 1])
    third = count // 3
    start, end = float(np.median(series[:third])), float(np.median(series[-third:]))
    change = end / start - 1
    quantile = special.stdtrit(count - 2, 1 - CHANCE / 2)
    if abs(correlation) < quantile / np.sqrt(count - 2 + quantile**2) or abs(change) < MATERIAL:
        return ""
    way = "longer" if change > 0 else "shorter"
    return f"drift: times got {100 * abs(change):.0f} % {way} from the first third of the samples to the last"


def modes(series: NDArray[np.float64]) -> str:
    """Two modes: the split in two that leaves the least spread, where that leaves hardly any.

    separation = (mean₂ − mean₁) / √((variance₁ + variance₂) / 2), Ashman's D over √2
    """
    count = len(series)
    least = max(3, int(np.ceil(MODE * count)))
    if count < max(LEAST_SAMPLES, 2 * least) or np.ptp(series) == 0:
        return ""
    ordered = np.sort(series)
    below = np.arange(1, count)
    sums, squares = np.cumsum(ordered)[:-1], np.cumsum(ordered**2)[:-1]
    means = sums / below, (ordered.sum() - sums) / (count - below)
    spreads = (
        squares / below - means[0] ** 2,
        (np.sum(ordered**2) - squares) / (count - below) - means[1] ** 2,
    )
    within = (below * spreads[0] + (count - below) * spreads[1])[least - 1 : count - least]
    split = int(np.argmin(within)) + least - 1
    low, high = float(means[0][split]), float(means[1][split])
    scale = float(np.sqrt(max(spreads[0][split] + spreads[1][split], 0.0) / 2))
    if high - low < (SEPARATION + 40 / count) * scale or high - low < MATERIAL * float(np.median(series)):
        return ""
    share = 100 * (count - split - 1) / count
    return f"two modes: {share:.0f} % of the samples are about {high / low:.2f} times as long as the others"


def load(surroundings: Surroundings) -> str:
    """Other processes that took cores which the network was given, or most of the machine."""
    others, cores = surroundings.others, surroundings.cores
    crowded = others + surroundings.threads > cores and others > BUSY
    if not crowded and others < cores / 2:
        return ""
    return f"load: other processes kept {others:.1f} of {cores} cores busy"


def clock(surroundings: Surroundings) -> str:
    """A sentence if the processor's clock changed while samples were taken."""
    if surroundings.clocks is None:
        return ""
    before, after = surroundings.clocks
    if abs(after - before) <= CLOCK * before:
        return ""
    return f"clock: it went from {before:.0f} to {after:.0f} MHz"
