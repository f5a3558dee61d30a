"""What goes on beside a measurement: other processes, and the processor's clock."""

import os
import time
from dataclasses import dataclass
from types import TracebackType

import psutil  # type: ignore[import-untyped]

from archlens.latency.machine.description import clock
from archlens.latency.network.conditions import Conditions

__all__ = ["Surroundings", "Watch"]

BUSY = ("user", "nice", "system", "irq", "softirq", "steal")
BRIEF = 0.2
"""Seconds under which the system's counters, which tick a hundred times a second, tell nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What else the machine did during a measurement: how busy others kept it, and how its clock ran.

    others   cores that other processes, or other guests of the host, kept busy
    cores    logical cores that there are
    threads  of them that the network was given
    clocks   of the processor before and after, in MHz; None where they cannot be read, or do not matter
    """

    others: float = 0.0
    cores: int = 1
    threads: int = 1
    clocks: tuple[float, float] | None = None


class Watch:
    """Looks at the system when it is entered and when it is left; `seen` tells the difference."""

    def __init__(self, conditions: Conditions, threads: int) -> None:
        self.busy = threads if conditions.device == "cpu" else 1  # a GPU is kept busy by one
        self.watched = conditions.device == "cpu"  # a GPU's clock falls while it is asked for
        self.others = 0.0
        self.clocks: tuple[float, float] | None = None

    def __enter__(self) -> "Watch":
        self.clock = clock() if self.watched else None
        self.start = busy_seconds()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        everyone, own, now = (end - start for end, start in zip(busy_seconds(), self.start, strict=True))
        self.others = max(0.0, everyone - own) / now if now > BRIEF else 0.0
        after = clock() if self.watched else None
        if self.clock is not None and after is not None:
            self.clocks = (self.clock, after)

    def seen(self) -> Surroundings:
        """What there was to see."""
        cores = os.cpu_count() or 1
        return Surroundings(others=self.others, cores=cores, threads=self.busy, clocks=self.clocks)


def busy_seconds() -> tuple[float, float, float]:
    """Seconds that all cores were busy, that this process kept them so, and that it is now."""
    system, own = psutil.cpu_times(), psutil.Process().cpu_times()
    everyone = sum(getattr(system, name, 0.0) for name in BUSY)
    return everyone, own.user + own.system, time.perf_counter()
