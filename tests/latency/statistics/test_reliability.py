"""Doubts about series whose truth is known."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from archlens.latency.machine.load import Surroundings
from archlens.latency.statistics.reliability import doubts
from archlens.latency.statistics.summary import summarize

Series = NDArray[np.float64]
Random = np.random.Generator

CALM = Surroundings(others=0.0, cores=2, threads=2, clocks=(2000.0, 2010.0))


def found(series: Series, surroundings: Surroundings = CALM, *, settled: bool = True) -> list[str]:
    """The words that the doubts start with."""
    samples = [float(value) for value in series]
    sentences = doubts(samples, summarize(samples), surroundings, settled=settled)
    return [sentence.partition(":")[0] for sentence in sentences]


STEADY: dict[str, Callable[[Random, int], Series]] = {
    "normal": lambda random, count: 1 + 0.01 * random.standard_normal(count),
    "long tail": lambda random, count: 1 + 0.02 * random.exponential(size=count),
    "uniform": lambda random, count: 1 + 0.03 * random.random(count),
}


@pytest.mark.parametrize("count", [10, 30, 200])
@pytest.mark.parametrize("name", STEADY)
def test_false_alarms_are_rare(name: str, count: int) -> None:
    """At most 1 steady series in 33 is doubted, among 10 samples and among 200."""
    random = np.random.default_rng(count)
    alarms = sum(bool(found(STEADY[name](random, count))) for _ in range(100))
    assert alarms <= 3


@pytest.mark.parametrize("count", [20, 200])
@pytest.mark.parametrize("change", [0.1, -0.2])
def test_drift(count: int, change: float) -> None:
    random = np.random.default_rng(0)
    series = np.linspace(1, 1 + change, count) + 0.01 * random.standard_normal(count)
    assert "drift" in found(series)


def test_a_drift_is_told_with_its_size() -> None:
    samples = [1.0, 1.001, 1.002, 1.003, 1.2, 1.3, 1.4, 1.5, 2.0, 2.001, 2.004, 2.005]
    (sentence,) = (each for each in doubts(samples, summarize(samples), CALM) if each.startswith("drift"))
    assert sentence == "drift: times got 100 % longer from the first third of the samples to the last"


@pytest.mark.parametrize("share", [0.2, 0.5])
def test_two_modes(share: float) -> None:
    random = np.random.default_rng(0)
    series = np.where(random.random(200) < share, 1.3, 1.0) + 0.01 * random.standard_normal(200)
    assert "two modes" in found(series)


def test_spikes() -> None:
    random = np.random.default_rng(0)
    series = np.where(random.random(200) < 0.14, 1.5 + 5 * random.random(200), 1.0)
    assert "spikes" in found(series + 0.001 * random.random(200))


def test_a_clock_that_is_too_coarse() -> None:
    assert found(np.full(20, 1e-3)) == ["no spread"]


def test_few_samples() -> None:
    assert found(np.array([1.0])) == ["few samples"]
    assert found(np.array([1.0, 1.001, 1.002])) == ["few samples"]


def test_a_wide_interval() -> None:
    assert found(np.array([1.0, 1.1, 1.2] * 5)) == ["spread"]


def steady() -> Series:
    return STEADY["normal"](np.random.default_rng(5), 50)


@pytest.mark.parametrize(
    ("surroundings", "words"),
    [
        (CALM, []),
        (Surroundings(others=0.05, cores=2, threads=2), []),
        (Surroundings(others=0.5, cores=2, threads=2), ["load"]),
        (Surroundings(others=0.5, cores=2, threads=1), []),
        (Surroundings(others=1.2, cores=2, threads=1), ["load"]),
        (Surroundings(others=9.0, cores=16, threads=1), ["load"]),
        (Surroundings(cores=2, threads=2, clocks=(2000.0, 1500.0)), ["clock"]),
        (Surroundings(cores=2, threads=2, clocks=(2000.0, 1990.0)), []),
    ],
)
def test_surroundings(surroundings: Surroundings, words: list[str]) -> None:
    assert found(steady(), surroundings) == words


def test_a_warm_up_that_ran_out() -> None:
    assert found(steady(), settled=False) == ["warm-up"]
