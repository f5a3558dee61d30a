"""A thousand different ResNets, one after another, on one core."""

import os
import sys
import time
from collections.abc import Iterator
from functools import partial
from itertools import islice, product

from benchmarks.process import python, run
from benchmarks.row import Row
from benchmarks.samples import interleave

__all__ = ["sweep", "thousand"]

MANY = 1_000
EVERY = 50
TARGET = 10.0
SWEEP = "from benchmarks.variants import sweep; sweep()"


def settings() -> Iterator[tuple[int, int, tuple[int, int, int, int]]]:
    """A thousand times base, groups and depths, no two alike."""
    stages = product((1, 2), (2, 3, 4, 5, 6), (2, 4, 6, 8, 10), (3,))
    for depths in stages:
        yield from ((base, groups, depths) for base, groups in product((8, 16, 32, 64, 128), (1, 2, 4, 8)))


def thousand(rounds: int) -> list[Row]:
    """Seconds for all of them. PyTorch counts every fiftieth, and its time is multiplied."""
    found = interleave({road: partial(seconds, road) for road in ROADS}, rounds)
    names = {
        "load": ("archlens.load, spec read each time", TARGET, ""),
        "lower": ("archlens, spec read once", TARGET, ""),
        "torch": ("build and FlopCounterMode, meta", None, f"{MANY // EVERY} counted, scaled"),
    }
    return [
        Row("process: 1,000 ResNets, one core", name, found[road], "s", target=target, note=note)
        for road, (name, target, note) in names.items()
    ]


def seconds(road: str) -> float:
    """For all of them, imports included for archlens, and left out for PyTorch."""
    finished = run(*python(SWEEP, road))
    return float(finished.output) * EVERY if road == "torch" else finished.seconds


def sweep() -> None:
    """A whole process: the road is its argument, the seconds that the counting took its output."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    print(ROADS[sys.argv[1]]())


def by_load() -> float:
    """The public way: a name and settings."""
    import archlens

    start = time.perf_counter()
    seen = set()
    for base, groups, depths in settings():
        graph = archlens.load("resnet50", base=base, groups=groups, depths=depths)
        seen.add((base, groups, depths, archlens.profile(graph).totals))
    assert len(seen) == MANY
    return time.perf_counter() - start


def by_lower() -> float:
    """The spec found and parsed once."""
    from archlens.analyses.totals import totals
    from archlens.spec import find

    start = time.perf_counter()
    reference = find("resnet50")
    for base, groups, depths in settings():
        totals(reference.lower({"base": base, "groups": groups, "depths": depths}))
    return time.perf_counter() - start


def by_torch() -> float:
    """Every fiftieth, after one more to load what PyTorch loads late."""
    import torch

    from benchmarks.networks import image, resnet, resnet50
    from benchmarks.peers import flop_counter

    torch.set_num_threads(1)
    with torch.device("meta"):
        x = image()
        flop_counter(resnet50(), x)
        start = time.perf_counter()
        for base, groups, depths in islice(settings(), 0, None, EVERY):
            flop_counter(resnet(depths, base=base, groups=groups), x)
    return time.perf_counter() - start


ROADS = {"load": by_load, "lower": by_lower, "torch": by_torch}
