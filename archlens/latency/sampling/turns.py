"""Networks timed in turns, in random order, so that whatever drifts hits all alike."""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import chain

import torch

from archlens.errors import UsageError
from archlens.graph import Graph
from archlens.latency.machine import description, memory
from archlens.latency.machine.load import Watch
from archlens.latency.network.candidate import Candidate
from archlens.latency.network.conditions import Conditions
from archlens.latency.network.preparation import Prepared, inference, prepare
from archlens.latency.sampling.measure import (
    Observer,
    Samples,
    measurement,
    subject_of,
)
from archlens.latency.sampling.measurement import Measurement
from archlens.latency.sampling.timing import PATIENCE, Clock, Timer, repeats_for, timer_for, warm_up
from archlens.latency.statistics.ratio import LatencyComparison, Ratio, compare_times

__all__ = ["BRIEF", "SITTINGS", "TURNS", "Contestant", "Entrant", "contest", "move", "race", "sit"]

SITTINGS = 8
LEAST_ROUNDS = 3
BRIEF = 0.01
PRECISE = 0.02
"""Sittings go on until the interval of every ratio is narrower than this share of it."""
TURNS = 400
"""Turns that a contestant has in the least time, at most."""


@dataclass(slots=True)
class Contestant:
    """A network that takes turns with others.

    timed     seconds a call, from this many calls in a row
    repeats   calls in a turn that count
    brief     whether a call is so short that it matters who was in the caches before: then each turn begins
              with a call that does not count
    move      puts weights and data elsewhere in memory
    sittings  what was taken, a list a sitting and a number a round
    """

    timed: Timer
    repeats: int
    brief: bool = True
    move: Callable[[], None] = lambda: None
    sittings: list[list[float]] = field(default_factory=list)

    def turn(self) -> float:
        """Seconds a call."""
        if self.brief:
            self.timed(1)
        return self.timed(self.repeats)


@dataclass(frozen=True, slots=True)
class Entrant:
    """A network that is ready to take turns with others, and who hears of what is taken of it."""

    graph: Graph
    prepared: Prepared
    observer: Observer = field(default_factory=Observer)


def sit(
    contestants: Sequence[Contestant],
    *,
    seconds: float,
    order: random.Random,
    shown: Callable[[float], None] = lambda share: None,
    heard: Callable[[int, float], None] = lambda contestant, seconds: None,
    kept: Callable[[int, float], None] = lambda contestant, seconds: None,
    clock: Clock = time.perf_counter,
) -> None:
    """Rounds until the time is up, three at least: in each, every contestant has a turn, in random order.

    heard  hears of every turn when it is over: whose it was, and the seconds of a call
    kept   hears the same of the turns of a whole round, when that is over

    Only whole rounds are kept, whatever ends the sitting.
    """
    for contestant in contestants:
        contestant.move()
        contestant.timed(1)
        contestant.sittings.append([])
    turns = list(range(len(contestants)))
    start = clock()
    rounds = 0
    while rounds < LEAST_ROUNDS or clock() - start < seconds:
        order.shuffle(turns)
        taken = {}
        for i in turns:
            taken[i] = contestants[i].turn()
            heard(i, taken[i])
        for i, value in taken.items():
            contestants[i].sittings[-1].append(value)
        for i, value in taken.items():
            kept(i, value)
        rounds += 1
        shown((clock() - start) / seconds if seconds else 1.0)


def contest(
    networks: Sequence[Graph | Candidate],
    conditions: Conditions | None = None,
    *,
    baseline: int = 0,
    fused: bool = False,
    min_time: float = 2.0,
    shown: Callable[[float], None] = lambda share: None,
) -> LatencyComparison:
    """Time networks in turns, in sittings with their weights in other places of memory each time.

    networks  graphs are built, with random weights; see `Candidate` for what runs otherwise
    min_time  seconds for each network in the first eight sittings; more follow, five times as many at most,
              until the interval of every ratio is narrower than 2 %, whatever it says
    shown     hears now and then which share of the time is over

    Ctrl-C ends it, and what is known by then is returned, unless that is less than two sittings.

    Raises an ArchlensError for what this machine cannot run.
    """
    conditions = conditions or Conditions()
    if len(networks) < 2:
        raise UsageError(f"a comparison takes two models or more, not {len(networks)}")
    entrants = [Entrant(Candidate.of(each).graph, prepare(each, conditions)) for each in networks]
    names = [entrant.graph.model for entrant in entrants]

    def known(contestants: Sequence[Contestant]) -> bool:
        found = ratios_of(names, contestants, baseline, conditions.seed)
        return all(ratio.width < PRECISE for ratio in found)

    with inference(conditions):
        measurements, contestants = race(
            entrants, conditions, known, least=2, fused=fused, min_time=min_time, shown=shown
        )
    ratios = ratios_of(names, contestants, baseline, conditions.seed)
    return LatencyComparison(measurements=measurements, ratios=ratios, baseline=baseline)


