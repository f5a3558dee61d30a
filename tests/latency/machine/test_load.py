"""What other processes did, as counters tell it that do what they are told."""

import pytest

from archlens.latency.machine import load as surroundings
from archlens.latency.machine.load import Watch
from archlens.latency.network.conditions import Conditions


def watched(
    monkeypatch: pytest.MonkeyPatch, *readings: tuple[float, float, float], clocks: tuple[float | None, ...]
) -> surroundings.Surroundings:
    left, ticking = iter(readings), iter(clocks)
    monkeypatch.setattr(surroundings, "busy_seconds", lambda: next(left))
    monkeypatch.setattr(surroundings, "clock", lambda: next(ticking))
    with Watch(Conditions(), 2) as watch:
        pass
    return watch.seen()


def test_others_are_what_we_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """In 10 s all cores worked for 18 s, and 12 of those for us."""
    seen = watched(monkeypatch, (100.0, 5.0, 50.0), (118.0, 17.0, 60.0), clocks=(2000.0, 1900.0))
    assert seen.others == pytest.approx(0.6)
    assert seen.threads == 2
    assert seen.clocks == (2000.0, 1900.0)


def test_a_blink_tells_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = watched(monkeypatch, (100.0, 5.0, 50.0), (100.1, 5.0, 50.01), clocks=(None, None))
    assert (seen.others, seen.clocks) == (0.0, None)


def test_real_counters_go_up() -> None:
    start, end = surroundings.busy_seconds(), surroundings.busy_seconds()
    assert all(after >= before for before, after in zip(start, end, strict=True))
