"""Whether a guideline holds on a device, by how much, and where it does not."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from archlens.studies.guidelines.experiment import Experiment
from archlens.studies.guidelines.printed import Guideline, PrintedDevice
from archlens.studies.guidelines.speed import Interval, Race

__all__ = [
    "NEGLIGIBLE",
    "Finding",
    "Outcome",
    "Trial",
    "Verdict",
    "Word",
    "judge",
    "judge_printed",
    "outcome",
]

Outcome = Literal["holds", "reversed", "no difference", "cannot tell"]
Word = Literal["holds", "holds in part", "does not hold", "cannot tell", "not measured"]

NEGLIGIBLE = 0.02
"""A difference that is smaller than this for sure counts as none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """How fast a row of the table is beside the first row at the same scale, and what that says.

    ratio    how many times as fast as the first it is, for each multiply-add
    likely   where that lies with 95 % confidence
    outcome  what that says about the guideline, with 99 %
    """

    row: str
    scale: int
    ratio: float
    likely: Interval
    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What all rows at all scales say about a guideline."""

    guideline: Guideline
    findings: tuple[Finding, ...]

    @property
    def counts(self) -> Counter[Outcome]:
        """How many comparisons have which outcome."""
        return Counter(finding.outcome for finding in self.findings)

    @property
    def word(self) -> Word:
        """The verdict on the guideline in a few words.

        holds          every comparison shows it
        does not hold  more show no difference, or the contrary, than show it
        cannot tell    none shows it, and half of them or more show nothing at all
        """
        counts, total = self.counts, len(self.findings)
        if not total:
            return "not measured"
        if counts["holds"] == total:
            return "holds"
        if not counts["holds"] and 2 * counts["cannot tell"] >= total:
            return "cannot tell"
        against = counts["reversed"] + counts["no difference"]
        return "does not hold" if against > counts["holds"] else "holds in part"

    @property
    def largest(self) -> Finding | None:
        """The comparison whose effect is largest."""
        shown = [finding for finding in self.findings if finding.outcome == "holds"]
        return max(shown, key=lambda finding: abs(finding.ratio - 1), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A guideline with its experiments on this device, as far as they are measured.

    experiments  one a scale
    races        what was measured of them, in their order: all, or fewer after Ctrl-C, or none
    """

    guideline: Guideline
    experiments: tuple[Experiment, ...]
    races: tuple[Race, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """The verdict of those experiments that were measured."""
        return judge(self.guideline, self.experiments, self.races)


def judge(guideline: Guideline, experiments: Sequence[Experiment], races: Sequence[Race]) -> Verdict:
    """The verdict of the first experiments, those that were measured.

    The multiply-adds of the rows are not quite equal. So that a row with fewer of them does not seem fast,
    rows are compared by multiply-adds a second: ratio of speeds × ratio of multiply-adds.
    """
    findings = []
    for experiment, race in zip(experiments, races, strict=False):
        for place, (case, speed) in enumerate(zip(experiment.cases, race.speeds, strict=True)):
            work = experiment.work(place)
            if place:
                findings.append(
                    Finding(
                        row=case.name,
                        scale=experiment.scale,
                        ratio=work * speed.ratio,
                        likely=times(speed.likely, work),
                        outcome=outcome(times(speed.sure, work), slower=guideline.slower),
                    )
                )
    return Verdict(guideline=guideline, findings=tuple(findings))


def judge_printed(experiments: Sequence[Experiment], device: PrintedDevice) -> tuple[int, int]:
    """How many of the speeds that the paper printed are on the side of the guideline, and of how many.

    They come without intervals and are taken as they stand, not by multiply-adds.
    """
    ratios = [
        experiment.printed(device, place)
        for experiment in experiments
        for place in range(1, len(experiment.cases))
    ]
    slower = experiments[0].guideline.slower if experiments else True
    return sum(ratio < 1 if slower else ratio > 1 for ratio in ratios), len(ratios)


def outcome(sure: Interval, *, slower: bool) -> Outcome:
    """What an interval of a ratio of speeds says about a row that ought to be slower, or else faster."""
    low, high = sure
    if low > 1 - NEGLIGIBLE and high < 1 + NEGLIGIBLE:
        return "no difference"
    if low <= 1 <= high:
        return "cannot tell"
    return "holds" if (high < 1) == slower else "reversed"


def times(interval: Interval, factor: float) -> Interval:
    """Both ends of an interval multiplied by a factor."""
    return interval[0] * factor, interval[1] * factor
