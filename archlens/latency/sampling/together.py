"""Several networks, in turns → a measurement of each."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from statistics import median

from archlens.latency.network.conditions import Conditions
from archlens.latency.network.preparation import inference
from archlens.latency.sampling.measure import at_one_thread, chooses_threads
from archlens.latency.sampling.measurement import Measurement
from archlens.latency.sampling.turns import Contestant, Entrant, race
from archlens.latency.statistics.reliability import WIDE
from archlens.latency.statistics.summary import summarize

__all__ = ["measure_together"]


def measure_together(
    entrants: Sequence[Entrant],
    conditions: Conditions,
    *,
    fused: bool = False,
    min_time: float = 2.0,
    shown: Callable[[float], None] = lambda share: None,
) -> tuple[Measurement, ...]:
    """What `measure` says of one network, of several that take turns, as in `contest`.

    Samples are taken until the interval of every median is narrower than 5 %, five times the least time at
    most. Ctrl-C ends them, and what is known by then is returned as interrupted, unless that is no round.
    """

    def known(contestants: Sequence[Contestant]) -> bool:
        taken = (tuple(chain.from_iterable(each.sittings)) for each in contestants)
        return all(summarize(each, seed=conditions.seed).width < WIDE for each in taken)

    with inference(conditions):
        found, contestants = race(
            entrants, conditions, known, least=1, fused=fused, min_time=min_time, shown=shown
        )
        if found[0].interrupted or not chooses_threads(conditions, found[0].machine):
            return found
        return tuple(beside_one_thread(found, contestants))


def beside_one_thread(
    found: Sequence[Measurement], contestants: Sequence[Contestant]
) -> Iterator[Measurement]:
    """The measurements with the seconds at one thread, until Ctrl-C comes."""
    interrupted = False
    for each, contestant in zip(found, contestants, strict=True):
        seconds = None
        if not interrupted:
            most = median(each.samples)
            seconds, interrupted = at_one_thread(contestant.timed, contestant.repeats, most)
        yield replace(each, one_thread=seconds, interrupted=interrupted)
