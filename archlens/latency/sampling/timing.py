"""One timed sample, the warm-up before it, and as many of them as the answer takes."""

import time
from collections.abc import Callable
from math import ceil
from typing import Any

import torch

from archlens.latency.statistics.reliability import LEAST_SAMPLES, WIDE
from archlens.latency.statistics.summary import Summary, summarize

__all__ = [
    "PATIENCE",
    "Clock",
    "Timer",
    "clock_timer",
    "cuda_timer",
    "repeats_for",
    "sample",
    "timer_for",
    "warm_up",
]

Clock = Callable[[], float]
Timer = Callable[[int], float]
"""Seconds a call, from this many calls in a row."""

SHORTEST = 1e-4
"""Seconds that a sample takes at least: a thousand times what reading the clock takes."""
MANY = 1000
"""Samples that fill the least time: more of them say little more."""
PATIENCE = 5
"""How many times the least time the samples may take where they scatter."""
WINDOW = 3
SETTLED = 0.98
"""Times have stopped falling when the median of a window is no less than this share of the last one's."""
FLUSHED = 4
"""How many times the size of the L2 cache is written over before each sample on a GPU."""


def timer_for(run: Callable[[], Any], device: str) -> Timer:
    """The timer for a network on this device."""
    return cuda_timer(run) if device == "cuda" else clock_timer(run)


def clock_timer(run: Callable[[], Any], clock: Callable[[], int] = time.perf_counter_ns) -> Timer:
    """A timer by the clock on the wall, in nanoseconds: for what has been done when a call returns."""

    def timed(repeats: int) -> float:
        calls = range(repeats)
        start = clock()
        for _ in calls:
            run()
        return (clock() - start) / repeats / 1e9

    return timed


def cuda_timer(run: Callable[[], Any]) -> Timer:
    """A timer by the GPU's own events: from an idle GPU with a cold L2 cache until all work is done.

    The launches count: an eager network of small layers waits for them, and so does who uses it.
    """
    size = torch.cuda.get_device_properties(0).L2_cache_size or 1 << 26
    cold = torch.empty(FLUSHED * size, dtype=torch.int8, device="cuda")
    start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))  # type: ignore[no-untyped-call]

    def timed(repeats: int) -> float:
        taken = 0.0
        for _ in range(repeats):
            cold.zero_()
            torch.cuda.synchronize()
            start.record()
            run()
            end.record()
            torch.cuda.synchronize()
            taken += start.elapsed_time(end)
        return taken / repeats / 1e3

    return timed


def warm_up(timed: Timer, *, limit: float, clock: Clock = time.perf_counter) -> tuple[float, bool]:
    """Run until times stop falling: seconds that a call takes then, and whether they did within the limit.

    limit  seconds; two windows of three calls are the least, or one of them where that takes as long
    """
    deadline = clock() + limit
    before = window(timed)
    while clock() < deadline:
        now = window(timed)
        if now >= SETTLED * before:
            return now, True
        before = now
    return before, False


def window(timed: Timer) -> float:
    """The median of the seconds of three calls, which tells how many calls a sample needs."""
    return sorted(timed(1) for _ in range(WINDOW))[WINDOW // 2]


def repeats_for(seconds: float, least_time: float, samples: int = MANY) -> int:
    """Calls in a sample, so that it lasts long enough for the clock, and so many fill the least time."""
    return max(1, ceil(max(SHORTEST, least_time / samples) / max(seconds, 1e-9)))


def sample(
    timed: Timer,
    repeats: int,
    *,
    least_time: float,
    most_time: float,
    on_sample: Callable[[float], None],
    on_summary: Callable[[float, Summary], None] = lambda elapsed, summary: None,
    clock: Clock = time.perf_counter,
    seed: int = 0,
) -> None:
    """Take samples, handing on each as it is taken.

    At least ten of them, and for the least time; then until the interval of the median is narrower than
    5 %, or the most time is up. `on_summary` hears now and then how it stands.
    """
    start = clock()
    samples: list[float] = []
    due = LEAST_SAMPLES
    while True:
        taken = timed(repeats)
        samples.append(taken)
        on_sample(taken)
        elapsed = clock() - start
        enough = len(samples) >= LEAST_SAMPLES
        if len(samples) < due and not (enough and elapsed >= most_time):
            continue
        due = ceil(1.1 * len(samples))  # so that statistics take a small part of the time
        summary = summarize(samples, seed=seed)
        on_summary(elapsed, summary)
        if enough and (elapsed >= most_time or (elapsed >= least_time and summary.width < WIDE)):
            return
