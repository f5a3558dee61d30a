"""Timers, warm-up and sampling, under a clock that does what it is told."""

from collections.abc import Iterator
from itertools import chain, repeat

import numpy as np
import pytest

from archlens.latency.sampling.timing import clock_timer, repeats_for, sample, warm_up
from archlens.latency.statistics.summary import Summary


class Time:
    """A clock that only calls move, each by the next of the given seconds."""

    def __init__(self, *seconds: float) -> None:
        self.now = 0.0
        self.calls = 0
        self.last = seconds[-1]
        self.left: Iterator[float] = chain(seconds, repeat(seconds[-1]))

    def call(self) -> None:
        self.calls += 1
        self.now += next(self.left)

    def clock(self) -> float:
        return self.now

    def nanoseconds(self) -> int:
        return round(1e9 * self.now)

    def timed(self, repeats: int) -> float:
        return clock_timer(self.call, self.nanoseconds)(repeats)


def test_a_timer_divides_by_the_calls() -> None:
    time = Time(1.0, 2.0, 3.0)
    assert time.timed(3) == pytest.approx(2.0)
    assert time.calls == 3


def test_a_warm_up_goes_on_while_times_fall() -> None:
    time = Time(9, 8, 7, 6, 5, 4, 3, 2, 1)
    assert warm_up(time.timed, limit=1000, clock=time.clock) == (1.0, True)
    assert time.calls == 15  # 8, 5, 2, 1 and 1: windows of three


def test_a_warm_up_ends_with_the_time() -> None:
    time = Time(*range(100, 0, -1))
    seconds, settled = warm_up(time.timed, limit=500, clock=time.clock)
    assert not settled
    assert time.calls == 6
    assert seconds == 96


def test_a_warm_up_that_takes_as_long_as_its_limit_is_one_window() -> None:
    time = Time(10.0)
    assert warm_up(time.timed, limit=1, clock=time.clock) == (10.0, False)
    assert time.calls == 3


@pytest.mark.parametrize(
    ("seconds", "least_time", "repeats"), [(1.0, 2.0, 1), (1e-3, 2.0, 2), (1e-5, 0.0, 10), (1e-5, 2.0, 200)]
)
def test_repeats(seconds: float, least_time: float, repeats: int) -> None:
    assert repeats_for(seconds, least_time) == repeats


def taken(time: Time, least_time: float, most_time: float) -> list[float]:
    samples: list[float] = []
    sample(
        time.timed, 1, least_time=least_time, most_time=most_time, on_sample=samples.append, clock=time.clock
    )
    return samples


def test_ten_samples_at_least() -> None:
    assert len(taken(Time(1.0), 0, 0)) == 10


def test_steady_samples_end_with_the_least_time() -> None:
    assert 100 <= len(taken(Time(1.0), 100, 1000)) <= 110  # the end is looked for after every tenth more


def test_scattered_samples_end_with_the_most_time() -> None:
    scattered = np.random.default_rng(0).lognormal(0, 2, 1000)
    samples = taken(Time(*scattered), 10, 500)
    assert 500 <= sum(samples) <= 500 + max(scattered)


def test_scattered_samples_end_when_there_are_enough() -> None:
    scattered = np.random.default_rng(0).lognormal(0, 0.3, 10_000)
    assert 20 < len(taken(Time(*scattered), 10, 10_000)) < 5000


def test_every_sample_is_handed_on_before_an_interruption() -> None:
    samples: list[float] = []
    time = Time(1.0)

    def interrupted(repeats: int) -> float:
        if len(samples) == 4:
            raise KeyboardInterrupt
        return time.timed(repeats)

    with pytest.raises(KeyboardInterrupt):
        sample(interrupted, 1, least_time=1, most_time=5, on_sample=samples.append, clock=time.clock)
    assert samples == [1.0] * 4


def test_how_it_stands_is_told() -> None:
    heard: list[tuple[float, Summary]] = []
    time = Time(1.0)
    sample(
        time.timed,
        1,
        least_time=20,
        most_time=100,
        on_sample=lambda seconds: None,
        on_summary=lambda elapsed, summary: heard.append((elapsed, summary)),
        clock=time.clock,
    )
    assert next(elapsed for elapsed, _ in heard) == 10
    assert all(summary.median == 1.0 for _, summary in heard)
