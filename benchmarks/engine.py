"""What makes a million variants affordable: microseconds a variant, the whole catalogue, and long chains."""

import random
import time
from collections.abc import Callable, Iterator
from functools import partial

from archlens.analyses import analyse
from archlens.spaces.evaluate import Evaluator
from archlens.spec.catalog import Reference, as_value, shared_blocks
from archlens.spec.items import Spec
from archlens.spec.parse import parse
from archlens.spec.read import read
from benchmarks.process import ARCHLENS, run
from benchmarks.row import Row
from benchmarks.samples import Samples, Work, interleave

__all__ = ["engine"]

METRICS = ("params", "multiply_adds", "memory_access", "elementwise", "activations", "latency")
VARIANTS = 200
WHOLE = 8
"""Whole graphs are slower: so few of them tell as much."""
TARGET = 500.0
CHAINS = (800, 6400)
CHAIN = """
input: [4, 8, 8]
network:
  - name: body
    do: [{{each: {{i: {units}}}, do: [{{concat: [identity, [bn, relu, {{conv: {{out: 2, kernel: 3}}}}]]}}]}}]
"""
Draw = Callable[[random.Random], dict[str, object]]


def resnets(draw: random.Random) -> dict[str, object]:
    """Base, groups and depths."""
    depths = tuple(draw.randint(1, most) for most in (4, 8, 12, 4))
    return {"base": draw.choice((16, 32, 48, 64)), "groups": draw.choice((1, 2, 4)), "depths": depths}


def shufflenets(draw: random.Random) -> dict[str, object]:
    """Widths and blocks by stage, and the head."""
    widths = tuple(8 * draw.randint(4, 40) for _ in range(3))
    depths = tuple(draw.randint(2, 8) for _ in range(3))
    return {"widths": widths, "depths": depths, "head": draw.choice((512, 1024, 2048))}


SPACES: tuple[tuple[str, str, Draw], ...] = (
    ("resnet50", "rtx4090", resnets),
    ("resnet50", "titanv-half", resnets),
    ("resnet50", "i7-12700h", resnets),
    ("shufflenet_v2", "rtx4090", shufflenets),
    ("shufflenet_v2", "pixel1", shufflenets),
)
"""Networks, devices that run each operator, that fold and that fuse, and what is drawn."""


def engine(rounds: int) -> list[Row]:
    """Variants of three views of devices, `archlens list`, and chains of two lengths."""
    rows = [row for space in SPACES for row in variants(*space, rounds)]
    listed = interleave({"list": lambda: run(ARCHLENS, "list").seconds}, rounds)["list"]
    rows.append(Row("process: the catalogue", "archlens list", listed.scaled(1e3), "ms", target=400.0))
    return rows + chains(rounds)


def variants(model: str, device: str, draw: Draw, rounds: int) -> list[Row]:
    """Microseconds a variant that was not met before, beside whole graphs; the first round fills the memo."""
    numbers = random.Random(1)
    evaluate = Evaluator(model, METRICS, device)
    works: dict[str, Work] = {
        "sections that variants share": partial(each, evaluate, draw, numbers, VARIANTS),
        "the whole graph of each": partial(each_whole, evaluate, draw, numbers, WHOLE),
    }
    return [
        Row(
            f"warm: a variant of {model} on {device}",
            name,
            samples.scaled(1e6),
            "µs",
            target=TARGET if name.startswith("sections") else None,
        )
        for name, samples in interleave(works, rounds).items()
    ]


def drawn(draw: Draw, numbers: random.Random, many: int) -> Iterator[dict[str, object]]:
    """So many variants."""
    return (draw(numbers) for _ in range(many))


def each(evaluate: Evaluator, draw: Draw, numbers: random.Random, many: int) -> float:
    """Seconds a variant."""
    settings = [*drawn(draw, numbers, many)]
    start = time.perf_counter()
    for chosen in settings:
        evaluate(chosen)
    return (time.perf_counter() - start) / many


def each_whole(evaluate: Evaluator, draw: Draw, numbers: random.Random, many: int) -> float:
    """Seconds a variant whose graph is made and analysed."""
    settings = [*drawn(draw, numbers, many)]
    start = time.perf_counter()
    for chosen in settings:
        overrides = {name: as_value(value) for name, value in chosen.items()}
        evaluate.of_graph(evaluate.reference.lower(overrides))
    return (time.perf_counter() - start) / many


def chains(rounds: int) -> list[Row]:
    """Microseconds a node, from parsed spec to all analyses, of chains of concatenations."""
    works: dict[str, Work] = {f"{nodes} nodes": partial(a_node, chain(nodes)) for nodes in CHAINS}
    found: dict[str, Samples] = interleave(works, rounds)
    return [
        Row("warm: chains of concatenations, a node", name, samples.scaled(1e6), "µs")
        for name, samples in found.items()
    ]


def chain(nodes: int) -> Spec:
    """A chain of about so many nodes, four in each unit."""
    spec, problems = parse(read(CHAIN.format(units=nodes // 4)), "chain.yaml", shared_blocks())
    assert not problems
    return spec


def a_node(spec: Spec) -> float:
    """Seconds a node, lowered and analysed."""
    start = time.perf_counter()
    graph = Reference(spec, None).lower({})
    analyse(graph)
    return (time.perf_counter() - start) / len(graph.nodes)
