"""Recording a module that is there already, beside the peers on the same one, and its memory."""

import gc
import time
from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor, nn

import archlens
from benchmarks.networks import densenet121, image, resnet, resnet50
from benchmarks.peers import PEERS
from benchmarks.process import ProcessFailedError, python, run
from benchmarks.row import Row, milliseconds
from benchmarks.samples import interleave

__all__ = ["count_resnext", "memory_of_recording", "record_resnext", "recordings"]

OURS = "archlens.record"
FASTEST = 0.5
"""Of the fastest peer's time, at most."""

MOST_MEMORY = 120.0


def built(name: str) -> nn.Module:
    """A network of the catalogue, in evaluation mode."""
    return archlens.build(archlens.load(name)).eval()


def efficient(name: str) -> tuple[Callable[[], nn.Module], Callable[[], Tensor]]:
    """An EfficientNet and its input."""
    shape = archlens.load(name).input_shape
    return partial(built, name), lambda: torch.ones(shape)


NETWORKS: dict[str, tuple[Callable[[], nn.Module], Callable[[], Tensor]]] = {
    "ResNet-50": (resnet50, image),
    "DenseNet-121": (densenet121, image),
    "EfficientNet-B0": efficient("efficientnet_b0"),
    "EfficientNet-B7": efficient("efficientnet_b7"),
}


def recordings(rounds: int) -> list[Row]:
    """Each network, made on the meta device; on the CPU for peers that cannot do without elements."""
    return [row for title, network in NETWORKS.items() for row in one_network(title, *network, rounds)]


def one_network(
    title: str, build: Callable[[], nn.Module], give: Callable[[], Tensor], rounds: int
) -> list[Row]:
    """Rows for one network."""
    with torch.device("meta"):
        module, x = build(), give()
    works: dict[str, Callable[[], object]] = {OURS: lambda: archlens.record(module, x)}
    counts = {OURS: archlens.profile(archlens.record(module, x)).totals.multiply_adds}
    for peer, count in PEERS.items():
        name, subject, given = f"{peer}, meta", module, x
        try:
            counts[name] = count(subject, given)[1]
        except Exception:
            name, subject, given = f"{peer}, cpu", build(), give()
            counts[name] = count(subject, given)[1]
        works[name] = partial(count, subject, given)
    found = interleave({name: partial(seconds, work) for name, work in works.items()}, rounds)
    fastest = min(samples.median for name, samples in found.items() if name != OURS)
    return [
        Row(
            f"record: {title}",
            name,
            milliseconds(samples),
            "ms",
            counted=counts[name],
            target=1e3 * FASTEST * fastest if name == OURS else None,
        )
        for name, samples in found.items()
    ]


def seconds(work: Callable[[], object]) -> float:
    """How long one call takes; what others left behind is collected first."""
    gc.collect()
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


IMPORT = "import torch, torch.utils._python_dispatch, archlens"
RECORD = f"{IMPORT}; from benchmarks.record import record_resnext; record_resnext()"
MEASURED = {
    "archlens, module made without weights": (RECORD,),
    "torchinfo, meta": (
        f"{IMPORT}; from benchmarks.record import count_resnext; count_resnext()",
        "torchinfo",
    ),
    "FlopCounterMode, meta": (
        f"{IMPORT}; from benchmarks.record import count_resnext; count_resnext()",
        "FlopCounterMode",
    ),
}


def memory_of_recording(rounds: int) -> list[Row]:
    """How much more than `import torch` a process holds at most that makes and counts resnext101_32x8d."""
    rows = []
    bare = interleave({"bare": lambda: run(*python(IMPORT)).peak}, rounds)["bare"].median
    for name, command in MEASURED.items():
        try:
            found = interleave({name: lambda command=command: run(*python(*command)).peak - bare}, rounds)  # type: ignore[misc]
        except ProcessFailedError as failure:
            rows.append(
                Row("record: memory of resnext101_32x8d", name, None, "MiB", note=f"fails: {failure}"[:60])
            )
            continue
        target = MOST_MEMORY if name.startswith("archlens") else None
        rows.append(Row("record: memory of resnext101_32x8d", name, found[name], "MiB", target=target))
    return rows


def resnext() -> nn.Module:
    """ResNeXt-101 32×8d: 88,791,336 parameters."""
    return resnet((3, 4, 23, 3), base=8, groups=32)


def record_resnext() -> None:
    """A whole process: made without allocating its weights, and recorded."""
    from archlens.recorder.unallocated import unallocated

    totals = archlens.profile(
        archlens.record(unallocated(resnext), torch.empty(1, 3, 224, 224, device="meta"))
    ).totals
    assert totals.params == 88_791_336, totals


def count_resnext() -> None:
    """A whole process: the peer is its argument."""
    import sys

    with torch.device("meta"):
        module, x = resnext(), image()
    PEERS[sys.argv[1]](module, x)
