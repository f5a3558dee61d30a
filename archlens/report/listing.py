"""The catalogue as a table: every network that comes with archlens."""

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from archlens.analyses import totals
from archlens.devices import Device, estimate, find
from archlens.ops import Shape
from archlens.quantity import duration
from archlens.report.table import Column, Table, count, plural, shape
from archlens.spec.catalog import Reference, specs

__all__ = ["Entry", "list_models", "listing_table"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One network of the catalogue.

    model, aliases       its name and its other names
    family, title, year  where it comes from
    input                shape of the input, batch first
    params               learnable weights
    multiply_adds        one per multiply-accumulate, for one image
    """

    model: str
    aliases: tuple[str, ...]
    family: str
    title: str
    year: int | None
    input: Shape
    params: int
    multiply_adds: int
    predicted_s: float | None = None

    def as_dict(self) -> dict[str, Any]:
        """The entry as `--format json` prints it."""
        timed = {} if self.predicted_s is None else {"predicted_s": self.predicted_s}
        return {
            "model": self.model, "aliases": list(self.aliases), "family": self.family, "title": self.title,
            "year": self.year, "input": list(self.input), "params": self.params,
            "multiply_adds": self.multiply_adds, **timed,
        }  # fmt: skip


def list_models(pattern: str = "*", *, device: Device | str | None = None) -> tuple[Entry, ...]:
    """The networks of the catalogue whose name, alias, family or title matches, by year and family.

    Where a part of a name is asked for, those come first in which a word begins with it: LeNet before the
    MobiLeNets.

    pattern  a shell pattern such as `resnet*`, or a part of the name; upper and lower case are one
    device   one to predict times for, as `archlens.predict` takes it

    Raises a DeviceError for a device that nobody knows.
    """
    known = find(device) if isinstance(device, str) else device
    wanted = (pattern if any(sign in pattern for sign in "*?[") else f"*{pattern}*").lower()
    entries: list[tuple[bool, Entry]] = []
    begins = re.compile(rf"(?:^|[\W_\d]){re.escape(pattern)}", re.IGNORECASE)
    for spec in sorted(specs(until="claims"), key=lambda spec: (spec.paper.get("year", 0), spec.family)):
        for variant in spec.variants:
            aliases = tuple(alias for alias, target in spec.aliases.items() if target == variant)
            names = (variant, *aliases, spec.family, spec.title)
            if not any(fnmatchcase(name.lower(), wanted) for name in names):
                continue
            inside = wanted != "*" and not any(begins.search(name) for name in names)
            graph = Reference(spec, variant).lower({})
            cost = totals(graph)
            year = spec.paper.get("year")
            entry = Entry(
                model=variant,
                aliases=aliases,
                family=spec.family,
                title=spec.title,
                year=year if isinstance(year, int) else None,
                input=graph.input_shape,
                params=cost.params,
                multiply_adds=cost.multiply_adds,
                predicted_s=None if known is None else estimate(graph, known).seconds,
            )
            entries.append((inside, entry))
    return tuple(entry for _, entry in sorted(entries, key=lambda each: each[0]))


def listing_table(entries: tuple[Entry, ...], device: str = "") -> Table:
    """The catalogue as a table; with predicted times where there are any."""
    timed = any(entry.predicted_s is not None for entry in entries)
    columns = (
        Column("family", "family", right=False, priority=2),
        Column("model", "model", right=False),
        Column("aliases", "also", right=False, priority=3),
        Column("title", "title", right=False, priority=1),
        Column("year", "year"),
        Column("input", "input", shape),
        Column("params", "params", count),
        Column("multiply_adds", "multiply-\nadds", count),
        *([Column("predicted_s", "predicted\ntime", duration)] if timed else []),
    )
    rows = tuple(
        (e.family, e.model, " ".join(e.aliases), e.title, e.year, e.input, e.params, e.multiply_adds)
        + ((e.predicted_s,) if timed else ())
        for e in entries
    )
    notes = [f"{plural(len(entries), 'network')}; multiply-adds for one image"]
    notes += (
        [f"predicted for one image on {device}: `archlens predict` tells how sure that is"] if timed else []
    )
    return Table(columns, rows, footer=tuple(notes))
