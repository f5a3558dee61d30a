"""What people and programs read of a sweep: its front, its best, what was evaluated, and what did not fit."""

import re
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from archlens.quantity import plural
from archlens.report.result import Page, Result
from archlens.report.table import Column, Table, count, share, text
from archlens.spaces.beside import Compared
from archlens.spaces.figures import figure
from archlens.spaces.importance import Importance
from archlens.spaces.space import INPUT
from archlens.spaces.sweep import Found, Sweep
from archlens.spaces.unmet import unmet
from archlens.spaces.variant import written

__all__ = ["front_result", "front_table", "plain_setting", "records", "status_result", "top_result"]

MOST_ROWS = 40
"""Variants of a front that people see; programs get all of it."""
MOST_REASONS = 8
NAMED = 3


def setting(name: str, value: Any) -> str:
    """A value of a setting as a reference holds it."""
    return "x".join(map(str, value)) if name == INPUT else written(value)


def plain_setting(name: str, value: Any) -> Any:
    """A value of a setting for programs that read tables: lists as words."""
    return setting(name, value) if isinstance(value, tuple) else value


def metric(key: str, value: Any) -> str:
    """A metric as the commands about it write it."""
    return "" if value is None else figure(key).show(value)


def variants_table(
    sweep: Sweep, found: Sequence[Found], title: str = "", footer: Iterable[str] = ()
) -> Table:
    """A row a variant: what differs, and what it costs; the objectives first."""
    columns = [Column("model", "model", machine=True)]
    columns += [Column(each.key, each.key, partial(setting, each.name)) for each in sweep.space.dimensions]
    keys = ordered(sweep)
    first = len(sweep.objectives) + len(sweep.where.names if sweep.where else ())
    for place, key in enumerate(keys):
        header = figure(key).label.replace(" ", "\n", 1)
        shown = figure(key).shown
        columns.append(Column(key, header, shown, priority=0 if place < max(first, 1) else place + 1))
    rows = tuple(
        (each.model, *each.settings.values(), *(each.metrics[key] for key in keys)) for each in found
    )
    return Table(tuple(columns), rows, title=title, footer=tuple(footer))


def ordered(sweep: Sweep) -> tuple[str, ...]:
    """The metrics: objectives, those of the budget, the others."""
    first = [each.key for each in sweep.objectives]
    budget = [key for key in sweep.metrics if sweep.where and key in sweep.where.names]
    return tuple(dict.fromkeys([*first, *budget, *sweep.metrics]))


def records(sweep: Sweep, found: Iterable[Found]) -> Table:
    """Variants for programs: the reference, a column a setting, a column a metric; lists as words."""
    columns = [Column("model", "model"), *(Column(each.key, each.key) for each in sweep.space.dimensions)]
    columns += [Column(key, key) for key in sweep.metrics]
    rows = tuple(
        (
            each.model,
            *(plain_setting(key, value) for key, value in each.settings.items()),
            *each.metrics.values(),
        )
        for each in found
    )
    return Table(tuple(columns), rows)


def front_table(sweep: Sweep, found: Sequence[Found]) -> Table:
    """The front as people see it, with what there is to say below."""
    shown = found[:MOST_ROWS]
    notes = [f"{counted(sweep)}; {plural(len(found), 'variant')} no other beats in {aims(sweep)}"]
    if len(shown) < len(found):
        notes.append(f"{len(found) - len(shown)} more of the front: --format json or csv has all of it")
    return variants_table(sweep, shown, footer=notes)


def aims(sweep: Sweep) -> str:
    """The objectives in words."""
    words = [f"{figure(each.key).label}{' (largest)' if each.largest else ''}" for each in sweep.objectives]
    return f"{', '.join(words[:-1])} and {words[-1]} at once" if len(words) > 1 else words[0]


def counted(sweep: Sweep) -> str:
    """How many variants were evaluated, fit, and are within the budget."""
    _, variants, fitted = sweep.store.counts()
    told = f"{variants:,} variants"
    if fitted < variants:
        told += f", {fitted:,} of which fit"
    if sweep.where:
        told += f", {sweep.store.matching(sweep.where):,} within the budget"
    return told


def front_result(sweep: Sweep, beside: Sequence[Compared] = ()) -> Result:
    """The front, the best variant by each objective, which settings matter, how far others are from it."""
    found = sweep.front()
    shares = {each.key: sweep.importance(each.key) for each in sweep.objectives}

    def page() -> Page:
        why = () if found else unmet(sweep, sweep.where)
        notes = [*why, *named(sweep, found), *(each.sentence for each in beside), *misfit_notes(sweep)]
        tables = [front_table(sweep, found)]
        if len(sweep.space.dimensions) > 1 and any(each.variants > 1 for each in shares.values()):
            tables.append(importance_table(shares))
        return Page(tuple(tables), notes=tuple(notes))

    return Result(
        page,
        lambda: {**front_as_dict(sweep, found, shares), "beside": [each.as_dict() for each in beside]},
        lambda: records(sweep, found),
    )


