"""What earlier tries of a calibration left in the store, which the same command goes on from."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import torch

from archlens.devices.plan import Task
from archlens.latency.network.conditions import Conditions
from archlens.latency.store.store import StoredRun

__all__ = ["Earlier", "Rounds", "earlier_tries", "key_of"]

Rounds = Mapping[int, Sequence[float]]
"""Seconds a call by the number of the task, a number for each round."""

AGE = timedelta(days=1)
"""A try that was not finished can be gone on with for so long."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """What earlier tries of a calibration left in the store: whole rounds, and the seconds they took."""

    tries: tuple[Rounds, ...] = ()
    seconds: float = 0.0


def key_of(tasks: Sequence[Task], conditions: Conditions) -> str:
    """Eight digits that tell which runs of a store belong to one calibration: all that it depends on."""
    content = (
        [(task.graph.model, task.graph.input_shape) for task in tasks],
        conditions,
        torch.__version__,
    )
    return hashlib.sha256(repr(content).encode()).hexdigest()[:8]


def earlier_tries(
    runs: Sequence[StoredRun],
    samples: Callable[[int], Sequence[float]],
    key: str,
    fingerprint: str,
    now: datetime | None = None,
) -> Earlier:
    """What a calibration can go on from: tries of the last day that were not finished, on this machine.

    runs     of the store, newest first; `samples` gives those of a run
    key      of the calibration, as `key_of` has it

    A try that came to its end also ends what came before it.
    """
    since = (now or datetime.now(UTC)) - AGE
    tries: dict[str, dict[int, tuple[StoredRun, Sequence[float]]]] = {}
    for run in runs:
        what = run.description
        if what.get("calibration") != key or run.fingerprint != fingerprint:
            continue
        if run.summary.get("calibrated") or datetime.fromisoformat(run.started) < since:
            break
        tries.setdefault(str(what.get("try")), {})[int(what["task"])] = (run, samples(run.id))
    found, seconds = [], 0.0
    for taken in reversed(tries.values()):
        rounds = min(len(each) for _, each in taken.values())
        if rounds:
            found.append({task: [*each[:rounds]] for task, (_, each) in taken.items()})
            seconds += sum(
                sum(each[:rounds]) * int(run.description["repeats"]) for run, each in taken.values()
            )
    return Earlier(tuple(found), seconds)