def race(
    entrants: Sequence[Entrant],
    conditions: Conditions,
    known: Callable[[Sequence[Contestant]], bool],
    *,
    least: int,
    fused: bool,
    min_time: float,
    shown: Callable[[float], None],
) -> tuple[tuple[Measurement, ...], list[Contestant]]:
    """Warm up all, let them take turns until what is asked is known, and say what came out of each.

    known  whether enough was taken
    least  sittings with a whole round that Ctrl-C leaves an answer after
    """
    here = description.describe()
    subjects = [subject_of(entrant.graph, conditions, here, fused=fused) for entrant in entrants]
    peaks = [memory.peak(entrant.prepared.run, conditions.device) for entrant in entrants]
    warm = [ready(entrant.prepared, conditions, min_time) for entrant in entrants]
    contestants = [contestant for contestant, _ in warm]
    for entrant, subject in zip(entrants, subjects, strict=True):
        entrant.observer.begun(subject, here)
    with Watch(conditions, here.threads) as watch:
        interrupted = sit_often(
            contestants,
            lambda: known(contestants),
            conditions.seed,
            min_time * len(entrants) / SITTINGS,
            shown,
            lambda i, seconds: entrants[i].observer.sampled(seconds),
            least=least,
        )
    measurements = tuple(
        measurement(
            entrant.graph,
            subject,
            Samples(
                seconds=tuple(chain.from_iterable(contestant.sittings)),
                repeats=contestant.repeats,
                finite=entrant.prepared.finite,
                settled=settled,
                interrupted=interrupted,
                peak_memory=peak,
                surroundings=watch.seen(),
            ),
            here,
        )
        for entrant, subject, (contestant, settled), peak in zip(entrants, subjects, warm, peaks, strict=True)
    )
    return measurements, contestants


def sit_often(
    contestants: Sequence[Contestant],
    known: Callable[[], bool],
    seed: int,
    seconds: float,
    shown: Callable[[float], None],
    kept: Callable[[int, float], None] = lambda contestant, seconds: None,
    *,
    least: int = 2,
    clock: Clock = time.perf_counter,
) -> bool:
    """Sittings until enough is known, and whether Ctrl-C ended them; with less than `least` of them, in which
    there was a whole round, it goes on up.
    """
    order = random.Random(seed)
    try:
        start = clock()
        for sitting in range(PATIENCE * SITTINGS):
            sit(
                contestants,
                seconds=seconds,
                order=order,
                shown=after(sitting, shown),
                kept=kept,
                clock=clock,
            )
            if sitting + 1 < SITTINGS:
                continue
            late = clock() - start >= PATIENCE * SITTINGS * seconds
            if late or known():
                break
    except KeyboardInterrupt:
        if sum(bool(taken) for taken in contestants[0].sittings) < least:
            raise
        return True
    return False


def ratios_of(
    names: Sequence[str], contestants: Sequence[Contestant], baseline: int, seed: int
) -> tuple[Ratio, ...]:
    """Every network over the baseline, sitting by sitting."""
    times = [[taken for taken in each.sittings if taken] for each in contestants]
    return tuple(
        compare_times(name, names[baseline], ours, times[baseline], seed=seed)
        for i, (name, ours) in enumerate(zip(names, times, strict=True))
        if i != baseline
    )


def after(sitting: int, shown: Callable[[float], None]) -> Callable[[float], None]:
    """A function that turns the share of this sitting into the share of all sittings."""
    return lambda share: shown((sitting + min(share, 1.0)) / SITTINGS)


def ready(prepared: Prepared, conditions: Conditions, min_time: float) -> tuple[Contestant, bool]:
    """A contestant that is warm, and whether its times had stopped falling."""
    timed = timer_for(prepared.run, conditions.device)
    seconds, settled = warm_up(timed, limit=max(min_time / 2, 1.0))
    repeats = repeats_for(seconds, min_time, TURNS)
    return Contestant(timed, repeats, seconds < BRIEF, lambda: move(prepared)), settled


def move(prepared: Prepared) -> None:
    """Put the weights elsewhere in memory; the old ones go when all the new ones are there."""
    old = []
    for tensor in chain(prepared.module.parameters(), prepared.module.buffers()):
        old.append(tensor.data)
        tensor.data = torch.empty_like(tensor.data).copy_(tensor.data)
