"""Metrics as charts have them: a number, and what its axis says."""

from archlens.errors import UsageError
from archlens.report.charts.quantity import Quantity
from archlens.report.metric import BY_KEY
from archlens.report.metric_name import LATENCY, SEVERAL_NUMBERS, TOP1, key_meant, way_out

__all__ = ["metric_named", "quantity_of"]

ELEMENTS = {
    "reads", "writes", "memory_access", "activations", "memory_access_bound", "memory_access_excess",
    "peak_activations", "peak_activations_in_place", "training_activations", "training_activations_in_place",
}  # fmt: skip


def metric_named(name: str, option: str, *, timed: bool = False, many: bool = False) -> str:
    """The key of a metric, whatever people call it.

    option  where it was named, for messages
    timed   whether the predicted time is one here
    many    whether networks are drawn beside each other: their accuracy is one, as somebody prints it

    Raises a UsageError for what is none.
    """
    known = (BY_KEY.keys() - SEVERAL_NUMBERS) | ({TOP1} if many else set())
    if key := key_meant(name, known | {LATENCY} if timed else known):
        return key
    key = name.lower().replace("-", "_")
    if key == LATENCY:
        raise UsageError(f"{option} {name}: a predicted time takes a device: --device NAME")
    raise UsageError(f"{option} {name}: no such number{way_out(key)}")


def quantity_of(key: str) -> Quantity:
    """What an axis says of a metric."""
    if key == LATENCY:
        return Quantity("predicted time", "seconds")
    if key == TOP1:
        return Quantity("ImageNet top-1 as printed", "%", larger=True, logarithmic=False)
    if key == "receptive_field":
        return Quantity("receptive field", "places of the input")
    label = BY_KEY[key].label
    if key.endswith("_bytes"):
        return Quantity(label.removesuffix(" in bytes"), "B")
    return Quantity(label, "elements" if key in ELEMENTS else "")
