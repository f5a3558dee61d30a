"""Times of two networks, taken in turns → which of them is faster, if that can be told."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import special  # type: ignore[import-untyped]

from archlens.latency.sampling.measurement import Measurement
from archlens.latency.statistics.summary import CONFIDENCE, blocks

__all__ = ["STRICT", "LatencyComparison", "Ratio", "Verdict", "compare_times", "interval_of_ratio"]

Verdict = Literal["faster", "slower", "no difference shown"]
Logs = NDArray[np.float64]
Sittings = Sequence[Sequence[float]]
"""Seconds, a list a sitting and a number a round."""

STRICT = 0.99
"""The confidence that a verdict takes: at 95 %, one pair of equals in twenty would have a winner."""
RESAMPLES = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """How long a network takes over how long the baseline takes.

    ratio     of one round each: the median of a sitting, and the geometric mean of those
    interval  where it lies with 95 % confidence
    strict    where it lies with 99 %: a verdict takes an interval without 1
    """

    model: str
    baseline: str
    ratio: float
    interval: tuple[float, float]
    strict: tuple[float, float]

    @property
    def width(self) -> float:
        """The interval's width as a share of the ratio."""
        low, high = self.interval
        return (high - low) / self.ratio

    @property
    def verdict(self) -> Verdict:
        """Whether the model is faster or slower than the baseline, the same, or nobody can tell."""
        low, high = self.strict
        return "faster" if high < 1 else "slower" if low > 1 else "no difference shown"

    @property
    def sentence(self) -> str:
        """The verdict in words, with the interval that it rests on."""
        low, high = self.interval
        if self.verdict != "no difference shown":
            low, high = (1 / high, 1 / low) if self.verdict == "faster" else (low, high)
            return f"{self.model} is {_span(low, high)} times {self.verdict} than {self.baseline} (95 %)"
        shown = f"no difference that this machine could show ({_span(low, high)})"
        if low > 1 or high < 1:
            shown = (
                f"no difference shown for sure ({_span(low, high)} at 95 %, {_span(*self.strict)} at 99 %)"
            )
        return f"{self.model} and {self.baseline}: {shown}"

    def as_dict(self) -> dict[str, Any]:
        """The ratio as `--format json` prints it."""
        return {
            "model": self.model,
            "baseline": self.baseline,
            "ratio": self.ratio,
            "interval": list(self.interval),
            "verdict": self.verdict,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class LatencyComparison:
    """Networks that were timed in turns, with the ratio of each to the baseline.

    measurements  one a network, in the order given
    ratios        one for each network but the baseline
    """

    measurements: tuple[Measurement, ...]
    ratios: tuple[Ratio, ...]
    baseline: int

    @property
    def times(self) -> tuple[float, ...]:
        """Seconds of each network whose quotients are the ratios: the baseline's median, times each ratio.

        On a busy machine the medians by themselves have other quotients, as each is of other moments; the
        ratio is of runs side by side.
        """
        base = self.measurements[self.baseline].summary.median
        ratios = iter(self.ratios)
        return tuple(
            base if place == self.baseline else base * next(ratios).ratio
            for place in range(len(self.measurements))
        )

    @property
    def interrupted(self) -> bool:
        """Whether it was stopped before its time."""
        return any(each.interrupted for each in self.measurements)


def compare_times(model: str, baseline: str, times: Sittings, reference: Sittings, *, seed: int = 0) -> Ratio:
    """The ratio of two networks that were timed in the same rounds of the same sittings."""
    logs = [
        np.log(np.asarray(ours, dtype=np.float64) / np.asarray(theirs, dtype=np.float64))
        for ours, theirs in zip(times, reference, strict=True)
    ]
    return Ratio(
        model=model,
        baseline=baseline,
        ratio=float(np.exp(middle_of(logs))),
        interval=interval_of_ratio(logs, CONFIDENCE, seed=seed),
        strict=interval_of_ratio(logs, STRICT, seed=seed),
    )


def interval_of_ratio(logs: Sequence[Logs], confidence: float, *, seed: int = 0) -> tuple[float, float]:
    """Where the ratio lies, from the logarithms of the ratios of every round, sitting by sitting.

    Sittings are drawn anew, and runs of rounds within each: what all rounds of a sitting share, such as where
    the weights lie in memory, is chance, too. Drawing anew from K sittings makes too little of it, so
    that the interval is stretched about the ratio, by t(K − 1) / z · √(K / (K − 1)).
    """
    random = np.random.default_rng(seed)
    sittings = len(logs)
    shape = (RESAMPLES, sittings)
    if sittings < 2:
        return 0.0, float("inf")
    medians = np.array([resampled(each, random) for each in logs])
    means = medians[random.integers(0, sittings, shape), random.integers(0, RESAMPLES, shape)].mean(axis=1)
    tail = (1 - confidence) / 2
    ends = np.quantile(means, (tail, 1 - tail))
    stretch = special.stdtrit(sittings - 1, 1 - tail) / special.ndtri(1 - tail)
    stretch *= np.sqrt(sittings / (sittings - 1))
    middle = middle_of(logs)
    low, high = np.exp(middle + stretch * (ends - middle))
    return float(low), float(high)


def resampled(sitting: Logs, random: np.random.Generator) -> Logs:
    """The medians of a sitting whose rounds are drawn again with replacement: one sample of a bootstrap."""
    return np.median(sitting[blocks(len(sitting), RESAMPLES, random)], axis=1)


def middle_of(logs: Sequence[Logs]) -> float:
    """The mean of the medians of the sittings."""
    return float(np.mean([np.median(each) for each in logs]))


def _span(low: float, high: float) -> str:
    """`1.31 to 1.38`, with as many digits as tell the two apart, and from 1."""
    for digits in (2, 3, 4):
        shown = f"{low:.{digits}f}", f"{high:.{digits}f}"
        if shown[0] != shown[1] and float(shown[0]) != 1 and float(shown[1]) != 1:
            break
    return f"{shown[0]} to {shown[1]}"
