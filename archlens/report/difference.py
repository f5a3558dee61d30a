"""Stored runs of two sets side by side: a row a network, with the ratio of its times."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from archlens.quantity import plural
from archlens.report.results import duration, setting, several, shown_setting, spread, state
from archlens.report.table import Column, Table

if TYPE_CHECKING:
    from archlens.latency.store.selection import Difference  # which imports numpy

__all__ = ["difference_table", "differences_as_dict"]

SETTINGS = ("batch", "input", "dtype", "layout", "mode", "fused")
"""What people see only where there are several."""


def difference_table(found: "Sequence[Difference]", a: str, b: str, allowance: float) -> Table:
    """A row a network: its median in A and in B, their ratio, and what that shows.

    a, b       what was asked for
    allowance  how far the ratio of two runs may be from 1 without a cause
    """
    columns = (
        Column("model", "model", right=False),
        *(
            Column(key, key, shown_setting, machine=not several(setting(each.run, key) for each in found))
            for key in SETTINGS
        ),
        Column("baseline_run", "A", machine=True),
        Column("run", "B", machine=True),
        Column("baseline_median_s", "A", duration),
        Column("baseline_interval_s", "95 % interval", spread, priority=3, derived=True),
        Column("median_s", "B", duration, priority=1),
        Column("interval_s", "95 % interval", spread, priority=2, derived=True),
        Column("ratio_with_interval", "B / A and its\n95 % interval", _with_interval, derived=True),
        *(Column(key, key, machine=True) for key in ("ratio", "ratio_low", "ratio_high")),
        Column("verdict", "B is", right=False),
        Column("remarks", "remarks", machine=True),
    )
    footer = (
        f"{plural(len(found), 'network')}; intervals by the bootstrap of the samples",
        f"runs at different times differ by up to {100 * allowance:.0f} % without a cause, "
        "so a verdict takes more than that, and two reliable runs",
    )
    rows = tuple(_cells(each) for each in found)
    return Table(columns, rows, title=f"A: {a}, B: {b}", footer=(*_remarked(found), *footer))


def differences_as_dict(found: "Sequence[Difference]", a: str, b: str, allowance: float) -> dict[str, Any]:
    """The differences as `--format json` prints them, with the numbers of the runs."""
    return {
        "baseline": a,
        "against": b,
        "allowance": allowance,
        "ratios": [
            {
                "model": each.run.model,
                **{key: each.run.description.get(key) for key in SETTINGS},
                "baseline_run": each.baseline.id,
                "run": each.run.id,
                "baseline_median_s": each.baseline.median_s,
                "median_s": each.run.median_s,
                "ratio": each.ratio,
                "interval": None if each.interval is None else list(each.interval),
                "verdict": each.verdict,
                "also_different": list(each.also),
                "remarks": _remarks(each),
            }
            for each in found
        ],
    }


def _cells(each: "Difference") -> tuple[Any, ...]:
    before, after = each.baseline, each.run
    low, high = each.interval or (None, None)
    return (
        after.model, *(setting(after, key) for key in SETTINGS), before.id, after.id,
        before.median_s, before.summary.get("interval_s"), after.median_s, after.summary.get("interval_s"),
        (each.ratio, each.interval), each.ratio, low, high, each.verdict, "; ".join(_remarks(each)),
    )  # fmt: skip


def _remarks(each: "Difference") -> list[str]:
    """What a reader has to know about two runs before their ratio."""
    states = (("A", state(each.baseline)), ("B", state(each.run)))
    found = [f"{side} is {name}" for side, name in states if name not in ("", "reliable")]
    if each.interval is None:
        found.append("too few samples for an interval")
    return [*found, f"also different: {', '.join(each.also)}"] if each.also else found


def _remarked(found: "Sequence[Difference]") -> list[str]:
    """Each remark once, behind the names of the networks that it is about."""
    models: dict[str, list[str]] = {}
    for each in found:
        for remark in _remarks(each):
            models.setdefault(remark, []).append(each.run.model)
    return [
        remark if len(names) == len(found) else f"{remark} ({', '.join(names)})"
        for remark, names in models.items()
    ]


def _with_interval(value: Any) -> str:
    """A ratio and the two ends of its interval, to three digits: 1.30 (1.29–1.31)."""
    ratio, interval = value
    return _digits(ratio) + (f" ({_digits(interval[0])}–{_digits(interval[1])})" if interval else "")


def _digits(value: float) -> str:
    return f"{value:#.3g}".rstrip(".") if value < 1000 else f"{value:.0f}"
