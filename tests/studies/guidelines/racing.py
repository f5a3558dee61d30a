"""Races that nobody ran: speeds as a test wants them."""

from collections.abc import Callable, Sequence

from archlens.graph import Graph
from archlens.studies.guidelines.decomposition import Times
from archlens.studies.guidelines.speed import Interval, Race, Speed

__all__ = ["WHERE", "even", "race", "speed", "steady"]

WHERE = ("cpu, batch 1, float32, eager, 1 thread", "a machine of one's own")


def speed(ratio: float, *, spread: float = 0.01, seconds: float = 0.01, doubts: Sequence[str] = ()) -> Speed:
    """So many times as fast as the first, whose time is given; the 99 % interval is twice as wide."""

    def around(value: float, share: float) -> Interval:
        return value * (1 - share), value * (1 + share)

    return Speed(
        seconds=seconds / ratio,
        interval=around(seconds / ratio, spread),
        ratio=ratio,
        likely=around(ratio, spread) if ratio != 1 else (1.0, 1.0),
        sure=around(ratio, 2 * spread) if ratio != 1 else (1.0, 1.0),
        doubts=tuple(doubts),
    )


def race(*ratios: float, spread: float = 0.01, interrupted: bool = False) -> Race:
    """A race of networks that are so many times as fast as the first."""
    return Race(
        speeds=tuple(speed(ratio, spread=spread) for ratio in ratios), interrupted=interrupted, where=WHERE
    )


def even(graph: Graph, shown: Callable[[float], None]) -> Times:
    """A walk through a network in which every node takes as long as any other."""
    count = sum(bool(node.inputs) for node in graph.nodes)
    return Times(whole=1.0, nodes=(1 / count,) * count, where=WHERE)


def steady(graphs: Sequence[Graph], shown: Callable[[float], None]) -> Race:
    """A stopwatch under which every network is a tenth slower than the one before it."""
    shown(1.0)
    return race(*(0.9**place for place in range(len(graphs))))
