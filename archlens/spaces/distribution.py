"""How metrics are distributed among the variants of a sweep, and where other networks stand in that."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

from archlens.errors import ArchlensError, UsageError, nearest
from archlens.report.metric_name import LATENCY
from archlens.spaces.beside import evaluator_for
from archlens.spaces.dimension import Dimension
from archlens.spaces.evaluate import Evaluator
from archlens.spaces.figures import known, metric_key
from archlens.spaces.space import INPUT
from archlens.spaces.sweep import Sweep
from archlens.spec.read import Value
from archlens.studies.guidelines.correlation import spearman

__all__ = ["Distribution", "Distributions", "Standing", "distributions"]


Row = tuple[int, Value, tuple[float, ...]]
"""A variant: its number, its value of the setting by which variants are told apart, and its metrics."""


@dataclass(frozen=True, slots=True)
class Distribution:
    """The values of a metric among some variants, from small to large; there is one at least."""

    values: tuple[float, ...]

    def at(self, share: float) -> float:
        """The value that this share of the variants is below, between two neighbours on a straight line.

        >>> Distribution((10.0, 20.0, 40.0)).at(0.75)
        30.0
        """
        place = share * (len(self.values) - 1)
        before = min(int(place), len(self.values) - 2) if len(self.values) > 1 else 0
        low, high = self.values[before], self.values[min(before + 1, len(self.values) - 1)]
        return low + (place - before) * (high - low)

    def below(self, value: float) -> float:
        """The share of the variants that have less; of those that have as much, half.

        >>> Distribution((10.0, 20.0, 40.0, 80.0)).below(30.0)
        0.5
        """
        left, right = bisect_left(self.values, value), bisect_right(self.values, value)
        return (left + right) / 2 / len(self.values)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a network stands among the variants.

    group    the value of the setting by which they are told apart, if it has one that they have; None for all
    metrics  what it has, by the keys of the metrics
    below    the share of the variants of its group that have less of it
    """

    model: str
    group: Value
    metrics: dict[str, Any]
    below: dict[str, float | None]


@dataclass(frozen=True, slots=True)
class Distributions:
    """The distributions of some metrics among the variants within the budget.

    keys          of the metrics
    by            the setting by which variants are told apart, if any
    rows          for each variant its number, the value of that setting, and its metrics
    standings     of other networks
    device        what latency is predicted for, with the batch, where not as the sweep did it
    correlations  of the ranks of two metrics each (Spearman); None where all of one are equal
    """

    keys: tuple[str, ...]
    by: Dimension | None
    rows: tuple[Row, ...]
    standings: tuple[Standing, ...] = ()
    device: tuple[str, int] | None = None

    @property
    def groups(self) -> tuple[Value, ...]:
        """The values of the setting, in the order of the space; None alone where nothing is told apart."""
        if self.by is None:
            return (None,)
        there = {group for _, group, _ in self.rows}
        return tuple(value for value in self.by.values if value in there)

    def of(self, key: str, group: Value = None) -> Distribution:
        """The distribution of a metric; among all variants, or those with a value of the setting."""
        place = self.keys.index(key)
        return Distribution(
            tuple(sorted(row[place] for _, own, row in self.rows if group is None or own == group))
        )

    @property
    def correlations(self) -> dict[tuple[str, str], float | None]:
        """How far each two metrics rise together among all variants, by their ranks."""
        columns = dict(zip(self.keys, zip(*(row for *_, row in self.rows), strict=True), strict=True))
        return {(a, b): spearman(columns[a], columns[b]) for a, b in combinations(self.keys, 2)}


def distributions(
    sweep: Sweep,
    keys: Sequence[str] = (),
    *,
    by: str | None = None,
    beside: Sequence[str] = (),
    device: str | None = None,
    batch: int = 1,
) -> Distributions:
    """The distributions of metrics among the variants of a sweep that are within its budget.

    keys           of the metrics; the objectives of the sweep unless given
    by             a setting that differs, whose values are told apart
    beside         references of networks whose standing is asked for
    device, batch  what latency is predicted for, of the variants within the budget alone; as the sweep did it
                   unless a device is given

    A variant without one of the metrics is left out. Raises a UsageError for a metric that was not asked of
    the variants, for a setting that does not differ, and where no variant is within the budget.
    """
    wanted = tuple(dict.fromkeys(metric_key(key, "METRIC") for key in keys)) or tuple(
        each.key for each in sweep.objectives
    )
    if device is None and batch != 1:
        raise UsageError("--batch is that of a predicted latency: --device NAME")
    if device is not None and LATENCY not in wanted:
        raise UsageError("--device is for latency: name it among the metrics")
    kept = tuple(key for key in wanted if device is None or key != LATENCY)
    for key in kept:
        known(key, sweep.metrics, "METRIC")
    dimension = None if by is None else named(sweep, by)
    predict = None if device is None else Evaluator(sweep.space.model, (LATENCY,), device, batch)
    rows = tuple(rows_within(sweep, wanted, kept, dimension, predict))
    if not rows:
        raise UsageError("no variant is within the budget: --where CONDITION gives another one")
    found = Distributions(wanted, dimension, rows, device=None if predict is None else (device or "", batch))
    return replace(found, standings=tuple(standing(sweep, found, model) for model in beside))


def rows_within(
    sweep: Sweep,
    wanted: tuple[str, ...],
    kept: tuple[str, ...],
    dimension: Dimension | None,
    predict: Evaluator | None,
) -> Iterator[Row]:
    """The variants within the budget that have all metrics; latency as it is predicted, where it is."""
    place = None if dimension is None else sweep.space.dimensions.index(dimension)
    for number, *values in sweep.store.rows(kept, sweep.budget()):
        own = dict(zip(kept, values, strict=True))
        if predict is not None:
            settings = sweep.variants.settings(number)
            shape = settings.pop(INPUT, None)
            try:
                own |= predict(settings, shape)  # type: ignore[arg-type]  # as in chunks
            except ArchlensError:  # too far from all that the device was seen to run
                continue
        if None not in own.values():
            group = None if place is None else sweep.variants.values(number)[place]
            yield number, group, tuple(own[key] for key in wanted)


def named(sweep: Sweep, key: str) -> Dimension:
    """The setting of a sweep with this key. Raises a UsageError with the nearest one."""
    keys = {each.key: each for each in sweep.space.dimensions}
    if key not in keys:
        hint = nearest(key, keys) or f"; there are {', '.join(keys)}"
        raise UsageError(f"--by {key}: no such setting differs{hint}")
    return keys[key]


def standing(sweep: Sweep, found: Distributions, model: str) -> Standing:
    """Where a network stands, evaluated as the variants were."""
    evaluate = evaluator_for(sweep, model)
    own = evaluate({})
    if found.device is not None:
        own |= Evaluator(model, (LATENCY,), *found.device)({})
    group: Value = None
    if found.by is not None:
        group = evaluate.reference.settings({}).get(found.by.name)
        if found.by.place is not None and isinstance(group, tuple):
            group = group[found.by.place] if found.by.place < len(group) else None
        group = group if group in found.groups else None
    below = {
        key: None if own[key] is None else found.of(key, group).below(float(own[key])) for key in found.keys
    }
    return Standing(model, group, {key: own[key] for key in found.keys}, below)
