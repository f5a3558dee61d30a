"""The same totals again and again in one process: spec text → totals, beside the peers on a built module."""

import gc
import time
from collections.abc import Callable
from functools import partial

import torch
from torch import nn

from archlens.analyses.totals import totals
from archlens.cost import Cost
from archlens.spec.catalog import Reference, shared_blocks, spec_files
from archlens.spec.parse import parse
from archlens.spec.read import read
from benchmarks.networks import densenet201, image, resnet50
from benchmarks.peers import PEERS
from benchmarks.row import Row, milliseconds
from benchmarks.samples import Work, interleave

__all__ = ["totals_again"]

LEAST = 0.2
OURS = "archlens, from YAML text"
NETWORKS: tuple[tuple[str, str, str, Callable[[], nn.Module], float], ...] = (
    ("ResNet-50", "resnet", "resnet50", resnet50, 5.0),
    ("DenseNet-201", "densenet", "densenet201", densenet201, 15.0),
)


def totals_again(rounds: int) -> list[Row]:
    """ResNet-50 and DenseNet-201 in this process, everything imported and the shared blocks loaded."""
    return [row for network in NETWORKS for row in one_network(*network, rounds)]


def one_network(
    title: str, family: str, variant: str, build: Callable[[], nn.Module], target: float, rounds: int
) -> list[Row]:
    """Rows for one network."""
    works: dict[str, Callable[[], object]] = {}
    text = next(file for file in spec_files() if file.stem == family).read_text(encoding="utf-8")
    works[OURS] = partial(from_text, text, family, variant)

    def built() -> nn.Module:
        with torch.device("meta"):
            return build()

    works["PyTorch, building alone, meta"] = built
    counts: dict[str, int] = {OURS: from_text(text, family, variant).multiply_adds}
    for peer, device in (("FlopCounterMode", "meta"), ("torchinfo", "meta"), ("fvcore", "cpu")):
        with torch.device(device):
            module, x = build(), image()
        name = f"{peer}, module built, {device}"
        works[name] = partial(PEERS[peer], module, x)
        counts[name] = PEERS[peer](module, x)[1]
    timed: dict[str, Work] = {name: partial(seconds_a_call, work) for name, work in works.items()}
    return [
        Row(
            f"warm: {title}",
            name,
            milliseconds(samples),
            "ms",
            counted=counts.get(name),
            target=target if name == OURS else None,
        )
        for name, samples in interleave(timed, rounds).items()
    ]


def from_text(text: str, family: str, variant: str) -> Cost:
    """YAML text → graph → all totals."""
    spec, problems = parse(read(text, until="claims"), f"{family}.yaml", shared_blocks())
    assert not problems
    return totals(Reference(spec, variant).lower({}))


def seconds_a_call(work: Callable[[], object]) -> float:
    """The mean of as many calls as fill a fifth of a second; what others left behind is collected first."""
    gc.collect()
    calls = 0
    start = time.perf_counter()
    while (taken := time.perf_counter() - start) < LEAST:
        work()
        calls += 1
    return taken / calls
