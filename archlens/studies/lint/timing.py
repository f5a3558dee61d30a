"""How much time an alternative saves on this machine."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from archlens.graph import Graph
from archlens.studies.lint.finding import Finding

if TYPE_CHECKING:
    from archlens.latency.statistics.ratio import LatencyComparison

__all__ = ["NAMES", "Contest", "Timing", "time_worst"]

Contest = Callable[[Sequence[Graph]], "LatencyComparison"]
"""Times networks in turns; the first is the baseline."""

NAMES = ("what is there", "the alternative")
"""What the two are called, in this order."""


@dataclass(frozen=True, slots=True)
class Timing:
    """The worst place of a finding and its alternative, timed in turns at their real shapes.

    now, instead  seconds, whose quotient is the ratio of the sentence
    verdict       whether the alternative is faster, slower, or no difference could be shown
    sentence      the verdict in words, with the interval that it rests on
    whole         as in `Pair`: whether the difference is what is saved, or an upper bound of it
    interrupted   whether there was less time than asked for
    """

    now: float
    instead: float
    verdict: str
    sentence: str
    whole: bool
    interrupted: bool

    @property
    def saved(self) -> float | None:
        """Seconds saved at this place; None where no difference was shown."""
        return None if self.verdict == "no difference shown" else self.now - self.instead

    def as_dict(self) -> dict[str, Any]:
        """The timing as `--format json` prints it."""
        return {
            "now_s": self.now,
            "instead_s": self.instead,
            "saved_s": self.saved,
            "upper_bound": not self.whole,
            "verdict": self.verdict,
            "sentence": self.sentence,
        }


def time_worst(finding: Finding, contest: Contest) -> Timing | None:
    """The worst place of a finding beside its alternative; None where there is nothing to be timed."""
    pair = finding.worst.pair
    if pair is None:
        return None
    compared = contest([pair.now, pair.instead])
    now, instead = compared.times
    (ratio,) = compared.ratios
    return Timing(
        now=now,
        instead=instead,
        verdict=ratio.verdict,
        sentence=ratio.sentence,
        whole=pair.whole,
        interrupted=compared.interrupted,
    )
