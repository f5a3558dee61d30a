"""Where the time of an ONNX file goes: what onnxruntime's own profiler says of its nodes."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import onnx

from archlens.analyses import totals
from archlens.cost import Cost, total
from archlens.graph import Graph
from archlens.latency.network.candidate import Candidate
from archlens.latency.network.conditions import Conditions
from archlens.latency.network.onnx_runtime import RuntimeModule
from archlens.latency.network.preparation import inference, prepare
from archlens.latency.sampling.breakdown import Breakdown, Part, calmer, kind_of_work, turns
from archlens.latency.sampling.timing import timer_for, warm_up

__all__ = ["break_down_file"]

RUN, NODE, TIMED = "model_run", "Node", "_kernel_time"
"""How the profiler calls a run, and the time that a node's kernel took in it."""

BLOCKED = "_nchwc"
"""What onnxruntime puts behind the name of a tensor where it keeps channels in blocks."""

MOVES = ("Cast", "Concat", "Reorder", "Reshape", "Slice", "Split", "Squeeze", "Transpose", "Unsqueeze")
"""How operators begin that only move elements, for those that stand for no node of the file."""


@dataclass(frozen=True, slots=True)
class Node:
    """A node that onnxruntime runs: its operator, its name in the optimised file, and what it makes."""

    kind: str
    name: str
    outputs: tuple[str, ...]


def break_down_file(
    candidate: Candidate,
    makers: Mapping[str, int],
    conditions: Conditions,
    *,
    min_time: float = 2.0,
    shown: Callable[[float], None] = lambda share: None,
) -> Breakdown:
    """Time the whole file and its nodes, in turns: the nodes are those that onnxruntime's optimiser leaves.

    candidate  whose module is a file that onnxruntime runs
    makers     the node of the graph that makes each tensor of the file
    """
    graph = candidate.graph
    prepared = prepare(candidate, conditions)
    module = prepared.module
    assert isinstance(module, RuntimeModule)
    with TemporaryDirectory() as folder, inference(conditions):
        file = Path(folder, "optimised.onnx")
        module.optimised(conditions.device, file)
        nodes = numbered(file)
        session = module.profiled(conditions.device, file)
        timed = timer_for(prepared.run, conditions.device)
        warm_up(timed, limit=max(min_time, 1.0))
        session.run(None, module.feeds)

        def single() -> list[float]:
            session.run(None, module.feeds)
            return []  # the profiler tells at the end

        whole, _ = turns(lambda: timed(1), single, min_time=min_time, shown=shown)
        events = json.loads(Path(session.end_profiling()).read_text(encoding="utf-8"))
    taken = calmer(runs(events, len(nodes))[1:])
    return beside(graph, nodes, makers, list(map(float, taken)), whole)


def numbered(file: Path) -> list[Node]:
    """The nodes of a file, which is written anew: their names are their places, so that no two share one."""
    model = onnx.load(file)
    nodes = [Node(node.op_type, node.name, tuple(node.output)) for node in model.graph.node]
    for place, node in enumerate(model.graph.node):
        node.name = str(place)
    onnx.save(model, file)
    return nodes


def runs(events: Sequence[Mapping[str, Any]], many: int) -> list[list[float]]:
    """The seconds of each node in each run. Those of graphs inside nodes are part of the node's."""
    spans = [(event["ts"], event["ts"] + event["dur"]) for event in events if event["name"] == RUN]
    names = {f"{place}{TIMED}": place for place in range(many)}
    found = [[0.0] * many for _ in spans]
    at = 0
    timed = [event for event in events if event["cat"] == NODE and event["name"] in names]
    for event in sorted(timed, key=lambda event: event["ts"]):
        while at < len(spans) and event["ts"] > spans[at][1]:
            at += 1
        if at < len(spans) and event["ts"] >= spans[at][0]:
            found[at][names[event["name"]]] += event["dur"] * 1e-6
    return found


def beside(
    graph: Graph,
    nodes: Sequence[Node],
    makers: Mapping[str, int],
    seconds: Sequence[float],
    whole: Sequence[float],
) -> Breakdown:
    """What onnxruntime's nodes took, beside what the nodes of the graph cost that they stand for."""
    parts: list[Part] = []
    kinds: list[str] = []
    for place, (node, standing) in enumerate(zip(nodes, stands_for(graph, nodes, makers), strict=True)):
        own = [graph.nodes[at] for at in standing]
        heaviest = max(own, key=lambda each: weight(each.cost), default=None)
        name = heaviest.name if heaviest is not None else f"{node.kind}_{place}".lower()
        cost = total(each.cost for each in own)
        parts.append(Part(name=name, nodes=1, seconds=seconds[place], cost=cost))
        moving = "data movement" if node.kind.startswith(MOVES) else "other"
        kinds.append(moving if heaviest is None else kind_of_work(graph, heaviest))
    return Breakdown(
        model=graph.model,
        seconds=float(calmer(whole)),
        nodes=tuple(parts),
        kinds=tuple(kinds),
        totals=totals(graph),
    )


def weight(cost: Cost) -> tuple[int, int, int]:
    """What decides which node names several that run as one."""
    return (cost.multiply_adds, cost.elementwise, cost.memory_access)


def stands_for(graph: Graph, nodes: Sequence[Node], makers: Mapping[str, int]) -> list[list[int]]:
    """The nodes of the graph that each node of onnxruntime's does: those that lead to what it makes.

    A node of the graph is done by the first that needs it. What nobody needs is done by the last.
    """
    left = {at for at, node in enumerate(graph.nodes) if node.inputs}
    found: list[list[int]] = [[] for _ in nodes]
    for node, own in zip(nodes, found, strict=True):
        names = (*node.outputs, node.name.removesuffix(BLOCKED))
        waiting = [makers[name] for name in names if name in makers]
        while waiting:
            at = waiting.pop()
            if at in left:
                left.discard(at)
                own.append(at)
                waiting.extend(graph.nodes[at].inputs)
    if found:
        found[-1].extend(left)
    return [sorted(own) for own in found]
