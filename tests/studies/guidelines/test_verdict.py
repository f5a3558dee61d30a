"""Verdicts on speeds that are made up."""

from dataclasses import replace

import pytest

from archlens.studies.guidelines.experiment import Experiment, experiments
from archlens.studies.guidelines.printed import GUIDELINES, guideline
from archlens.studies.guidelines.speed import Interval
from archlens.studies.guidelines.verdict import (
    Finding,
    Outcome,
    Trial,
    Verdict,
    Word,
    judge,
    judge_printed,
    outcome,
)
from tests.studies.guidelines.racing import race, speed


@pytest.mark.parametrize(
    ("sure", "slower", "faster"),
    [
        ((0.5, 0.9), "holds", "reversed"),
        ((1.1, 1.5), "reversed", "holds"),
        ((0.9, 1.1), "cannot tell", "cannot tell"),
        ((0.99, 1.01), "no difference", "no difference"),
        ((0.985, 0.999), "no difference", "no difference"),  # for sure slower, and for sure not worth a word
        ((0.97, 0.999), "holds", "reversed"),
        ((0.97, 1.0), "cannot tell", "cannot tell"),
        ((0.0, float("inf")), "cannot tell", "cannot tell"),
    ],
)
def test_outcomes(sure: Interval, slower: Outcome, faster: Outcome) -> None:
    assert outcome(sure, slower=True) == slower
    assert outcome(sure, slower=False) == faster


def of(*outcomes: Outcome) -> Verdict:
    """A verdict from what the comparisons show."""
    return Verdict(
        guideline=GUIDELINES[0],
        findings=tuple(
            Finding(row=str(i), scale=1, ratio=0.5 + i / 10, likely=(0.4, 0.6), outcome=each)
            for i, each in enumerate(outcomes)
        ),
    )


@pytest.mark.parametrize(
    ("outcomes", "word"),
    [
        ((), "not measured"),
        (("holds", "holds"), "holds"),
        (("holds", "cannot tell"), "holds in part"),
        (("holds", "reversed"), "holds in part"),
        (("holds", "reversed", "no difference"), "does not hold"),
        (("reversed", "reversed"), "does not hold"),
        (("no difference", "no difference", "cannot tell"), "does not hold"),
        (("cannot tell", "reversed"), "cannot tell"),
        (("cannot tell",), "cannot tell"),
    ],
)
def test_words(outcomes: tuple[Outcome, ...], word: Word) -> None:
    assert of(*outcomes).word == word


def test_the_largest_effect_is_one_that_shows_it() -> None:
    found = of("cannot tell", "holds", "holds", "reversed")
    assert found.largest is not None
    assert found.largest.row == "1"
    assert of("reversed").largest is None


def first_guideline(scales: tuple[int, ...] = (1,)) -> tuple[Experiment, ...]:
    return experiments(guideline("g1"), scales, "gpu")


def test_a_guideline_that_holds() -> None:
    found = judge(guideline("g1"), first_guideline(), [race(1, 0.88, 0.59, 0.51)])
    assert found.word == "holds"
    assert [finding.row for finding in found.findings] == ["1:2", "1:6", "1:12"]
    assert found.largest is not None
    assert found.largest.row == "1:12"


def test_rows_are_compared_by_multiply_adds() -> None:
    """1:12 runs 3 % faster for having 5.1 % fewer multiply-adds: at equal ones it would be 2.2 % slower."""
    measured = replace(race(1, 1, 1, 1), speeds=(*race(1, 1, 1).speeds, speed(1.03, spread=0.001)))
    finding = judge(guideline("g1"), first_guideline(), [measured]).findings[-1]
    assert finding.ratio == pytest.approx(1.03 * 36 * 432 / 128**2)
    assert finding.likely == pytest.approx((1.03 * 0.999 * 0.94921875, 1.03 * 1.001 * 0.94921875))
    assert finding.ratio < 0.98
    assert finding.outcome == "holds"


def test_a_row_that_is_faster_is_a_finding() -> None:
    found = judge(guideline("g1"), first_guideline(), [race(1, 1.3, 0.5, 0.5)])
    assert [finding.outcome for finding in found.findings] == ["reversed", "holds", "holds"]
    assert found.word == "holds in part"


def test_g4_expects_what_is_left_to_be_faster() -> None:
    (experiment,) = experiments(guideline("g4"), (1,), "arm")
    assert judge(guideline("g4"), [experiment], [race(1, 1.1, 1.1, 1.2)]).word == "holds"
    assert judge(guideline("g4"), [experiment], [race(1, 0.9, 0.9, 0.8)]).word == "does not hold"


def test_a_noisy_machine_cannot_tell() -> None:
    found = judge(guideline("g1"), first_guideline(), [race(1, 0.88, 0.8, 0.9, spread=0.3)])
    assert found.word == "cannot tell"


def test_what_was_not_measured_is_not_judged() -> None:
    both = first_guideline((1, 2))
    assert judge(guideline("g1"), both, []).word == "not measured"
    found = judge(guideline("g1"), both, [race(1, 0.8, 0.8, 0.8)])
    assert {finding.scale for finding in found.findings} == {1}
    trial = Trial(guideline=guideline("g1"), experiments=both, races=(race(1, 0.8, 0.8, 0.8),))
    assert trial.verdict == found


@pytest.mark.parametrize(
    ("key", "gpu", "arm"),
    [("g1", (9, 9), (9, 9)), ("g2", (9, 9), (9, 9)), ("g3", (12, 12), (9, 12)), ("g4", (9, 9), (9, 9))],
)
def test_the_paper_s_own_speeds(key: str, gpu: tuple[int, int], arm: tuple[int, int]) -> None:
    """On the ARM core, fragments in series are as fast as one in three of six cells of Table 3."""
    found = experiments(guideline(key), (1, 2, 4), "gpu")
    assert judge_printed(found, "gpu") == gpu
    assert judge_printed(found, "arm") == arm
