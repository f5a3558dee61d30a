"""Speeds from times: a ratio of times, the other way up."""

from types import SimpleNamespace
from typing import Any

import pytest

from archlens.latency.network.conditions import Conditions
from archlens.latency.statistics.ratio import Ratio
from archlens.latency.statistics.summary import Summary
from archlens.studies.guidelines.speed import how, inverse, of_comparison, stopwatch
from tests.spec.written import network


def measurement(seconds: float, *warnings: str) -> Any:
    """As much of a measurement as a speed is made of."""
    return SimpleNamespace(
        summary=Summary(
            median=seconds, interval=(seconds / 2, seconds * 2), minimum=seconds, p90=seconds, iqr=0.0
        ),
        warnings=warnings,
        subject=SimpleNamespace(conditions=Conditions(), input=(4, 3, 8, 8), threads=2),
        machine="a machine",
    )


def test_a_network_that_takes_twice_as_long_is_half_as_fast() -> None:
    ratio = Ratio(model="b", baseline="a", ratio=2.0, interval=(1.6, 2.5), strict=(1.25, 4.0))
    comparison: Any = SimpleNamespace(
        measurements=(measurement(0.01), measurement(0.02, "load: others")),
        ratios=(ratio,),
        interrupted=True,
        times=(0.01, 0.02),
    )
    race = of_comparison(comparison)
    first, second = race.speeds
    assert (first.batches, first.ratio, first.likely) == (100, 1, (1, 1))
    assert first.batches_interval == (50, 200)
    assert (second.batches, second.ratio) == (50, 0.5)
    assert second.likely == (0.4, 0.625)
    assert second.sure == (0.25, 0.8)
    assert second.doubts == ("load: others",)
    assert race.interrupted
    assert race.where == ("cpu, batch 4, float32, eager, 2 threads", "a machine")


def test_speeds_have_the_quotient_of_the_ratio() -> None:
    """Its own median says 3 times as long, runs side by side say twice."""
    ratio = Ratio(model="b", baseline="a", ratio=2.0, interval=(1.6, 2.5), strict=(1.25, 4.0))
    comparison: Any = SimpleNamespace(
        measurements=(measurement(0.01), measurement(0.03)), ratios=(ratio,), interrupted=False,
        times=(0.01, 0.02),
    )  # fmt: skip
    first, second = of_comparison(comparison).speeds
    assert second.batches / first.batches == second.ratio == 0.5
    assert second.interval == pytest.approx((0.01, 0.04))


def test_how() -> None:
    assert how(Conditions(), 1, 1) == "cpu, batch 1, float32, eager, 1 thread"


def test_an_interval_that_reaches_zero() -> None:
    assert inverse((0.0, float("inf"))) == (0.0, float("inf"))
    assert inverse((0.5, 2.0)) == (0.5, 2.0)


def test_networks_take_turns_for_real() -> None:
    """Whatever the times are: one speed a network, and a share that grows."""
    graphs = [network("[{conv: {out: 4}}]"), network("[{conv: {out: 4}}, relu]")]
    shares: list[float] = []
    race = stopwatch(Conditions(threads=1), 0.0)(graphs, shares.append)
    assert len(race.speeds) == 2
    assert not race.interrupted
    assert race.speeds[0].ratio == 1
    low, high = race.speeds[1].likely
    assert low <= high
    assert all(speed.seconds > 0 for speed in race.speeds)
    assert shares == sorted(shares)
    assert race.where[0] == "cpu, batch 1, float32, eager, 1 thread"


def test_equal_ratios_have_equal_intervals() -> None:
    assert inverse(inverse((0.25, 0.8))) == pytest.approx((0.25, 0.8))
