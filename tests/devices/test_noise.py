"""What is told of disturbed times: each disturbance is made by hand, and nothing else is told."""

import random

import pytest

from archlens.devices.noise import judge


def quiet(networks: int = 8, rounds: int = 20) -> list[list[float]]:
    """Times that scatter by one percent."""
    draw = random.Random(0)
    return [[(1 + i) * draw.gauss(1, 0.01) for _ in range(rounds)] for i in range(networks)]


def test_quiet_times_have_no_warnings() -> None:
    noise = judge(quiet(), others=0.05, cores=2, threads=2)
    assert (noise.warnings, noise.refusals, noise.rounds) == ((), (), 20)


@pytest.mark.parametrize(("factor", "refused"), [(1.1, False), (1.4, True), (0.9, False)])
def test_a_drift_that_all_share(factor: float, refused: bool) -> None:
    times = [[*each[:10], *(factor * time for time in each[10:])] for each in quiet()]
    noise = judge(times)
    assert noise.drift == pytest.approx(factor - 1, abs=0.02)
    (warning,) = [each for each in noise.warnings if not each.startswith("spread")]
    assert warning.startswith("drift: times got ")
    assert ("shorter" in warning) == (factor < 1)
    assert any(each.startswith("drift") for each in noise.refusals) == refused


def test_halves_that_differ_network_by_network() -> None:
    times = [
        [*each[:10], *((1.1 if i % 2 else 0.9) * time for time in each[10:])]
        for i, each in enumerate(quiet())
    ]
    assert any(
        each.startswith("scatter: the two halves of the time differ by 1") for each in judge(times).warnings
    )


def test_a_wide_spread() -> None:
    times = [[time * (1.3 if round % 2 else 1) for round, time in enumerate(each)] for each in quiet()]
    (warning,) = judge(times).warnings
    assert warning.startswith("spread: the middle half of the times of a network is 2")


@pytest.mark.parametrize(
    ("others", "threads", "warned", "refused"),
    [
        (1.0, 1, False, False),
        (1.2, 1, True, False),
        (1.6, 1, True, True),
        (0.5, 2, True, False),
        (1.2, 2, True, True),
    ],
)
def test_others_that_take_cores(others: float, threads: int, warned: bool, refused: bool) -> None:
    """On two cores, one is left beside one thread, and none beside two."""
    noise = judge(quiet(), others=others, cores=2, threads=threads)
    assert any(each.startswith("load") for each in noise.warnings) == warned
    assert any(each.startswith("load") for each in noise.refusals) == refused


def test_few_rounds_are_refused() -> None:
    assert judge(quiet(rounds=5)).refusals == (
        "few rounds: 5, and 6 are the least that say something about noise",
    )
    assert judge(quiet(rounds=1)).refusals
