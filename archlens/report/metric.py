"""What can be told about a network or a part of it: a name, a heading and a number each.

A metric that is added here is at once a column of `profile`, a row of `compare`, a field of JSON, CSV and
LaTeX, a condition of `--where`, an order of `--sort`, a limit of a budget, an objective of a sweep and an
axis of the page.
`archlens.report.metric_name` says how it is asked for.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from archlens.analyses import Measures
from archlens.analyses.receptive_field import ReceptiveField
from archlens.report.table import count, count_bytes, ratio, share, text

__all__ = ["BY_KEY", "COSTS", "DTYPES", "METRICS", "Metric", "field_size", "number_of"]

DTYPES = {"float64": 8, "float32": 4, "tfloat32": 4, "bfloat16": 2, "float16": 2, "float8": 1, "int8": 1}
"""Bytes an element takes."""


@dataclass(frozen=True, slots=True)
class Metric:
    """One number about a network or a part of it.

    key       its name in JSON, CSV and `--columns`
    label     what it is called in a sentence, or beside other networks
    header    its heading over a column; a line break where it may wrap
    value     the number, from the measures and the bytes that an element takes
    show      how it looks
    summed    whether those of the parts add up to the whole, so that each has a share
    bounded   whether it is a lower bound where an operator could not be costed; else nothing is told
    """

    key: str
    label: str
    header: str
    value: Callable[[Measures, int], Any]
    show: Callable[[Any], str] = count
    summed: bool = False
    bounded: bool = True


def number_of(value: Any) -> int | float | None:
    """The one number of a metric's value: the longest side of a receptive field; None where there is none."""
    if isinstance(value, ReceptiveField):
        return max(value.size, default=None)
    if isinstance(value, Fraction):
        return float(value)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def field_size(field: Any) -> str:
    """427, 1×7, 27–43 where channels differ, all (427) where everything is seen, 427* if not aligned."""
    if field is None:
        return ""
    text = _by_axis(field.size)
    if field.smallest != field.size:
        text = f"{_by_axis(field.smallest)}–{text}"
    text += "" if field.aligned else "*"
    return f"all ({text})" if field.everything else text


def _by_axis(values: Iterable[Any]) -> str:
    """A number an axis, or one where they are all the same."""
    shown = [f"{float(value):.4g}" if value != int(value) else str(int(value)) for value in values]
    return shown[0] if len(set(shown)) == 1 else "×".join(shown)


def _axes(value: Any) -> str:
    return "" if value is None else _by_axis(value)


def _of_cost(key: str) -> Callable[[Measures, int], int]:
    return lambda measures, size: getattr(measures.cost, key)


def _of_fragments(key: str) -> Callable[[Measures, int], Any]:
    return lambda measures, size: getattr(measures.fragmentation, key)


def _of_field(key: str) -> Callable[[Measures, int], Any]:
    return lambda measures, size: getattr(measures.receptive_field, key, None)


def _without_products(measures: Measures, size: int) -> float | None:
    whole = measures.cost.memory_access
    return measures.other_access / whole if whole else None


def _over_bound(measures: Measures, size: int) -> float | None:
    bound = measures.memory_access_bound
    return measures.layer_access / bound if bound else None


def _channel_ratio(measures: Measures, size: int) -> tuple[int, int] | None:
    return measures.layer.channel_ratio if measures.layer else None


def _groups(measures: Measures, size: int) -> int | None:
    return measures.layer.groups if measures.layer else None


def _colon(value: Any) -> str:
    return "" if value is None else ":".join(map(str, value))


def _intensity(measures: Measures, size: int) -> float | None:
    moved = measures.cost.memory_access * size
    return measures.cost.multiply_adds / moved if moved else None


