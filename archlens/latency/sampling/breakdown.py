"""Where the time of a network goes: to each node, and so to kinds of work and stages."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from archlens.analyses import totals
from archlens.cost import Cost, total
from archlens.errors import UsageError
from archlens.graph import Graph, Node
from archlens.latency.network.candidate import Candidate
from archlens.latency.network.conditions import Conditions
from archlens.latency.network.preparation import inference, prepare
from archlens.latency.sampling.node_times import Walk, clock_times, cuda_times, empty_time
from archlens.latency.sampling.timing import PATIENCE, Clock, timer_for, warm_up

__all__ = ["REST", "Breakdown", "By", "Part", "break_down", "kind_of_work"]

By = Literal["work", "stage", "node"]

REST = "framework and rest"
LEAST_ROUNDS = 10
TOLERANCE = 0.1

KINDS = {
    "linear": "linear and products", "product": "linear and products",
    "pooling": "pooling", "reduction": "pooling",
    "normalization": "normalization", "activation": "activation",
    "add": "element-wise", "multiply": "element-wise", "scale": "element-wise",
    "concat": "data movement", "shuffle": "data movement", "copy": "data movement", "view": "data movement",
}  # fmt: skip
"""What the kinds of work are called here: those of the ShuffleNet V2 paper's Figure 2, a little finer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Some nodes of a network: their time, in seconds, and what they cost. The rest has no nodes."""

    name: str
    nodes: int
    seconds: float
    cost: Cost


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakdown:
    """Where the time of one run went.

    seconds  of the whole network by itself: the mean of the faster half of its runs
    nodes    its nodes in their order, over the faster half of the runs node by node
    kinds    of work, one a node
    totals   what the whole network costs
    """

    model: str
    seconds: float
    nodes: tuple[Part, ...]
    kinds: tuple[str, ...]
    totals: Cost

    @property
    def rest(self) -> float:
        """Seconds of the whole that no node took; below zero where looking at the nodes took longer."""
        return self.seconds - sum(node.seconds for node in self.nodes)

    @property
    def adds_up(self) -> bool:
        """Whether the times of the nodes add up to the time of the whole network within 10 %."""
        return abs(self.rest) <= TOLERANCE * self.seconds

    def parts(self, by: By = "work") -> tuple[Part, ...]:
        """The nodes grouped, and the rest: by kind of work the longest first, else in their order."""
        keys = self.kinds if by == "work" else tuple(node.name for node in self.nodes)
        groups: dict[str, list[Part]] = {}
        for key, node in zip(keys, self.nodes, strict=True):
            groups.setdefault(key.split(".")[0] if by == "stage" else key, []).append(node)
        found = [
            Part(
                name=name,
                nodes=len(nodes),
                seconds=sum(node.seconds for node in nodes),
                cost=total(node.cost for node in nodes),
            )
            for name, nodes in groups.items()
        ]
        if by == "work":
            found.sort(key=lambda part: -part.seconds)
        return (*found, Part(name=REST, nodes=0, seconds=self.rest, cost=Cost()))

    def as_dict(self) -> dict[str, Any]:
        """The breakdown as `--format json` prints it."""
        return {
            "seconds": self.seconds,
            "rest": self.rest,
            "adds_up": self.adds_up,
            **{
                f"by_{by}": [
                    {
                        "name": part.name,
                        "nodes": part.nodes,
                        "seconds": part.seconds,
                        "share": part.seconds / self.seconds,
                        "multiply_adds": part.cost.multiply_adds,
                        "memory_access": part.cost.memory_access,
                    }
                    for part in self.parts(by)
                ]
                for by in GROUPINGS
            },
        }


GROUPINGS: tuple[By, ...] = ("work", "stage", "node")


def kind_of_work(graph: Graph, node: Node) -> str:
    """The row of a node by kind of work; convolutions by what makes them cheap or dear."""
    if node.op.work != "convolution":
        return KINDS.get(node.op.work, "other")
    words = node.op.label(graph.shapes_into(node)).split()
    if "depthwise" in words or "grouped" in words:
        return f"convolution, {'depthwise' if 'depthwise' in words else 'grouped'}"
    pointwise = any(set(word.split("×")) == {"1"} for word in words)
    return "convolution, 1×1" if pointwise else "convolution, dense"


def break_down(
    network: Graph | Candidate,
    conditions: Conditions | None = None,
    *,
    min_time: float = 2.0,
    shown: Callable[[float], None] = lambda share: None,
) -> Breakdown:
    """Time the whole network and its nodes one by one, in turns, as it is built from its graph.

    Raises a UsageError for a mode in which the nodes are no longer there one by one, and an
    ArchlensError for what this machine cannot run.
    """
    conditions = conditions or Conditions()
    if conditions.mode != "eager":
        raise UsageError(
            f"a breakdown is of --mode eager: {conditions.mode} leaves no single operators to time"
        )
    candidate = replace(Candidate.of(network), load=None)
    graph = candidate.graph
    prepared = prepare(candidate, conditions)
    walk = Walk.of(graph, prepared.module)
    times = cuda_times if conditions.device == "cuda" else clock_times
    with inference(conditions):
        timed = timer_for(prepared.run, conditions.device)
        warm_up(timed, limit=max(min_time, 1.0))
        times(walk, prepared.inputs)
        whole, single = turns(
            lambda: timed(1), lambda: times(walk, prepared.inputs), min_time=min_time, shown=shown
        )
        empty = 0.0 if conditions.device == "cuda" else empty_time()
    computed = [node for node in graph.nodes if node.inputs]
    seconds, taken = calmer(whole), np.maximum(calmer(single) - empty, 0.0)
    return Breakdown(
        model=graph.model,
        seconds=float(seconds),
        nodes=tuple(
            Part(name=node.name, nodes=1, seconds=float(its), cost=node.cost)
            for node, its in zip(computed, taken, strict=True)
        ),
        kinds=tuple(kind_of_work(graph, node) for node in computed),
        totals=totals(graph),
    )


def calmer(passes: Sequence[float] | Sequence[Sequence[float]]) -> Any:
    """The mean over the faster half of the passes, which other processes held up least; in each column, too.

    Medians of the nodes would not add up: what holds up a pass falls into one node of it, and another the
    next time.
    """
    table = np.asarray(passes, dtype=np.float64)
    totals = table if table.ndim == 1 else table.sum(axis=1)
    return table[np.argsort(totals, kind="stable")[: -(-len(table) // 2)]].mean(axis=0)


def turns(
    whole: Callable[[], float],
    single: Callable[[], list[float]],
    *,
    min_time: float,
    shown: Callable[[float], None],
    clock: Clock = time.perf_counter,
) -> tuple[list[float], list[list[float]]]:
    """The whole and its nodes in turns, ten times and for the least time."""
    wholes: list[float] = []
    singles: list[list[float]] = []
    start = clock()
    while len(wholes) < LEAST_ROUNDS or clock() - start < min_time:
        if len(wholes) % 2:  # whoever is second finds other things in the caches
            nodes, taken = single(), whole()
        else:
            taken, nodes = whole(), single()
        wholes.append(taken)
        singles.append(nodes)
        elapsed = clock() - start
        shown(min(1.0, elapsed / min_time if min_time else 1.0))
        if elapsed > PATIENCE * max(min_time, 1.0):
            break
    return wholes, singles
