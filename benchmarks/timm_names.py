"""Which of timm's names stand for a network of our catalogue: where all that is counted agrees."""

import csv
import io
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from difflib import SequenceMatcher
from importlib import import_module
from typing import Any, NamedTuple
from warnings import catch_warnings

from archlens.analyses import totals
from archlens.errors import ArchlensError
from archlens.graph import Graph
from archlens.recorder.sources import record_source
from archlens.spec.catalog import Reference, specs
from benchmarks.stand_in import stand_in

__all__ = ["Counted", "alike", "as_csv", "timm_names"]


NEAR = 0.02
"""Parameters may differ by this share at another input, which position embeddings depend on."""
SAME = 0.005
"""Multiply-adds may differ by this share: of pools, products and gates there is more than one reading."""


class Counted(NamedTuple):
    """What a network is called, and what is counted of it at an input.

    other  how many normalisations and pools of each kind it has
    """

    name: str
    size: int
    params: int
    multiply_adds: int
    memory_access: int
    other: tuple[tuple[str, int], ...]


class Pair(NamedTuple):
    """A name of timm's, the side of its input, ours, and what both count."""

    timm: str
    input: int
    archlens: str
    params: int
    multiply_adds: int


def timm_names() -> Iterator[Pair]:
    """A pair for every network of timm that the catalogue has, by name. Takes some minutes.

    timm is recorded without weights at its own input. Raises an ImportError where timm is not installed;
    torchvision may be missing.
    """
    ours = [(each, counted(each.lower({})).params) for each in catalogue()]
    with stand_in("torchvision"), catch_warnings(action="ignore"):
        timm: Any = import_module("timm")
        for name in timm.list_models():
            params = parameters(timm, name)
            near = [each for each, own in ours if abs(own - params) <= NEAR * own]
            if not near:
                continue
            print(f"{name} …", file=sys.stderr, flush=True)
            try:
                theirs = counted(record_source(f"timm:{name}", {}, {}))._replace(name=name)
            except ArchlensError as error:
                print(f"{name}: {error}", file=sys.stderr)
                continue
            if found := alike(theirs, at_size(near, theirs.size)):
                yield Pair(name, theirs.size, found, theirs.params, theirs.multiply_adds)


def at_size(near: Iterable[Reference], size: int) -> Iterator[Counted]:
    """What is counted of networks of ours at this input, of those that take it."""
    for each in near:
        with suppress(ArchlensError):
            yield counted(each.lower({"input": (3, size, size)}))


def catalogue() -> list[Reference]:
    """Every network of ours that takes images of three channels."""
    listed = [Reference(spec, variant) for spec in specs() for variant in spec.variants]
    return [each for each in listed if str(each.settings({}).get("input", "")).startswith("(3,")]


def counted(graph: Graph) -> Counted:
    """What is counted of a graph."""
    cost = totals(graph)
    kinds = Counter(
        node.op.kind
        for node in graph.nodes
        if node.op.work == "normalization" or node.op.kind in ("average_pool", "max_pool")
    )
    return Counted(
        graph.model, graph.input_shape[-1], cost.params, cost.multiply_adds, cost.memory_access,
        tuple(sorted(kinds.items())),
    )  # fmt: skip


def parameters(timm: Any, name: str) -> int:
    """PyTorch's own number of them; -1 where the network cannot be made."""
    import torch

    try:
        with torch.device("meta"):
            return sum(weight.numel() for weight in timm.create_model(name).parameters())
    except Exception:  # some of timm's read values while they are made
        return -1


def alike(theirs: Counted, ours: Iterable[Counted]) -> str:
    """The network of ours that is theirs; "" where none has as many parameters, to the last one, as many
    multiply-adds, and the same normalisations and pools.

    Of several, such as the forms of one block, it is the one that moves as much, then the one with the
    shortest name.
    """

    def distance(each: Counted) -> tuple[int, int, float]:
        likeness = SequenceMatcher(None, theirs.name, each.name).ratio()
        return abs(each.memory_access - theirs.memory_access), len(each.name), -likeness

    same = [
        each
        for each in ours
        if (each.params, each.other) == (theirs.params, theirs.other)
        and abs(each.multiply_adds - theirs.multiply_adds) <= SAME * theirs.multiply_adds
    ]
    return min(same, key=distance).name if same else ""


def as_csv(pairs: Iterable[Pair]) -> str:
    """The pairs as a file of archlens."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(Pair._fields)
    writer.writerows(pairs)
    return text.getvalue()
