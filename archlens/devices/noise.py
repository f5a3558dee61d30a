"""Whether the times of a calibration are those of the device, or of what else ran on it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

__all__ = ["LEAST_ROUNDS", "Noise", "judge"]

LEAST_ROUNDS = 6
"""Rounds below which nothing can be said about the spread."""

DRIFT = (0.05, 0.20)
"""By how much all networks together may become slower or faster between the halves of the time."""
SCATTER = (0.05, 0.20)
"""By how much the two halves may differ of half of the networks, beside the drift that they share."""
SPREAD = (0.20, 0.60)
"""How wide the middle half of a network's times may be, as a share of the median, for half of them."""
BUSY = (0.10, 0.50)
"""Cores that others may take from a thread that computes, for each thread."""


@dataclass(frozen=True, slots=True)
class Noise:
    """What disturbed a calibration: other load, a clock that changed, samples that spread.

    rounds   how many times every network had its turn
    drift    the share by which times changed from the first half of the rounds to the second
    scatter  the share by which a network's two halves differ beside that, the median of all networks
    spread   the interquartile range over the median, the median of all networks
    taken    cores that other processes took from each thread
    """

    rounds: int
    drift: float
    scatter: float
    spread: float
    taken: float

    @property
    def warnings(self) -> tuple[str, ...]:
        """Why the profile is not reliable, a sentence each; nothing where it is."""
        return self._beyond(0)

    @property
    def refusals(self) -> tuple[str, ...]:
        """Why the times are too noisy for a profile, a sentence each; empty where they will do."""
        return self._beyond(1)

    def _beyond(self, bound: int) -> tuple[str, ...]:
        few = f"few rounds: {self.rounds}, and {LEAST_ROUNDS} are the least that say something about noise"
        way = "longer" if self.drift > 0 else "shorter"
        sentences = (
            (self.rounds < LEAST_ROUNDS, few),
            (
                abs(self.drift) > DRIFT[bound],
                f"drift: times got {100 * abs(self.drift):.0f} % {way} from the first half to the second",
            ),
            (
                self.scatter > SCATTER[bound],
                f"scatter: the two halves of the time differ by {100 * self.scatter:.0f} %",
            ),
            (
                self.spread > SPREAD[bound],
                f"spread: the middle half of the times of a network is {100 * self.spread:.0f} % wide",
            ),
            (
                self.taken > BUSY[bound],
                f"load: other processes took {self.taken:.1f} cores from each thread that computed",
            ),
        )
        return tuple(sentence for wrong, sentence in sentences if wrong)


def judge(
    times: Sequence[Sequence[float]], *, others: float = 0.0, cores: int = 1, threads: int = 1
) -> Noise:
    """What disturbed the times of networks, a list each with a number a round.

    others   cores that other processes kept busy meanwhile; cores: how many there are
    threads  that the networks ran on
    """
    rounds = len(times[0])
    half = rounds // 2
    if half == 0:
        return Noise(rounds, 0.0, 0.0, 0.0, 0.0)
    changes = [math.log(median(each[half:]) / median(each[:half])) for each in times]
    common = median(changes)
    return Noise(
        rounds=rounds,
        drift=math.exp(common) - 1,
        scatter=median([abs(change - common) for change in changes]),
        spread=median([width(each) for each in times]),
        taken=max(0.0, others + threads - cores) / threads,
    )


def width(times: Sequence[float]) -> float:
    """The interquartile range over the median."""
    ordered = sorted(times)
    low, high = ordered[len(ordered) // 4], ordered[-1 - len(ordered) // 4]
    return (high - low) / median(ordered)
