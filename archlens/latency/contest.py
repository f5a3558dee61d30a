"""Networks timed in turns, in random order, so that whatever drifts hits all alike."""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import chain

import torch

from archlens.errors import UsageError
from archlens.graph import Graph
from archlens.latency import machine, memory
from archlens.latency.comparison import LatencyComparison, compare_times
from archlens.latency.conditions import Conditions
from archlens.latency.measure import Samples, measurement
from archlens.latency.measurement import Subject
from archlens.latency.preparation import Prepared, inference, prepare
from archlens.latency.surroundings import Watch
from archlens.latency.timing import Clock, Timer, repeats_for, timer_for, warm_up

__all__ = ["SITTINGS", "Contestant", "contest", "sit"]

SITTINGS = 8
LEAST_ROUNDS = 3
TURNS = 400
"""Turns that a contestant has in the least time, at most."""


@dataclass(slots=True)
class Contestant:
    """A network that takes turns with others.

    timed     seconds a call, from this many calls in a row
    repeats   calls in a turn that count; one before them does not: the others were in the caches
    move      puts weights and data elsewhere in memory
    sittings  what was taken, a list a sitting and a number a round
    """

    timed: Timer
    repeats: int
    move: Callable[[], None] = lambda: None
    sittings: list[list[float]] = field(default_factory=list)

    def turn(self) -> float:
        """Seconds a call."""
        self.timed(1)
        return self.timed(self.repeats)


def sit(
    contestants: Sequence[Contestant],
    *,
    seconds: float,
    order: random.Random,
    shown: Callable[[float], None] = lambda share: None,
    clock: Clock = time.perf_counter,
) -> None:
    """Rounds until the time is up, three at least: in each, every contestant has a turn, in random order.

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
        taken = {i: contestants[i].turn() for i in turns}
        for i, value in taken.items():
            contestants[i].sittings[-1].append(value)
        rounds += 1
        shown((clock() - start) / seconds if seconds else 1.0)


def contest(
    graphs: Sequence[Graph],
    conditions: Conditions | None = None,
    *,
    baseline: int = 0,
    fused: bool = False,
    min_time: float = 2.0,
    shown: Callable[[float], None] = lambda share: None,
) -> LatencyComparison:
    """Time networks in turns, over eight sittings with their weights in other places of memory each time.

    min_time  seconds for each network, in all
    shown     hears now and then which share of the time is over

    Ctrl-C ends it, and what is known by then is returned, unless that is less than two sittings.

    Raises an ArchlensError for what this machine cannot run.
    """
    conditions = conditions or Conditions()
    if len(graphs) < 2:
        raise UsageError(f"a comparison takes two models or more, not {len(graphs)}")
    prepared = [prepare(graph, conditions) for graph in graphs]
    order = random.Random(conditions.seed)
    interrupted = False
    with inference(conditions):
        here = machine.describe()
        peaks = [memory.peak(each.run, conditions.device) for each in prepared]
        warm = [ready(each, conditions, min_time) for each in prepared]
        contestants = [contestant for contestant, _ in warm]
        with Watch(conditions, here.threads) as watch:
            try:
                for sitting in range(SITTINGS):
                    sit(
                        contestants,
                        seconds=min_time * len(graphs) / SITTINGS,
                        order=order,
                        shown=after(sitting, shown),
                    )
            except KeyboardInterrupt:
                interrupted = True
                if sum(bool(taken) for taken in contestants[0].sittings) < 2:
                    raise
    measurements = []
    for graph, each, (contestant, settled), peak in zip(graphs, prepared, warm, peaks, strict=True):
        subject = Subject(
            model=graph.model,
            input=graph.input_shape,
            conditions=conditions,
            fused=fused,
            threads=here.threads,
        )
        samples = Samples(
            seconds=tuple(chain.from_iterable(contestant.sittings)),
            repeats=contestant.repeats,
            finite=each.finite,
            settled=settled,
            interrupted=interrupted,
            peak_memory=peak,
            surroundings=watch.seen(),
        )
        measurements.append(measurement(graph, subject, samples, here))
    reference = [taken for taken in contestants[baseline].sittings if taken]
    ratios = tuple(
        compare_times(
            graph.model,
            graphs[baseline].model,
            [taken for taken in contestant.sittings if taken],
            reference,
            seed=conditions.seed,
        )
        for i, (graph, contestant) in enumerate(zip(graphs, contestants, strict=True))
        if i != baseline
    )
    return LatencyComparison(measurements=tuple(measurements), ratios=ratios, baseline=baseline)


def after(sitting: int, shown: Callable[[float], None]) -> Callable[[float], None]:
    """Turns the share of a sitting that is over into the share of all of them."""
    return lambda share: shown((sitting + min(share, 1.0)) / SITTINGS)


def ready(prepared: Prepared, conditions: Conditions, min_time: float) -> tuple[Contestant, bool]:
    """A contestant that is warm, and whether its times had stopped falling."""
    timed = timer_for(prepared.run, conditions.device)
    seconds, settled = warm_up(timed, limit=max(min_time / 2, 1.0))
    repeats = repeats_for(seconds, min_time, TURNS)
    return Contestant(timed, repeats, lambda: move(prepared)), settled


def move(prepared: Prepared) -> None:
    """Put the weights elsewhere in memory; the old ones go when all the new ones are there."""
    old = []
    for tensor in chain(prepared.module.parameters(), prepared.module.buffers()):
        old.append(tensor.data)
        tensor.data = torch.empty_like(tensor.data).copy_(tensor.data)
