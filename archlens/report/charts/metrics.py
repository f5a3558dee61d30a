"""Metrics as charts have them: a number, and what its axis says."""

from fractions import Fraction
from typing import Any

from archlens.analyses.receptive_field import ReceptiveField
from archlens.errors import UsageError
from archlens.report.charts.quantity import Quantity
from archlens.report.metric import ALSO, BY_KEY, way_out

__all__ = ["LATENCY", "metric_named", "number_of", "quantity_of"]

LATENCY = "latency"
"""The predicted seconds of a batch."""

ELEMENTS = {
    "reads", "writes", "memory_access", "activations", "memory_access_bound", "memory_access_excess",
    "peak_activations", "peak_activations_in_place", "training_activations", "training_activations_in_place",
}  # fmt: skip
NOT_NUMBERS = {"channel_ratio", "groups", "field_stride", "field_padding", "field_centre"}


def metric_named(name: str, option: str, *, timed: bool = False) -> str:
    """The key of a metric, whatever people call it.

    option  where it was named, for messages
    timed   whether the predicted time is one here

    Raises a UsageError for what is none.
    """
    key = name.lower().replace("-", "_")
    several = ALSO.get(key, (key,))
    if timed and key == LATENCY:
        return key
    if len(several) == 1 and several[0] in BY_KEY and several[0] not in NOT_NUMBERS:
        return several[0]
    if key == LATENCY:
        raise UsageError(f"{option} {name}: a predicted time takes a device: --device NAME")
    raise UsageError(f"{option} {name}: no such number{way_out(key)}")


def quantity_of(key: str) -> Quantity:
    """What an axis says of a metric."""
    if key == LATENCY:
        return Quantity("predicted time", "seconds")
    if key == "receptive_field":
        return Quantity("receptive field", "places of the input")
    label = BY_KEY[key].label
    if key.endswith("_bytes"):
        return Quantity(label.removesuffix(" in bytes"), "B")
    return Quantity(label, "elements" if key in ELEMENTS else "")


def number_of(key: str, value: Any) -> float | None:
    """The number of a metric; of a field its longest side; None where there is none."""
    if isinstance(value, ReceptiveField):
        return max(value.size, default=None)
    if isinstance(value, Fraction):
        return float(value)
    return value if isinstance(value, int | float) else None
