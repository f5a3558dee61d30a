"""Networks timed in turns for a profile: what is kept, gone on from, and what ends it. Never a time."""

from collections.abc import Callable
from typing import Any

import pytest

from archlens.devices.calibration import Listener, calibrate
from archlens.devices.earlier import Earlier
from archlens.devices.plan import LAYERS, Task, tasks
from archlens.errors import ArchlensError
from archlens.latency.network.conditions import Conditions
from archlens.latency.network.preparation import prepare

CONDITIONS = Conditions(threads=1)


@pytest.fixture(scope="module")
def small() -> tuple[Task, ...]:
    """Two tasks that take no time."""
    planned = tasks("cpu")
    return planned[LAYERS.index("relu")], next(each for each in planned if each.graph.model == "lenet5")


def test_every_task_has_its_turn_in_every_round(small: tuple[Task, ...]) -> None:
    heard: list[int] = []
    begun: list[dict[str, Any]] = []
    listener = Listener(
        begun=lambda task, description, machine: begun.append(description),
        sampled=lambda task, seconds: heard.append(task),
    )
    found = calibrate(small, CONDITIONS, seconds=0.5, listener=listener)
    assert [each.subject.model for each in found.measurements] == ["layer_relu", "lenet5"]
    assert [each["task"] for each in begun] == [0, 1]
    assert {each["repeats"] for each in begun} <= set(range(1, 10_000))
    rounds = found.noise.rounds
    assert [len(each.samples) for each in found.measurements] == [rounds, rounds]
    assert heard.count(0) == heard.count(1) == rounds >= 3
    assert (found.interrupted, found.left_out) == (False, ())


def test_what_earlier_tries_have_comes_first(small: tuple[Task, ...]) -> None:
    earlier = Earlier(({0: [1.0, 2.0], 1: [3.0, 4.0]}, {0: [5.0]}), 0.4)
    found = calibrate(small, CONDITIONS, seconds=0.5, earlier=earlier)
    assert [each.samples[:2] for each in found.measurements] == [(1.0, 2.0), (3.0, 4.0)]
    assert 5.0 not in found.measurements[0].samples  # that try lacks a task
    assert found.elapsed > 0.4


def interrupting(after: int) -> Callable[[int, float], None]:
    """What raises as Ctrl-C does, in the turn of that number."""
    turns = iter(range(10**6))

    def heard(task: int, seconds: float) -> None:
        if next(turns) + 1 == after:
            raise KeyboardInterrupt

    return heard


def test_an_interruption_keeps_whole_rounds(small: tuple[Task, ...]) -> None:
    found = calibrate(small, CONDITIONS, seconds=60, listener=Listener(sampled=interrupting(6)))
    assert found.interrupted
    assert [len(each.samples) for each in found.measurements] == [2, 2]
    with pytest.raises(KeyboardInterrupt):
        calibrate(small, CONDITIONS, seconds=60, listener=Listener(sampled=interrupting(1)))


def test_what_cannot_run_is_left_out(small: tuple[Task, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(graph: Any, conditions: Conditions) -> Any:
        if graph.model == "lenet5":
            raise ArchlensError("lenet5: does not fit")
        return prepare(graph, conditions)

    monkeypatch.setattr("archlens.devices.calibration.prepare", failing)
    found = calibrate(small, CONDITIONS, seconds=0.3)
    assert found.left_out == ("lenet5: does not fit",)
    assert [task.graph.model for task in found.tasks] == ["layer_relu"]
    with pytest.raises(ArchlensError, match="nothing can be timed here: lenet5: does not fit"):
        calibrate(small[1:], CONDITIONS, seconds=0.3)
