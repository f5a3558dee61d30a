"""The catalogue as a table: every network that comes with archlens."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, TypeVar

from archlens.cost import Cost
from archlens.graph import Graph
from archlens.quantity import duration, plural
from archlens.report import kept
from archlens.report.choice import Order, Where, chosen
from archlens.report.engine import Engine
from archlens.report.entry import Entry
from archlens.report.figure import FIGURES
from archlens.report.metric import BY_KEY
from archlens.report.metric_name import LATENCY, TOP1, columns_named, meanings
from archlens.report.profile import profile
from archlens.report.render import framed, notebook, render_text
from archlens.report.table import Column, Table, count, percent, shape
from archlens.spec.catalog import Reference, specs
from archlens.spec.items import Spec

if TYPE_CHECKING:
    import pandas

    from archlens.devices import Device

__all__ = ["Entry", "Models", "list_models", "listing_table"]

Thing = TypeVar("Thing")
COUNTED = frozenset(key for key in BY_KEY if hasattr(Cost(), key))
"""What is a sum of the costs of single operators."""
COMPUTED = {*BY_KEY, *FIGURES} - {LATENCY}
"""What is worked out for a network when it is asked for; the time is predicted wherever a device is named."""


class Models(tuple[Entry, ...]):
    """Networks of the catalogue: a tuple that shows itself as `archlens list` does."""

    def table(self) -> Table:
        """A row a network, with the metrics that were asked for."""
        keys = [key for entry in self[:1] for key in entry.metrics if key in BY_KEY]
        return listing_table(self, "the device", keys)

    def frame(self) -> "pandas.DataFrame":
        """The same as a pandas DataFrame. Needs pandas."""
        return framed(self.table())

    def __repr__(self) -> str:
        names = ", ".join(entry.model for entry in self[:3])
        more = ", …" if len(self) > 3 else ""
        return f"<{plural(len(self), 'network')}: {names}{more}>"

    def __str__(self) -> str:
        return render_text(self.table())

    def _repr_html_(self) -> str | None:
        """What a notebook shows."""
        return notebook(self.table())


def list_models(
    *patterns: str,
    where: str = "",
    sort: str = "",
    columns: Iterable[str] = (),
    device: "Device | str | None" = None,
    shown: Callable[[str, float], None] | None = None,
    keeping: bool = False,
) -> Models:
    """The networks of the catalogue whose name, alias, family or title matches, by year and family.

    Where a part of a name is asked for, those come first in which a word begins with it: LeNet before the
    MobiLeNets.

    patterns  shell patterns such as `resnet*`, or parts of names, any of which may match, in either case
    where     conditions: `params < 5M and multiply_adds < 600M`
    sort      a metric: the smallest first, or with a minus in front the largest
    columns   metrics to compute for each
    device    one to predict times for, as `archlens.predict` takes it
    shown     hears which network it is at, and how much is done
    keeping   whether the costs are kept for the next time, where they are worked out for all networks

    Raises a DeviceError for a device that nobody knows, a UsageError for a metric that nobody knows.
    """
    known = _device(device) if isinstance(device, str) else device
    condition = Where.parse(where) if where else None
    order = Order.parse(sort) if sort else None
    asked = {
        *columns_named(name for name in columns if name != TOP1),
        *(condition.names if condition else ()),
        *([order.name] if order else ()),
    }
    wanted = [Pattern.of(pattern) for pattern in patterns or ("*",)]
    computed = asked & COMPUTED
    told = kept.sources() if known is None and computed <= COUNTED else None
    entries = None if told is None else _recalled(told, wanted, computed)
    if entries is None:
        entries = _worked_out(wanted, computed, known, shown)
        if keeping and not patterns and told is not None and told == kept.sources():
            kept.keep(told, [entry.kept() for entry in entries])
    return Models(chosen(entries, lambda entry: entry.known, condition, order))


def _recalled(told: str, wanted: list["Pattern"], asked: set[str]) -> list[Entry] | None:
    """The networks that match, as they were kept for the same sources; None where they were not."""
    found = kept.recall(told)
    if found is None:
        return None
    entries = [Entry.of_kept(each) for each in found]
    matching = [(entry.names, entry) for entry in entries]
    return [replace(entry, metrics=_counted(entry.cost, asked)) for entry in matched(matching, wanted)]


def _worked_out(
    wanted: list["Pattern"],
    asked: set[str],
    device: "Device | None",
    shown: Callable[[str, float], None] | None,
) -> list[Entry]:
    """The networks that match, from their specs."""
    known = [
        ((variant, *_aliases(spec, variant), spec.family, spec.title), Reference(spec, variant))
        for spec in sorted(specs(until="claims"), key=lambda spec: (spec.paper.get("year", 0), spec.family))
        for variant in spec.variants
    ]
    found = matched(known, wanted)
    entries: list[Entry] = []
    engine = Engine()
    for done, reference in enumerate(found):
        if shown is not None:
            shown(reference.model, done / len(found))
        entries.append(_entry(reference, asked, device, engine))
    return entries


def _counted(cost: Cost, asked: set[str]) -> dict[str, Any]:
    return {key: getattr(cost, key) for key in BY_KEY if key in COUNTED and key in asked}


def _aliases(spec: Spec, variant: str) -> tuple[str, ...]:
    return tuple(alias for alias, target in spec.aliases.items() if target == variant)


def _entry(reference: Reference, asked: set[str], device: "Device | None", engine: Engine) -> Entry:
    """What is known about one network; a graph is made only for what nothing else tells."""
    spec, variant = reference.spec, reference.model
    section = engine.section(reference)
    cost = engine.cost(section)
    year = spec.paper.get("year")
    metrics = _counted(cost, asked)
    rest = asked - COUNTED
    if rest and engine.tells(section, rest):
        metrics |= engine.metrics(section, rest)
        rest = set()
    graph = reference.lower({}) if device is not None or rest else None
    if graph is not None and rest:
        measured = profile(graph)
        values = measured.metrics(measured.whole)
        metrics |= {
            key: values[key] if key in values else FIGURES[key].value(measured, None)
            for key in (*BY_KEY, *FIGURES)
            if key in rest
        }
    return Entry(
        model=variant,
        aliases=_aliases(spec, variant),
        family=spec.family,
        title=spec.title,
        year=year if isinstance(year, int) else None,
        input=section.input,
        cost=cost,
        accuracy=spec.accuracy.get(variant),
        latency_s=None if device is None or graph is None else seconds(graph, device),
        metrics=metrics,
    )


def _device(name: str) -> "Device":
    from archlens.devices import find

    return find(name)


def seconds(graph: Graph, device: "Device") -> float | None:
    """The predicted time; None where it could only be a lower bound, or is too far from what was seen."""
    from archlens.devices import estimate  # only who asks for times needs to know devices

    found = estimate(graph, device)
    return None if found.refused or not graph.complete else found.seconds


@dataclass(frozen=True, slots=True)
class Pattern:
    """A name that is asked for: a shell pattern, or a part of it.

    glob   what a name has to match, in lower case
    start  what finds words that begin with it; None for a shell pattern
    """

    glob: str
    start: "re.Pattern[str] | None"

    @classmethod
    def of(cls, text: str) -> "Pattern":
        """The pattern that a text stands for."""
        if any(sign in text for sign in "*?["):
            return cls(text.lower(), None)
        return cls(f"*{text}*".lower(), re.compile(rf"(?:^|[\W_\d]){re.escape(text)}", re.IGNORECASE))

    def matches(self, names: Iterable[str]) -> bool:
        """Whether one of the names has it."""
        return any(fnmatchcase(name.lower(), self.glob) for name in names)

    def begins(self, names: Iterable[str]) -> bool:
        """Whether a word of one of the names begins with it."""
        return self.start is None or any(self.start.search(name) for name in names)


def matched(known: Iterable[tuple[tuple[str, ...], Thing]], wanted: list[Pattern]) -> list[Thing]:
    """What one of the patterns finds by one of its names: first where a word begins with it."""
    found = [
        (not any(pattern.begins(names) for pattern in matching), each)
        for names, each in known
        if (matching := [pattern for pattern in wanted if pattern.matches(names)])
    ]
    return [each for _, each in sorted(found, key=lambda pair: pair[0])]


def listing_table(entries: tuple[Entry, ...], device: str = "", columns: Iterable[str] = ()) -> Table:
    """The catalogue as a table; with predicted times and metrics where there are any.

    columns  metrics by name, in the order in which they are to stand
    """
    names = tuple(columns)
    keys = columns_named(name for name in names if name != TOP1)
    asked = [key for key in keys if key in BY_KEY and key not in ("params", "multiply_adds")]
    timed = any(entry.latency_s is not None for entry in entries)
    made = (
        Column("family", "family", right=False, priority=2),
        Column("model", "model", right=False),
        Column("aliases", "also", right=False, priority=3),
        Column("title", "title", right=False, priority=1),
        Column("year", "year"),
        Column("input", "input", shape),
        Column("params", "params", count),
        Column("multiply_adds", "multiply-\nadds", count),
        Column(TOP1, "top-1", percent, machine=TOP1 not in names),
        Column("top1_where", "where", machine=True),
        *(Column(key, BY_KEY[key].header, BY_KEY[key].show) for key in asked),
        *([Column("latency_s", "predicted\ntime", duration)] if timed else []),
    )
    rows = tuple(
        (e.family, e.model, " ".join(e.aliases), e.title, e.year, e.input, e.params, e.multiply_adds)
        + (e.top1, e.top1_where)
        + tuple(e.metrics.get(key) for key in asked)
        + ((e.latency_s,) if timed else ())
        for e in entries
    )
    notes = [f"{plural(len(entries), 'network')}; multiply-adds for one image"]
    notes += (
        [f"predicted for one image on {device}: `archlens predict` tells how sure that is"] if timed else []
    )
    return Table(made, rows, footer=(*notes, *meanings(names)))
