"""A built network node by node, and the time of each."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import torch
from torch import Tensor, nn

from archlens.graph import Graph

__all__ = ["Walk", "clock_times", "cuda_times", "empty_time"]

EMPTY_CALLS = 1000


@dataclass(frozen=True, slots=True)
class Walk:
    """The modules of a built network in the order in which they run, to be timed one by one.

    steps     a module, the positions of what feeds it, its own, and those that nobody reads after it
    received  the positions of the inputs
    """

    steps: tuple[tuple[nn.Module, tuple[int, ...], int, tuple[int, ...]], ...]
    received: tuple[int, ...]

    @classmethod
    def of(cls, graph: Graph, network: nn.Module) -> "Walk":
        """The modules of a network that was built from a graph, with what feeds each of them."""
        last = {feeding: i for i, node in enumerate(graph.nodes) for feeding in node.inputs}
        steps = tuple(
            (
                network.get_submodule(node.name),
                node.inputs,
                i,
                tuple(feeding for feeding in dict.fromkeys(node.inputs) if last[feeding] == i),
            )
            for i, node in enumerate(graph.nodes)
            if node.inputs
        )
        return cls(steps, graph.inputs)


def clock_times(
    walk: Walk, inputs: Sequence[Tensor], clock: Callable[[], int] = time.perf_counter_ns
) -> list[float]:
    """Seconds of every node, by the clock on the wall."""
    values: dict[int, Tensor] = dict(zip(walk.received, inputs, strict=True))
    taken = []
    for module, feeding, position, read in walk.steps:
        arguments = [values[i] for i in feeding]
        start = clock()
        output = module(*arguments)
        taken.append((clock() - start) / 1e9)
        values[position] = output
        del arguments
        for i in read:
            del values[i]
    return taken


def cuda_times(walk: Walk, inputs: Sequence[Tensor]) -> list[float]:
    """Seconds of every node by the GPU's events, each from the end of the last: launches count."""
    values: dict[int, Tensor] = dict(zip(walk.received, inputs, strict=True))
    count = len(walk.steps) + 1
    events = [torch.cuda.Event(enable_timing=True) for _ in range(count)]  # type: ignore[no-untyped-call]
    torch.cuda.synchronize()
    events[0].record()
    for event, (module, feeding, position, read) in zip(events[1:], walk.steps, strict=True):
        values[position] = module(*(values[i] for i in feeding))
        event.record()
        for i in read:
            del values[i]
    torch.cuda.synchronize()
    return [start.elapsed_time(end) / 1e3 for start, end in pairwise(events)]


def empty_time(clock: Callable[[], int] = time.perf_counter_ns) -> float:
    """Seconds that pass between two readings of the clock, with nothing between them."""
    taken = []
    for _ in range(EMPTY_CALLS):
        start = clock()
        taken.append(clock() - start)
    return median(taken) / 1e9
