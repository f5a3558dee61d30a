"""How much memory a network needs to run, how much there is, and how much it took."""

import re
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]
import torch

from archlens.cost import total
from archlens.graph import Graph
from archlens.ops.operator import size

__all__ = ["available", "is_out_of_memory", "largest_batch", "needed", "peak"]

LIMIT = Path("/sys/fs/cgroup/memory.max")
USED = Path("/sys/fs/cgroup/memory.current")
STATUS = Path("/proc/self/status")
FORGET = Path("/proc/self/clear_refs")
TRIES = 24


def needed(graph: Graph, itemsize: int) -> tuple[int, int]:
    """Bytes of the weights, and of the largest node's inputs and output together: a lower bound of a run."""
    largest = max(
        size(node.shape) + sum(size(graph.nodes[i].shape) for i in node.inputs) for node in graph.nodes
    )
    return itemsize * total(node.cost for node in graph.nodes).params, itemsize * largest


def available(device: str) -> int:
    """Bytes of memory that a program can still get."""
    if device == "cuda":
        return int(torch.cuda.mem_get_info()[0])
    free = int(psutil.virtual_memory().available)
    try:
        return min(free, int(LIMIT.read_text()) - int(USED.read_text()))
    except (OSError, ValueError):  # no such group, or `max`
        return free


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an error of PyTorch's says that memory could not be had."""
    if isinstance(error, (MemoryError, torch.OutOfMemoryError)):
        return True
    return isinstance(error, RuntimeError) and bool(
        re.search("out of memory|can't allocate memory|not enough memory", str(error))
    )


def largest_batch(runs: Callable[[int], bool], failed: int) -> int:
    """The largest batch that runs, to about one part in 16, below one that does not; 0 if none does."""
    low, high = 0, failed
    for _ in range(TRIES):
        if high - low <= max(1, low // 16):
            break
        middle = (low + high) // 2
        if runs(middle):
            low = middle
        else:
            high = middle
    return low


def peak(run: Callable[[], Any], device: str) -> int | None:
    """Bytes at most during one run: what PyTorch holds on the GPU, or the whole process in memory.

    Where the system cannot begin anew, since the process began; None where nobody tells.
    """
    if device == "cuda":
        torch.cuda.reset_peak_memory_stats()
        run()
        torch.cuda.synchronize()
        return int(torch.cuda.max_memory_allocated())
    with suppress(OSError):
        FORGET.write_text("5")
    run()
    try:
        held = re.search(r"^VmHWM:\s+(\d+) kB", STATUS.read_text(encoding="utf-8"), re.MULTILINE)
    except OSError:
        held = None
    if held:
        return int(held[1]) * 1024
    return None if sys.platform == "win32" else resident()


def resident() -> int:
    """The most memory that the process has held since it began, in bytes."""
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
