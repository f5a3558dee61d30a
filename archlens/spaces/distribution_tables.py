"""What is read of distributions: quantiles, where networks stand, how metrics rise together."""

from typing import Any

from archlens.report.result import Page, Result
from archlens.report.table import Column, Shown, Table, correlation, share, text
from archlens.spaces.distribution import Distribution, Distributions, Standing
from archlens.spaces.figures import figure
from archlens.spaces.sweep import Sweep
from archlens.spaces.tables import counted, setting
from archlens.spec.read import Value

__all__ = ["distribution_result", "group_name"]

QUANTILES = {
    "least": 0.0, "5 %": 0.05, "25 %": 0.25, "median": 0.5, "75 %": 0.75, "95 %": 0.95, "most": 1.0,
}  # fmt: skip
"""The shares of the variants that are below the numbers of a row, by what people call them."""
COUNTED = frozenset({"count", "bytes"})


def distribution_result(sweep: Sweep, found: Distributions) -> Result:
    """Distributions as every format can write them."""
    told, within = counted(sweep), sweep.store.matching(sweep.where)

    def page() -> Page:
        tables = [quantile_table(found, told, within)]
        if found.standings:
            tables.append(standing_table(found))
        if len(found.keys) > 1:
            tables.append(correlation_table(found))
        return Page(tuple(tables))

    return Result(page, lambda: as_dict(sweep, found), lambda: quantile_table(found, told, within))


def quantile_table(found: Distributions, told: str, within: int) -> Table:
    """A row a metric, and a value of the setting by which variants are told apart."""
    columns = [Column("metric", "metric", right=False)]
    if found.by is not None:
        columns += [Column("group", found.by.key, lambda group: group_name(found, group))]
    columns += [Column("variants", "variants", lambda number: f"{number:,}")]
    columns += [Column(f"quantile_{share:g}", name, text) for name, share in QUANTILES.items()]
    rows = []
    for key in found.keys:
        for group in found.groups:
            own = found.of(key, group)
            row: list[Any] = [figure(key).label, *([group] if found.by else []), len(own.values)]
            row += [shown(key, at(own, key, share)) for share in QUANTILES.values()]
            rows.append(tuple(row))
    notes = [f"{told}; 5 %: so many of the variants have less"]
    if found.device is not None:
        name, batch = found.device
        notes.append(f"latency predicted for {name}, batch {batch}{left_out(found, within)}")
    return Table(tuple(columns), tuple(rows), footer=tuple(notes))


def left_out(found: Distributions, within: int) -> str:
    """How many variants have no prediction."""
    missing = within - len(found.rows)
    return f"; {missing:,} are too far from all that it was seen to run, and left out" if missing else ""


def at(found: Distribution, key: str, share: float) -> float:
    """A quantile; of what is counted, the nearest whole number."""
    value = found.at(share)
    return round(value) if figure(key).kind in COUNTED else value


def shown(key: str, value: Any) -> Shown | None:
    """A metric as the commands about it write it."""
    return None if value is None else Shown(value, figure(key).shown)


def standing_table(found: Distributions) -> Table:
    """A row a network: what it has of each metric, and the share of the variants that have less."""
    columns = [Column("model", "network", right=False)]
    if found.by is not None:
        columns.append(Column("among", "among", right=False))
    for key in found.keys:
        label = figure(key).label
        columns += [Column(key, label, text), Column(f"{key}_below", "have less", share)]
    return Table(tuple(columns), tuple(standing_row(found, each) for each in found.standings))


def standing_row(found: Distributions, each: Standing) -> tuple[Any, ...]:
    """A network's row."""
    row: list[Any] = [each.model]
    if found.by is not None:
        own = each.group
        row.append("all variants" if own is None else f"{found.by.key}={group_name(found, own)}")
    for key in found.keys:
        row += [shown(key, each.metrics[key]), each.below[key]]
    return tuple(row)


def correlation_table(found: Distributions) -> Table:
    """How far each two metrics rise together: 1 is always, 0 is not at all."""
    columns = [Column("metric", "rank correlation", right=False)]
    columns += [Column(key, figure(key).label, correlation) for key in found.keys]
    both = found.correlations
    rows = [
        (figure(a).label, *(1.0 if a == b else both.get((a, b), both.get((b, a))) for b in found.keys))
        for a in found.keys
    ]
    return Table(
        tuple(columns),
        tuple(rows),
        footer=("Spearman's: 1 where what has more of one has more of the other",),
    )


def group_name(found: Distributions, group: Value) -> str:
    """A value of the setting by which variants are told apart."""
    return "" if found.by is None or group is None else setting(found.by.name, group)


def as_dict(sweep: Sweep, found: Distributions) -> dict[str, Any]:
    """What `--format json` prints: quantiles at every percent, networks, correlations."""
    return {
        "model": sweep.space.model,
        "size": sweep.space.size,
        "variants": sweep.store.counts()[1],
        "within_budget": len(found.rows),
        "device": found.device and {"name": found.device[0], "batch": found.device[1]},
        "by": None if found.by is None else found.by.key,
        "distributions": [
            {
                "metric": key,
                "group": list(group) if isinstance(group, tuple) else group,
                "variants": len(found.of(key, group).values),
                "percentiles": [found.of(key, group).at(share / 100) for share in range(101)],
            }
            for key in found.keys
            for group in found.groups
        ],
        "networks": [
            {
                "model": each.model,
                "group": list(each.group) if isinstance(each.group, tuple) else each.group,
                "metrics": each.metrics,
                "share_below": each.below,
            }
            for each in found.standings
        ],
        "rank_correlations": [
            {"metrics": [a, b], "spearman": value} for (a, b), value in found.correlations.items()
        ],
    }  # fmt: skip
