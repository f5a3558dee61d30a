"""How a metric is asked for by name: in `--columns`, `--where`, `--minimise`, in a budget, on an axis."""

from collections.abc import Container, Iterable

from archlens.errors import UsageError, nearest
from archlens.report.metric import BY_KEY, COSTS, METRICS
from archlens.report.table import Column, share

__all__ = [
    "GROUPS", "LATENCY", "SCORES", "SEVERAL_NUMBERS", "TOP1", "column_of", "columns_named", "key_meant",
    "keys_meant", "meanings", "way_out",
]  # fmt: skip

LATENCY = "latency"
"""The predicted seconds of a batch, where a device is named: no count, so it is no `Metric`."""
TOP1 = "top1"
"""Accuracy on ImageNet in percent, in `list` and `compare --rows models`: printed somewhere, not counted."""
SCORES = ("g1", "g2", "g3", "g4")
"""The scores of ShuffleNet V2's guidelines: 1 for a network that follows them."""
SEVERAL_NUMBERS = frozenset({"channel_ratio", "groups", "field_stride", "field_padding", "field_centre"})
"""What is told of a layer, or for each axis: no one number of a network, so no axis and no objective."""

SHARED = ("params", "multiply_adds", "memory_access", "elementwise", "activations")
"""The metrics whose share of the whole stands beside them when all columns are asked for."""

GROUPS = {
    "six": ("params", "multiply_adds", "memory_access", "receptive_field", "fragments", "elementwise"),
    "costs": tuple(metric.key for metric in COSTS),
    "memory": (
        "memory_access", "memory_access_bytes", "memory_access_bound", "memory_access_excess",
        "memory_access_over_bound", "multiply_adds_per_byte", "channel_ratio", "groups",
    ),
    "element_wise": ("elementwise", "elementwise_share", "access_without_products"),
    "fragmentation": (
        "fragments", "parallel_width", "serial_depth", "parallelism", "kernels", "fused_kernels",
        "multiply_adds_per_kernel",
    ),
    "peak": (
        "peak_activations", "peak_activations_bytes", "peak_activations_in_place", "training_activations",
        "training_activations_in_place",
    ),
    "receptive_field": ("receptive_field", "field_stride", "field_padding", "field_centre"),
    "all": tuple(
        key
        for metric in METRICS
        for key in (metric.key, *([f"{metric.key}_share"] if metric.key in SHARED else []))
    ),
}  # fmt: skip
"""Columns that are asked for together."""

ALWAYS_SHOWN = ("params", "multiply_adds", "memory_access")
"""What is never dropped to fit a terminal."""

ALSO = {
    **dict.fromkeys(("flops", "macs", "madds", "maccs"), ("multiply_adds",)),
    "mac": ("multiply_adds", "memory_access"),
}
"""What else people call a metric, and which are meant."""

MEANINGS = {
    "flops": "flops: multiply-adds, which most papers print as FLOPs; an engine counts 2 FLOPs for each",
    "mac": "mac: a multiply-accumulate in most papers, memory access cost in ShuffleNet V2's: here are both",
    TOP1: "top1: ImageNet top-1 accuracy in percent, as printed; -f json tells where",
    "layers": "layers: convolutions and linear layers on the longest path from input to output, as papers "
    "count them; gates, as in squeeze-and-excitation, do not count",
}
"""What has to be said where a name is asked for."""


def keys_meant(name: str) -> tuple[str, ...]:
    """The metrics that people mean by a name, however they write it.

    >>> keys_meant("Multiply-Adds"), keys_meant("flops"), keys_meant("MAC")
    (('multiply_adds',), ('multiply_adds',), ('multiply_adds', 'memory_access'))
    """
    key = name.strip().lower().replace("-", "_")
    return ALSO.get(key, (key,))


def key_meant(name: str, known: Container[str]) -> str | None:
    """The one of the known metrics that a name means; None for one that means none, or several."""
    keys = keys_meant(name)
    return keys[0] if len(keys) == 1 and keys[0] in known else None


def column_of(key: str, place: int, *, asked: bool) -> Column:
    """A column of a metric, or of its share; unless asked for by name, those further right are dropped first
    to fit a terminal.
    """
    metric = BY_KEY.get(key)
    if metric is None:
        return Column(key, "%", share, priority=0 if asked else place + 50, derived=True, follows=asked)
    always = asked or key in ALWAYS_SHOWN
    return Column(key, metric.header, metric.show, priority=0 if always else place + 1)


def columns_named(names: Iterable[str]) -> tuple[str, ...]:
    """The keys of the columns that names and groups of them stand for, once each, shares included.

    Raises a UsageError for a name that is neither.
    """
    keys: dict[str, None] = {}
    for given in names:
        name = given.lower().replace("-", "_")
        metric = BY_KEY.get(name.removesuffix("_share"))
        if several := GROUPS.get(name) or ALSO.get(name):
            keys.update(dict.fromkeys(several))
        elif metric and (name == metric.key or metric.summed):
            keys[name] = None
        else:
            raise UsageError(f"--columns {given}: no such column{way_out(name)}")
    return tuple(keys)


def way_out(name: str) -> str:
    """The end of a sentence about a metric that does not exist: the nearest, or where all are told."""
    groups = ", ".join(GROUPS)
    return nearest(name, [*GROUPS, *BY_KEY, *ALSO]) or f"; groups of them are {groups}: `-c all` shows all"


def meanings(names: Iterable[str]) -> tuple[str, ...]:
    """A line for each name whose meaning differs from place to place."""
    said = (MEANINGS.get(name.lower()) for name in names)
    return tuple(dict.fromkeys(line for line in said if line))