def named(sweep: Sweep, found: Sequence[Found]) -> list[str]:
    """The best variant by each objective, as a reference that every command takes; at most three."""
    lines: dict[str, list[str]] = {}
    for each in sweep.objectives[:NAMED]:
        best = min(found, key=lambda one: each.sign * one.metrics[each.key], default=None)
        if best is not None:
            lines.setdefault(best.model, []).append(
                f"{'most' if each.largest else 'least'} {figure(each.key).label}"
            )
    return [f"{' and '.join(why)}: {model}" for model, why in lines.items()]


def importance_table(shares: dict[str, Importance]) -> Table:
    """The share of each objective's variance that each setting explains."""
    keys = list(next(iter(shares.values())).shares)
    columns = [Column("setting", "explains of the variance of", right=False)]
    columns += [Column(key, figure(key).label, share) for key in shares]
    keys.sort(key=lambda name: -max(found.shares[name] for found in shares.values()))
    rows: list[tuple[Any, ...]] = [
        (name, *(found.shares[name] for found in shares.values())) for name in keys
    ]
    if any(found.together is not None for found in shares.values()):
        rows.append(("settings together", *(found.together for found in shares.values())))
    return Table(tuple(columns), tuple(rows))


def front_as_dict(sweep: Sweep, found: Sequence[Found], shares: dict[str, Importance]) -> dict[str, Any]:
    """What `--format json` prints of a front."""
    _, variants, fitted = sweep.store.counts()
    return {
        "model": sweep.space.model,
        "size": sweep.space.size,
        "variants": variants,
        "fitted": fitted,
        "within_budget": sweep.store.matching(sweep.where),
        "objectives": [str(each) for each in sweep.objectives],
        "front": [each.as_dict() for each in found],
        "importance": {
            key: {"shares": each.shares, "together": each.together, "variants": each.variants}
            for key, each in shares.items()
        },
        "misfits": [{"reason": reason, "variants": number} for reason, number, _ in reasons(sweep)],
    }


def top_result(sweep: Sweep, count: int, by: str | None, where: str | None) -> Result:
    """The best variants by one metric."""
    found = sweep.top(count, by, where)
    budget = sweep.budget(where)
    return Result.of(
        lambda: variants_table(
            sweep, found, footer=(counted(sweep), *(() if found else unmet(sweep, budget)))
        ),
        lambda: [each.as_dict() for each in found],
        lambda: records(sweep, found),
    )


NUMBERS = re.compile(r"\d+")
PLACE = re.compile(r"^\S+:\d+ ")


def reasons(sweep: Sweep) -> list[tuple[str, int, int]]:
    """Why variants do not fit, the most frequent first: a reason, how many, and one of their numbers.

    Reasons that differ in their numbers alone are one; the first of them stands for all.
    """
    found: dict[str, list[Any]] = {}
    for number, reason in sweep.store.misfits():
        kind = NUMBERS.sub("#", PLACE.sub("", reason))
        entry = found.setdefault(kind, [reason, 0, int(number)])
        entry[1] += 1
    return sorted(((r, n, one) for r, n, one in found.values()), key=lambda each: -each[1])


def misfit_notes(sweep: Sweep) -> list[str]:
    """A line a reason; how many more there are."""
    found = reasons(sweep)
    lines = [
        f"{plural(number, 'variant')} {'does' if number == 1 else 'do'} not fit, such as "
        f"{sweep.variants.reference(one)}: {reason}"
        for reason, number, one in found[:MOST_REASONS]
    ]
    if rest := found[MOST_REASONS:]:
        lines.append(f"{sum(number for _, number, _ in rest)} more do not fit, for {len(rest)} other reasons")
    return lines


def status_result(sweep: Sweep) -> Result:
    """What a store holds: the space, how far it is evaluated, by whom, and what did not fit."""
    identity, asked = sweep.store.kept("identity"), sweep.store.kept("asked")
    chunks, variants, fitted = sweep.store.counts()
    facts = {
        "model": sweep.space.model,
        "size": sweep.space.size,
        "asked_for": asked.get("total"),
        "evaluated": variants,
        "fitted": fitted,
        "chunks": chunks,
        "within_budget": sweep.store.matching(sweep.where),
        "where": asked.get("where", ""),
        "objectives": [str(each) for each in sweep.objectives],
        "device": (identity["device"] or [None])[0],
        "archlens": identity["archlens"],
    }
    workers = sweep.store.workers()

    def page() -> Page:
        rows: list[tuple[Any, ...]] = [
            (name.replace("_", " "), f"{value:,}" if isinstance(value, int) else shown(value))
            for name, value in facts.items()
            if value not in (None, "", [])
        ]
        rows += [(f"values of {each.key}", f"{len(each.values):,}") for each in sweep.space.dimensions]
        table = Table((Column("what", "", right=False), Column("value", "", shown, right=False)), tuple(rows))
        by = Table(
            (Column("worker", "worker", right=False), Column("variants", "variants", count)),
            tuple(sorted(workers.items())),
        )
        return Page((table, by) if workers else (table,), notes=tuple(misfit_notes(sweep)))

    def dictionary() -> dict[str, Any]:
        return {
            **facts,
            "workers": workers,
            "misfits": [
                {"reason": reason, "variants": number, "model": sweep.variants.reference(one)}
                for reason, number, one in reasons(sweep)
            ],
        }

    return Result(page, dictionary, lambda: page().tables[0])


def shown(value: Any) -> str:
    """A fact in a cell."""
    return ", ".join(map(str, value)) if isinstance(value, list) else text(value)
