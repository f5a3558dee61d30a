"""The picture of a distribution: a histogram of one metric, and how others go with it."""

from dataclasses import replace
from math import ceil

from archlens.report.charts.distribution import Marked, distribution
from archlens.report.charts.quantity import Quantity
from archlens.report.charts.theme import Chart
from archlens.report.metric_name import LATENCY
from archlens.report.table import correlation
from archlens.spaces.distribution import Distributions
from archlens.spaces.distribution_tables import group_name
from archlens.spaces.figures import Objective, figure
from archlens.spaces.plot import MOST_POINTS, quantity
from archlens.spaces.sweep import Sweep
from archlens.spec.read import Value

__all__ = ["distribution_chart"]


def distribution_chart(sweep: Sweep, found: Distributions) -> Chart:
    """The chart: the first metric as a histogram, every other one against it."""
    key, *others = found.keys
    variants = [
        Marked(name="", numbers=numbers, group=group_name(found, group)) for _, group, numbers in found.rows
    ]
    step = max(1, ceil(len(variants) / MOST_POINTS))
    dots = [
        replace(each, name=sweep.variants.reference(number))
        for each, (number, *_) in zip(variants[::step], found.rows[::step], strict=True)
    ]
    networks = [
        Marked(name=each.model, numbers=tuple(float(each.metrics[name]) for name in found.keys))
        for each in found.standings
        if all(each.metrics[name] is not None for name in found.keys)
    ]
    whole, show = found.of(key), figure(key).show
    both = found.correlations
    together = [f"{figure(other).label} {correlation(both[key, other])}" for other in others]
    return distribution(
        variants,
        networks,
        [axis(name, found) for name in found.keys],
        title=f"{figure(key).label}: half of {len(variants):,} variants have from {show(whole.at(0.25))} to "
        f"{show(whole.at(0.75))}",
        drawn=dots,
        groups=[group_name(found, group) for group in found.groups],
        colour="" if found.by is None else found.by.key,
        subtitle=[
            *(
                f"{each.model}: {share:.0%} of the variants{among(found, each.group)} have less"
                for each in found.standings
                if (share := each.below[key]) is not None
            ),
            *([f"rank correlation with {' and '.join(together)}"] if together else []),
        ],
        source=[
            f"{sweep.space.model}, {sweep.space.about}; {sweep.store.counts()[1]:,} drawn, "
            f"{len(variants):,} within the budget",
            *([f"dots: {len(dots):,} of them"] if others and step > 1 else []),
            *([f"latency predicted for {predicted_on(sweep, found)}"] if LATENCY in found.keys else []),
        ],
    )


def predicted_on(sweep: Sweep, found: Distributions) -> str:
    """The device that latency is predicted for, and the batch."""
    identity = sweep.store.kept("identity")
    name, batch = found.device or (identity["device"][0], identity["batch"])
    return f"{name}, batch {batch}"


def axis(key: str, found: Distributions) -> Quantity:
    """A metric as an axis: on a log scale, if all of it is above 0."""
    return replace(quantity(Objective(key)), logarithmic=found.of(key).values[0] > 0)


def among(found: Distributions, group: Value) -> str:
    """Which variants a network is held against."""
    return "" if found.by is None or group is None else f" with {found.by.key}={group_name(found, group)}"
