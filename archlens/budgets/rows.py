"""The rows that people see of a difference: a change each, or a part of the network each."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from archlens.budgets.difference import LATENCY, SUMMED, Change, Difference, Sort
from archlens.errors import UsageError
from archlens.quantity import duration, plural
from archlens.report.metric import BY_KEY
from archlens.report.metric_name import columns_named
from archlens.report.table import Column, Table, cut, share, signed, signed_duration, text

__all__ = ["difference_table"]

DEFAULT = ("params", "multiply_adds", "memory_access")
"""The metrics that people see unless they ask for others."""
WHOLE = ("serial_depth", "peak_activations", "receptive_field")
"""What is told of the whole networks below: parts of it do not add up."""
MANY = 40
"""With more changes than this, a row stands for a stage, unless a depth is asked for."""
SIGNS = {Sort.added: "+", Sort.removed: "−", Sort.changed: "~", Sort.affected: "·", Sort.renamed: "="}
MEANINGS = {
    Sort.added: "added",
    Sort.removed: "removed",
    Sort.changed: "changed",
    Sort.affected: "the same, at other costs, since what stands around it changed",
    Sort.renamed: "renamed",
}
WIDEST = 40


@dataclass(frozen=True, slots=True)
class _Row:
    """Some changes under one name, added up."""

    name: str
    what: str
    amount: dict[str, float]


def difference_table(difference: Difference, columns: Iterable[str] = (), depth: int | None = None) -> Table:
    """The changes as a table: what became of which layer, what that costs, and its share of the difference.

    columns  the metrics; those that people ask for most unless given
    depth    how many components of a layer's path name its row; a row a layer unless given, or a row a stage
             where there are very many

    Raises a UsageError for a metric that does not exist, or whose parts do not add up.
    """
    asked = [key for key in columns_named(columns) if key in BY_KEY] or list(DEFAULT)
    keys = [*asked, LATENCY] if difference.times else asked
    for key in asked:
        if key not in SUMMED:
            raise UsageError(
                f"--columns {key}: the parts of {BY_KEY[key].label} do not add up; "
                f"it may be {', '.join(SUMMED)}"
            )
    if depth is None and len(difference.changes) > MANY:
        depth = 1
    changes = difference.changes
    rows = _by_part(changes, depth, keys) if depth else _by_layer(changes)
    made = [Column("name", "", text, right=False), Column("what", "what", cut(WIDEST), right=False)]
    for place, key in enumerate(keys):
        made.append(
            Column(key, *(("latency", signed_duration) if key == LATENCY else (BY_KEY[key].header, signed)))
        )
        made.append(Column(f"{key}_share", "%", share, priority=place + 50, derived=True, follows=True))
    whole = _added_up(difference.changes, keys)

    def cells(row: _Row) -> tuple[Any, ...]:
        shares = {key: row.amount[key] / whole[key] + 0.0 if whole[key] else None for key in keys}
        numbers = ((row.amount[key], shares[key]) for key in keys)
        return (row.name, row.what, *(number for pair in numbers for number in pair))

    return Table(
        tuple(made),
        tuple(cells(row) for row in rows),
        cells(_Row("total", "", whole)),
        f"{difference.before.model} → {difference.after.model}",
        tuple(_footer(difference, asked, depth)),
    )


def _by_layer(changes: Sequence[Change]) -> Iterable[_Row]:
    for change in changes:
        yield _Row(f"{SIGNS[change.sort]} {change.name}", change.what, change.amount)


def _added_up(changes: Sequence[Change], keys: Sequence[str]) -> dict[str, float]:
    return {key: sum(change.amount[key] for change in changes) for key in keys}


def _by_part(changes: Sequence[Change], depth: int, keys: Sequence[str]) -> Iterable[_Row]:
    """The changes by the first components of their names."""
    parts: dict[str, list[Change]] = {}
    for change in changes:
        parts.setdefault(".".join(change.name.split(".")[:depth]), []).append(change)
    for name, within in parts.items():
        sorts = [change.sort for change in within]
        counted = [f"{SIGNS[sort]}{sorts.count(sort)}" for sort in Sort if sort in sorts]
        sign = SIGNS[sorts[0]] if len(set(sorts)) == 1 else SIGNS[Sort.changed]
        yield _Row(f"{sign} {name}", " ".join(counted), _added_up(within, keys))


def _footer(difference: Difference, asked: Sequence[str], depth: int | None) -> Iterable[str]:
    sorts = {change.sort for change in difference.changes}
    if difference.empty:
        yield "nothing changed but names" if sorts else "nothing changed"
    else:
        yield ", ".join(f"{SIGNS[sort]} {MEANINGS[sort]}" for sort in Sort if sort in sorts)
    if not (difference.before.complete and difference.after.complete):
        yield "operators without a rule are left out: the differences are of what was counted"
    for key in (*asked, *WHOLE):
        was, now = difference.totals(key)
        yield f"{BY_KEY[key].label}: {_grown(was, now, BY_KEY[key].show)}"
    if difference.times:
        was, now = difference.times
        yield f"latency on {now.device}: {_grown(was.seconds, now.seconds, duration)}"
    if depth and depth < 9 and len(difference.changes) > 1:
        yield f"{plural(len(difference.changes), 'change')}; --depth 9 shows each"


def _grown(was: Any, now: Any, show: Callable[[Any], str]) -> str:
    """25.56M → 25.58M (+0.1%)"""
    if was == now:
        return show(was)
    more = f" ({now / was - 1:+.1%})" if isinstance(was, int | float) and was else ""
    return f"{show(was)} → {show(now)}{more}"
