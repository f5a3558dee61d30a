"""What a sweep asks of every variant, what it wants small or large, and what it allows: metrics by name."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from archlens.errors import UsageError, nearest
from archlens.report.choice import Where
from archlens.report.figure import FIGURES, Figure
from archlens.report.metric_name import LATENCY, SCORES, keys_meant
from archlens.spaces.evaluate import metrics_of_variants

__all__ = ["Objective", "figure", "known", "metric_key", "objectives", "parse_where", "wanted"]

ALWAYS = ("params", "multiply_adds", "memory_access")
"""What every variant is asked for, whatever is wanted: what people look at next."""


@dataclass(frozen=True, slots=True)
class Objective:
    """A metric that is wanted as small as may be, or as large."""

    key: str
    largest: bool = False

    @property
    def sign(self) -> int:
        """What a value is multiplied by so that less is better."""
        return -1 if self.largest else 1

    def __str__(self) -> str:
        return f"-{self.key}" if self.largest else self.key


def figure(key: str) -> Figure:
    """How a metric of variants is called and shown, and which units a limit on it may have."""
    if key in SCORES:
        return Figure(key, f"guideline {key}", "ratio", lambda profile, estimate: None)
    return FIGURES[key]


def metric_key(name: str, shown: str) -> str:
    """The key of a metric, however it is written. Raises a UsageError with the nearest right name."""
    several = keys_meant(name)
    if len(several) > 1:
        raise UsageError(f"{shown}: {name} may mean {' or '.join(several)}: say which")
    known = metrics_of_variants()
    if several[0] not in known:
        hint = nearest(several[0], known) or f"; it may be {', '.join(known)}"
        raise UsageError(f"{shown}: {name} is no metric of a variant{hint}")
    return several[0]


def objectives(minimise: Iterable[str] = (), maximise: Iterable[str] = ()) -> tuple[Objective, ...]:
    """What is wanted, in the order given. Raises a UsageError for what is no metric, or is given twice."""
    found = [Objective(metric_key(name, "--minimise")) for name in minimise]
    found += [Objective(metric_key(name, "--maximise"), largest=True) for name in maximise]
    keys = [each.key for each in found]
    for key in keys:
        if keys.count(key) > 1:
            raise UsageError(f"{key} is asked for twice: minimise or maximise it, once")
    return tuple(found)


def parse_where(text: str) -> Where | None:
    """`multiply_adds <= 150M and latency < 20ms` → conditions on metrics; None for an empty text.

    Raises a UsageError.
    """
    if not text.strip():
        return None
    return Where.parse(text, lambda name, place: figure(metric_key(name, place)))


def wanted(
    asked: Sequence[Objective], where: Where | None, also: Iterable[str], *, on_a_device: bool
) -> tuple[str, ...]:
    """The metrics that every variant is asked for, each once, in a fixed order.

    Raises a UsageError for latency without a device.
    """
    keys = {*(each.key for each in asked), *(where.names if where else ()), *also, *ALWAYS}
    if on_a_device:
        keys.add(LATENCY)
    elif LATENCY in keys:
        raise UsageError("latency is predicted for a device: --device NAME; `archlens devices` lists them")
    return tuple(key for key in metrics_of_variants() if key in keys)


def known(key: str, metrics: Iterable[str], shown: str) -> str:
    """A metric that was asked of every variant. Raises a UsageError for one that was not."""
    metrics = tuple(metrics)
    key = metric_key(key, shown)
    if key not in metrics:
        hint = nearest(key, metrics) or f"; there are {', '.join(metrics)}"
        raise UsageError(f"{shown}: {key} was not asked of these variants{hint}")
    return key
