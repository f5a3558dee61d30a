"""Networks timed in turns for a profile of this machine, from where an earlier try ended."""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from archlens.devices.earlier import Earlier
from archlens.devices.noise import Noise, judge
from archlens.devices.plan import Task
from archlens.errors import ArchlensError
from archlens.latency.machine import description as machine
from archlens.latency.machine.description import Machine
from archlens.latency.machine.load import Surroundings, Watch
from archlens.latency.network.conditions import Conditions
from archlens.latency.network.preparation import inference, prepare
from archlens.latency.sampling.measure import Samples, measurement, subject_of
from archlens.latency.sampling.measurement import Measurement
from archlens.latency.sampling.timing import Clock, repeats_for, timer_for, warm_up
from archlens.latency.sampling.turns import BRIEF, SITTINGS, TURNS, Contestant, move, sit

__all__ = ["Calibration", "Listener", "calibrate"]

LONGEST = 9
"""Rounds that have to fit into the time: tasks that take too long for it are left out, the longest first."""
AGAIN = 0.1
"""The share of the time that a calibration takes at least that goes on with an earlier one."""
WARM = 1.0
"""Seconds that a network may take to warm up, and a second call of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """Who hears of a calibration while it goes on; nobody unless given.

    shown    what is done now, and which share of the time is over
    begun    a task, what it is measured as, the machine, and how many calls a turn has
    sampled  a task, and the seconds of a call in its turn
    """

    shown: Callable[[str, float], None] = lambda text, share: None
    begun: Callable[[int, dict[str, Any], Machine], None] = lambda task, description, machine: None
    sampled: Callable[[int, float], None] = lambda task, seconds: None


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """The tasks that were timed, with their times and what disturbed them.

    tasks         those that were, and one measurement each; `positions` of the tasks that were asked for
    noise         what disturbed them
    left_out      what was not timed, a sentence each
    interrupted   whether Ctrl-C ended it before its time
    elapsed       seconds that it took, those of earlier tries included
    """

    tasks: tuple[Task, ...]
    positions: tuple[int, ...]
    measurements: tuple[Measurement, ...]
    noise: Noise
    left_out: tuple[str, ...]
    interrupted: bool
    elapsed: float


@dataclass(slots=True)
class Ready:
    """A task whose network is built and warmed up, so that it can be timed at once."""

    task: Task
    position: int
    contestant: Contestant
    seconds: float
    settled: bool
    finite: bool

    @property
    def turn(self) -> float:
        """Seconds of a turn of one call: short ones begin with a call that does not count."""
        return self.seconds * (2 if self.contestant.brief else 1)


def calibrate(
    tasks: Sequence[Task],
    conditions: Conditions,
    *,
    seconds: float,
    earlier: Earlier | None = None,
    listener: Listener | None = None,
    clock: Clock = time.perf_counter,
) -> Calibration:
    """Time all tasks in turns, in random order, until the time is up.

    seconds  in all, those for making the networks ready included
    earlier  what earlier tries have measured
    clock    tells the time

    After Ctrl-C the calibration so far is returned as interrupted; before the first whole round it goes on
    up.

    Raises an ArchlensError for what this machine cannot run.
    """
    listener, earlier = listener or Listener(), earlier or Earlier()
    start = clock()
    made, left_out = make_ready(tasks, conditions, listener, clock)
    left = max(seconds - earlier.seconds - (clock() - start), AGAIN * seconds)
    made, too_long = fitting(made, left)
    with inference(conditions):
        here = machine.describe()
        for ready in made:
            listener.begun(ready.position, describe(ready, conditions, here), here)
        with Watch(conditions, here.threads) as watch:
            interrupted = take_turns(made, conditions.seed, left, 1 - left / seconds, listener, clock)
    whole = [ready for ready in made if any(ready.contestant.sittings)]
    if not whole:
        raise KeyboardInterrupt
    kept = [each for each in earlier.tries if all(ready.position in each for ready in whole)]
    rounds = [
        [*chain.from_iterable(each[ready.position] for each in kept), *chain(*ready.contestant.sittings)]
        for ready in whole
    ]
    seen = watch.seen()
    return Calibration(
        tasks=tuple(ready.task for ready in whole),
        positions=tuple(ready.position for ready in whole),
        measurements=tuple(
            measured(ready, taken, conditions, here, seen, interrupted)
            for ready, taken in zip(whole, rounds, strict=True)
        ),
        noise=judge(rounds, others=seen.others, cores=seen.cores, threads=seen.threads),
        left_out=(*left_out, *too_long),
        interrupted=interrupted,
        elapsed=earlier.seconds + clock() - start,
    )


def make_ready(
    tasks: Sequence[Task], conditions: Conditions, listener: Listener, clock: Clock
) -> tuple[list[Ready], list[str]]:
    """Every network on its device and warm, and what could not be made so, a sentence each."""
    made: list[Ready] = []
    left_out: list[str] = []
    for position, task in enumerate(tasks):
        listener.shown(f"{task.graph.model}: building and warming up, {position + 1} of {len(tasks)}", 0.0)
        try:
            prepared = prepare(task.graph, conditions)
        except ArchlensError as error:
            left_out.append(str(error))
            continue
        with inference(conditions):
            timed = timer_for(prepared.run, conditions.device)
            taken, settled = warm_up(timed, limit=WARM, clock=clock)

        def moved(prepared: Any = prepared) -> None:
            move(prepared)

        made.append(
            Ready(task, position, Contestant(timed, 1, taken < BRIEF, moved), taken, settled, prepared.finite)
        )
    if not made:
        raise ArchlensError(f"nothing can be timed here: {left_out[0]}")
    return made, left_out


def fitting(made: Sequence[Ready], seconds: float) -> tuple[list[Ready], list[str]]:
    """The tasks that can have turns enough in this time, with their calls a turn, and why others cannot."""
    kept = sorted(made, key=lambda ready: ready.seconds)
    too_long = []
    while len(kept) > 1 and LONGEST * sum(ready.turn for ready in kept) > seconds:
        ready = kept.pop()
        too_long.append(f"{ready.task.graph.model} at batch {ready.task.graph.input_shape[0]}")
    said = [f"for lack of time: {', '.join(too_long)}"] if too_long else []
    for ready in kept:
        ready.contestant.repeats = repeats_for(ready.seconds, seconds / len(kept), TURNS)
    return sorted(kept, key=lambda ready: ready.position), said


def take_turns(
    made: Sequence[Ready], seed: int, seconds: float, share: float, listener: Listener, clock: Clock
) -> bool:
    """Sittings until the time is up, and whether Ctrl-C ended them.

    share  of all the time that was over before
    """
    order = random.Random(seed)
    end = clock() + seconds
    contestants = [ready.contestant for ready in made]

    def shown(_: float) -> None:
        left = max(0.0, end - clock())
        over = share + (1 - share) * (1 - left / seconds)
        listener.shown(f"{len(made)} networks in turns, {clock_time(left)} left", over)

    def heard(contestant: int, taken: float) -> None:
        listener.sampled(made[contestant].position, taken)
        shown(0.0)

    try:
        for sitting in range(SITTINGS):
            left = end - clock()
            if sitting and left <= 0:
                break
            sit(
                contestants,
                seconds=max(left, 0.0) / (SITTINGS - sitting),
                order=order,
                shown=shown,
                heard=heard,
                clock=clock,
            )
    except KeyboardInterrupt:
        return True
    return False


def clock_time(seconds: float) -> str:
    """Minutes and seconds: 2:05."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def describe(ready: Ready, conditions: Conditions, here: Machine) -> dict[str, Any]:
    """What a store holds of a task."""
    subject = subject_of(ready.task.graph, conditions, here, fused=False)
    return {**subject.as_dict(), "repeats": ready.contestant.repeats, "task": ready.position}


def measured(
    ready: Ready,
    taken: Sequence[float],
    conditions: Conditions,
    here: Machine,
    seen: Surroundings,
    interrupted: bool,
) -> Measurement:
    """The measurement of a task, from all of its turns."""
    samples = Samples(
        seconds=tuple(taken),
        repeats=ready.contestant.repeats,
        finite=ready.finite,
        settled=ready.settled,
        interrupted=interrupted,
        peak_memory=None,
        surroundings=seen,
    )
    graph = ready.task.graph
    return measurement(graph, subject_of(graph, conditions, here, fused=False), samples, here)