COSTS = (
    Metric("params", "params", "params", _of_cost("params"), summed=True),
    Metric(
        "multiply_adds", "multiply-adds", "multiply-\nadds", _of_cost("multiply_adds"), summed=True
    ),
    Metric("elementwise", "element-wise", "element-\nwise", _of_cost("elementwise"), summed=True),
    Metric("reads", "reads", "reads", _of_cost("reads"), summed=True),
    Metric("writes", "writes", "writes", _of_cost("writes"), summed=True),
    Metric(
        "memory_access", "memory access", "memory\naccess", _of_cost("memory_access"), summed=True
    ),
    Metric("activations", "activations", "activations", _of_cost("activations"), summed=True),
    Metric(
        "memory_access_bytes", "memory access in bytes", "bytes",
        lambda measures, size: measures.cost.memory_access * size, count_bytes, summed=True,
    ),
)  # fmt: skip
"""The counts that every operator has."""

METRICS = (
    *COSTS,
    Metric(
        "memory_access_bound", "memory access bound", "access\nbound",
        lambda measures, size: measures.memory_access_bound, summed=True,
    ),
    Metric(
        "memory_access_excess", "memory access above bound", "above\nbound",
        lambda measures, size: measures.layer_access - measures.memory_access_bound, summed=True,
    ),
    Metric(
        "memory_access_over_bound", "memory access over bound", "over\nbound", _over_bound, ratio,
        bounded=False,
    ),
    Metric(
        "multiply_adds_per_byte", "multiply-adds a byte", "multiply-\nadds a byte", _intensity, bounded=False
    ),
    Metric(
        "channel_ratio", "channels in to out", "in:out", _channel_ratio, _colon, bounded=False,
    ),
    Metric("groups", "groups", "groups", _groups, text, bounded=False),
    Metric(
        "access_without_products", "memory access without dot products", "without\nproducts",
        _without_products, share, bounded=False,
    ),
    Metric("layers", "layers", "layers", lambda measures, size: measures.layers, text, bounded=False),
    Metric("fragments", "fragments", "frag\u00ad\nments", _of_fragments("fragments"), summed=True),
    Metric("parallel_width", "parallel width", "parallel\nwidth", _of_fragments("parallel_width")),
    Metric("serial_depth", "serial depth", "serial\ndepth", _of_fragments("serial_depth")),
    Metric(
        "parallelism", "parallelism", "parallel\u00ad\nism", _of_fragments("parallelism"), ratio,
        bounded=False,
    ),
    Metric("kernels", "kernels", "kernels", _of_fragments("kernels"), summed=True),
    Metric(
        "fused_kernels", "kernels, fused", "fused\nkernels", lambda measures, size: measures.fused_kernels,
        summed=True,
    ),
    Metric(
        "multiply_adds_per_kernel", "multiply-adds a kernel", "multiply-\nadds a kernel",
        _of_fragments("multiply_adds_per_kernel"), bounded=False,
    ),
    Metric(
        "peak_activations", "peak activations", "peak\nactivations",
        lambda measures, size: measures.peak_activations,
    ),
    Metric(
        "peak_activations_bytes", "peak activations in bytes", "peak\nbytes",
        lambda measures, size: measures.peak_activations * size, count_bytes,
    ),
    Metric(
        "peak_activations_in_place", "peak activations in place", "peak\nin place",
        lambda measures, size: measures.peak_in_place,
    ),
    Metric(
        "training_activations", "training activations", "training\nactivations",
        lambda measures, size: measures.training,
    ),
    Metric(
        "training_activations_in_place", "training activations in place", "training\nin place",
        lambda measures, size: measures.training_in_place,
    ),
    Metric(
        "receptive_field", "receptive field", "receptive\nfield",
        lambda measures, size: measures.receptive_field, field_size, bounded=False,
    ),
    Metric("field_stride", "field's stride", "field\nstride", _of_field("stride"), _axes, bounded=False),
    Metric("field_padding", "field's padding", "field\npadding", _of_field("padding"), _axes, bounded=False),
    Metric("field_centre", "field's centre", "field\ncentre", _of_field("centre"), _axes, bounded=False),
)  # fmt: skip

BY_KEY = {metric.key: metric for metric in METRICS}
