"""How fast networks run here, in turns: all that the studies know about measuring."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from archlens.graph import Graph

if TYPE_CHECKING:
    from archlens.latency.network.conditions import Conditions
    from archlens.latency.statistics.ratio import LatencyComparison

__all__ = ["Race", "Speed", "Stopwatch", "how", "stopwatch"]

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed:
    """How fast a network runs, by itself and beside the first of those that it took turns with.

    seconds   that a batch takes: the first's median, and times its ratio that of each other
    interval  where that lies with 95 % confidence
    ratio     how many times as fast as the first it is; 1 for the first
    likely    where the ratio lies with 95 % confidence
    sure      where it lies with 99 %
    doubts    what speaks against the number by itself, though not always against the ratio
    """

    seconds: float
    interval: Interval
    ratio: float = 1.0
    likely: Interval = (1.0, 1.0)
    sure: Interval = (1.0, 1.0)
    doubts: tuple[str, ...] = ()

    @property
    def batches(self) -> float:
        """Batches a second."""
        return 1 / self.seconds

    @property
    def batches_interval(self) -> Interval:
        """Where that lies with 95 % confidence."""
        return inverse(self.interval)


@dataclass(frozen=True, slots=True, kw_only=True)
class Race:
    """The times of some networks that took turns.

    speeds       one a network, in the order given
    interrupted  whether it was stopped before its time
    where        the device, how the networks ran on it, and the machine
    """

    speeds: tuple[Speed, ...]
    interrupted: bool
    where: tuple[str, ...]


Stopwatch = Callable[[Sequence[Graph], Callable[[float], None]], Race]
"""Times graphs in turns, and tells how much of the time is over. May raise KeyboardInterrupt."""


def stopwatch(conditions: "Conditions", min_time: float) -> Stopwatch:
    """A stopwatch that builds the networks and runs them on this machine.

    min_time  seconds for each network, in all
    """

    def race(graphs: Sequence[Graph], shown: Callable[[float], None]) -> Race:
        from archlens.latency.sampling.turns import contest

        named = [replace(graph, model=f"{i} {graph.model}") for i, graph in enumerate(graphs, 1)]
        return of_comparison(contest(named, conditions, min_time=min_time, shown=shown))

    return race


def of_comparison(comparison: "LatencyComparison") -> Race:
    """The speeds that a comparison of times gives: the inverse of each ratio."""
    speeds = []
    for each, seconds in zip(comparison.measurements, comparison.times, strict=True):
        low, high = (end * seconds / each.summary.median for end in each.summary.interval)
        speeds.append(Speed(seconds=seconds, interval=(low, high), doubts=each.warnings))
    for place, ratio in enumerate(comparison.ratios, 1):
        speeds[place] = replace(
            speeds[place],
            ratio=1 / ratio.ratio,
            likely=inverse(ratio.interval),
            sure=inverse(ratio.strict),
        )
    first = comparison.measurements[0]
    used = how(first.subject.conditions, first.subject.input[0], first.subject.threads)
    return Race(speeds=tuple(speeds), interrupted=comparison.interrupted, where=(used, str(first.machine)))


def how(conditions: "Conditions", batch: int, threads: int) -> str:
    """How networks run: cpu, batch 1, float32, eager, 2 threads."""
    parts = [conditions.device, f"batch {batch}", conditions.dtype, conditions.mode]
    parts += [f"{threads} threads" if threads > 1 else "1 thread"] * (conditions.device == "cpu")
    return ", ".join(parts)


def inverse(interval: Interval) -> Interval:
    """The interval of one over a number that is not negative."""
    low, high = interval
    return (1 / high if high else float("inf"), 1 / low if low else float("inf"))
