"""Verdicts about times whose truth is known."""

import numpy as np
import pytest

from archlens.latency.statistics.ratio import Ratio, Verdict, compare_times

Sittings = list[list[float]]


def simulated(ratio: float, seed: int, *, sittings: int = 8, rounds: int = 20) -> tuple[Sittings, Sittings]:
    """Times as busy machines have them: sittings apart by 1 % by chance, noise that lasts, and spikes."""
    random = np.random.default_rng(seed)
    ours: Sittings = []
    theirs: Sittings = []
    for _ in range(sittings):
        shared = 1 + 0.3 * random.random(rounds).cumsum() / rounds
        for times, factor in ((ours, ratio), (theirs, 1.0)):
            bias = np.exp(0.01 * random.standard_normal())
            noise = np.exp(0.03 * np.convolve(random.standard_normal(rounds + 3), np.ones(4) / 2, "valid"))
            spikes = np.where(random.random(rounds) < 0.05, 3.0, 1.0)
            times.append([float(value) for value in factor * bias * shared * noise * spikes])
    return ours, theirs


def verdicts(ratio: float, count: int, **shape: int) -> list[Verdict]:
    found: list[Verdict] = []
    for seed in range(count):
        ours, theirs = simulated(ratio, seed, **shape)
        found.append(compare_times("a", "b", ours, theirs, seed=seed).verdict)
    return found


def test_equals_have_no_winner() -> None:
    """1 verdict in 100 at most: 20 comparisons then name two winners once in 60 times."""
    named = [verdict for verdict in verdicts(1.0, 200) if verdict != "no difference shown"]
    assert len(named) <= 3


def test_equals_have_no_winner_in_few_rounds() -> None:
    named = [verdict for verdict in verdicts(1.0, 200, rounds=3) if verdict != "no difference shown"]
    assert len(named) <= 3


@pytest.mark.parametrize(("ratio", "verdict"), [(1.08, "slower"), (0.92, "faster")])
def test_a_difference_of_8_percent_is_found(ratio: float, verdict: Verdict) -> None:
    found = verdicts(ratio, 50)
    assert found.count(verdict) >= 48
    assert set(found) <= {verdict, "no difference shown"}


def test_the_interval_holds_the_true_ratio() -> None:
    held = 0
    for seed in range(100):
        low, high = compare_times("a", "b", *simulated(1.2, seed)).interval
        held += low <= 1.2 <= high
    assert held >= 92


def test_one_sitting_says_nothing() -> None:
    ours, theirs = simulated(2.0, 0, sittings=1)
    found = compare_times("a", "b", ours, theirs)
    assert found.verdict == "no difference shown"


def test_the_same_times_are_one() -> None:
    ours, _ = simulated(1.0, 0)
    found = compare_times("a", "b", ours, ours)
    assert (found.ratio, found.interval, found.verdict) == (1.0, (1.0, 1.0), "no difference shown")


@pytest.mark.parametrize(
    ("interval", "strict", "verdict", "sentence"),
    [
        ((1.31, 1.38), (1.3, 1.4), "slower", "a is 1.31 to 1.38 times slower than b (95 %)"),
        ((0.5, 0.8), (0.4, 0.9), "faster", "a is 1.25 to 2.00 times faster than b (95 %)"),
        ((1.002, 1.004), (1.001, 1.005), "slower", "a is 1.002 to 1.004 times slower than b (95 %)"),
        (
            (0.97, 1.05),
            (0.96, 1.06),
            "no difference shown",
            "a and b: no difference that this machine could show (0.97 to 1.05)",
        ),
        (
            (1.02, 1.05),
            (0.99, 1.06),
            "no difference shown",
            "a and b: no difference shown for sure (1.02 to 1.05 at 95 %, 0.99 to 1.06 at 99 %)",
        ),
    ],
)
def test_sentences(
    interval: tuple[float, float], strict: tuple[float, float], verdict: Verdict, sentence: str
) -> None:
    found = Ratio(model="a", baseline="b", ratio=1.0, interval=interval, strict=strict)
    assert (found.verdict, found.sentence) == (verdict, sentence)


def test_the_contract() -> None:
    found = Ratio(model="a", baseline="b", ratio=0.5, interval=(0.4, 0.6), strict=(0.3, 0.7))
    assert found.as_dict() == {
        "model": "a",
        "baseline": "b",
        "ratio": 0.5,
        "interval": [0.4, 0.6],
        "verdict": "faster",
    }
