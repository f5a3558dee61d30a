"""What a calibration goes on from, and what it does not."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from archlens.devices.earlier import Earlier, earlier_tries, key_of
from archlens.devices.plan import tasks
from archlens.latency.network.conditions import Conditions
from archlens.latency.store.store import StoredRun

CONDITIONS = Conditions(threads=1)


def test_the_key_tells_all_that_matters() -> None:
    small = tasks("cpu")[:2]
    key = key_of(small, CONDITIONS)
    assert key == key_of(small, Conditions(threads=1))
    assert len({key, key_of(small[:1], CONDITIONS), key_of(small, replace(CONDITIONS, threads=2))}) == 3


NOW = datetime(2026, 1, 2, tzinfo=UTC)


def stored(
    id: int, task: int, attempt: str, summary: dict[str, Any], *, hours: float = 1, **other: Any
) -> StoredRun:
    described = {"calibration": "abc", "task": task, "try": attempt, "repeats": 2, **other}
    started = (NOW - timedelta(hours=hours)).isoformat()
    return StoredRun(id, started, None, described, {"fingerprint": "7f3a"}, summary, 3, 1.0)


def kept(id: int) -> Sequence[float]:
    """Of run 4, the newest, a turn is missing, as after a kill."""
    return [float(id)] * (2 if id == 4 else 3)


def test_tries_that_were_not_finished_are_gone_on_with() -> None:
    runs = [stored(id, id % 2, "second" if id > 2 else "first", {}) for id in (4, 3, 2, 1)]
    found = earlier_tries(runs, kept, "abc", "7f3a", NOW)
    assert found.tries == ({1: [1.0] * 3, 0: [2.0] * 3}, {1: [3.0] * 2, 0: [4.0] * 2})
    assert found.seconds == 2 * (3 * 1 + 3 * 2 + 2 * 3 + 2 * 4)


@pytest.mark.parametrize("other", [{"calibration": "xyz"}, {"calibration": None}, {"hours": 30}])
def test_others_are_not(other: dict[str, Any]) -> None:
    runs = [stored(1, 0, "first", {}, **other)]
    assert earlier_tries(runs, kept, "abc", "7f3a", NOW) == Earlier()


def test_nor_is_another_machine_s_or_what_came_to_its_end() -> None:
    runs = [stored(2, 0, "second", {"calibrated": True}), stored(1, 0, "first", {})]
    assert earlier_tries(runs, kept, "abc", "7f3a", NOW) == Earlier()
    assert earlier_tries(runs[1:], kept, "abc", "aaaa", NOW) == Earlier()
    assert earlier_tries(runs[1:], kept, "abc", "7f3a", NOW).seconds == 6
