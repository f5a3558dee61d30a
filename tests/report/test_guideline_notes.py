"""The lines below the table of a guideline."""

from archlens.report.guideline_notes import interval, notes, unreliable, verdict_lines
from archlens.studies.guidelines.experiment import experiments
from archlens.studies.guidelines.printed import PrintedDevice, guideline
from archlens.studies.guidelines.speed import Race
from archlens.studies.guidelines.verdict import Trial
from tests.studies.guidelines.racing import race


def trial(key: str, *races: Race, scales: tuple[int, ...] = (1,), channels: PrintedDevice = "gpu") -> Trial:
    """A guideline with races that nobody ran."""
    its = guideline(key)
    return Trial(guideline=its, experiments=experiments(its, scales, channels), races=races)


def test_intervals() -> None:
    assert interval((0.476, 0.5249)) == "0.48–0.52"
    assert interval(None) == ""


def test_without_a_race() -> None:
    assert notes(trial("g1")) == [
        "as printed: GPU: GTX 1080 Ti, batches/s; ARM: Snapdragon 810, images/s; channels are those for GPU, "
        "ARM had others; ratios against 1:1 at the same scale",
        "over bound: memory access over the least that as many multiply-adds need in as many groups",
        "in the paper, slower than 1:1: 3 of 3 on GPU, 3 of 3 on ARM",
    ]


def test_table_4_has_the_same_channels_for_both() -> None:
    first, assumed, printed = notes(trial("g4"))
    assert "had others" not in first
    assert assumed.startswith("assumed: ")
    assert printed == "in the paper, faster than ReLU + shortcut: 3 of 3 on GPU, 3 of 3 on ARM"


def test_a_guideline_that_holds() -> None:
    found = trial("g2", race(1, 0.8, 0.6, 0.5))
    assert verdict_lines(found.verdict, found.experiments) == [
        "G2 holds here: 3 of 3 comparisons show it with 99 % confidence each, at equal work",
        "as it says: g=2 ×1 0.78–0.80×, g=4 ×1 0.59–0.61×, g=8 ×1 0.49–0.50×",
        "most here: g=8 ×1, 0.49×; in the paper 0.26× on GPU, 0.70× on ARM",
    ]


def test_a_guideline_that_does_not_is_a_finding() -> None:
    found = trial("g4", race(1, 0.9, 0.999, 1.2, spread=0.001))
    assert verdict_lines(found.verdict, found.experiments) == [
        "G4 does not hold here: 1 of 3 comparisons show it with 99 % confidence each, at equal work",
        "as it says: neither ×1 1.20–1.20×",
        "finding, the contrary: ReLU ×1 0.90–0.90×",
        "finding, no difference of 2 % or more: shortcut ×1 1.00–1.00×",
        "most here: neither ×1, 1.20×; in the paper 1.17× on GPU, 1.17× on ARM",
    ]
    assert found.verdict.word == "does not hold"


def test_a_machine_that_is_too_noisy() -> None:
    found = trial("g1", race(1, 0.9, 0.9, 0.9, spread=0.2))
    lines = verdict_lines(found.verdict, found.experiments)
    assert lines[0].startswith("G1 cannot be told to hold or not here: 0 of 3 comparisons show it")
    assert lines[1] == "cannot tell: 1:2 ×1 0.71–1.07×, 1:6 ×1 0.71–1.07×, 1:12 ×1 0.68–1.03×"
    assert len(lines) == 2


def test_doubts_by_kind() -> None:
    doubted = [("a", ("load: 2 cores", "drift: 4 %")), ("b", ("load: 1 core",)), ("c", ("load: x",))]
    assert unreliable(doubted) == [
        "speeds to doubt, though ratios are of runs in turns: load: all; drift: a",
    ]
    assert unreliable([("a", ())]) == []


def test_the_machine_is_named_once() -> None:
    found = notes(trial("g1", race(1, 1, 1, 1), race(1, 1, 1, 1), scales=(1, 2)))
    assert found.count("a machine of one's own") == 1
