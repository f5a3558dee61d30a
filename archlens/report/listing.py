"""The catalogue as a table: every network that comes with archlens."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from archlens.cost import Cost
from archlens.graph import Graph
from archlens.ops import Shape
from archlens.quantity import duration, plural
from archlens.report.choice import Order, Where, chosen
from archlens.report.engine import Engine
from archlens.report.figure import FIGURES
from archlens.report.metric import BY_KEY, number_of
from archlens.report.metric_name import LATENCY, TOP1, columns_named, meanings
from archlens.report.profile import profile
from archlens.report.render import framed, notebook, render_text
from archlens.report.table import Column, Table, count, percent, shape
from archlens.spec.catalog import Reference, specs
from archlens.spec.items import Accuracy, Spec

if TYPE_CHECKING:
    import pandas

    from archlens.devices import Device

__all__ = ["Entry", "Models", "list_models", "listing_table"]

COMPUTED = {*BY_KEY, *FIGURES} - {LATENCY}
"""What is worked out for a network when it is asked for; the time is predicted wherever a device is named."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One network of the catalogue.

    model, aliases       its name and its other names
    family, title, year  where it comes from
    input                shape of the input, batch first
    params               learnable weights
    multiply_adds        one per multiply-accumulate, for one image
    metrics              by key, where they were asked for
    """

    model: str
    aliases: tuple[str, ...]
    family: str
    title: str
    year: int | None
    input: Shape
    params: int
    multiply_adds: int
    latency_s: float | None = None
    accuracy: Accuracy | None = None
    metrics: Mapping[str, Any] = field(default_factory=dict)

    def known(self, name: str) -> Any:
        """A fact or the number of a metric by its name; None for one that was not computed."""
        name = {"latency": "latency_s"}.get(name, name)
        return number_of(self.metrics[name]) if name in self.metrics else getattr(self, name, None)

    @property
    def top1(self) -> float | None:
        """ImageNet top-1 accuracy in percent; None where nobody prints it."""
        return self.accuracy.top1 if self.accuracy else None

    @property
    def top1_where(self) -> str | None:
        """Where that is printed."""
        return self.accuracy.where if self.accuracy else None

    def as_dict(self) -> dict[str, Any]:
        """The entry as `--format json` prints it."""
        more = {key: value for key, value in self.metrics.items() if isinstance(value, int | float)}
        timed = {} if self.latency_s is None else {"latency_s": self.latency_s}
        return {
            "model": self.model, "aliases": list(self.aliases), "family": self.family, "title": self.title,
            "year": self.year, "input": list(self.input), "params": self.params,
            "multiply_adds": self.multiply_adds, "top1": self.top1, "top1_where": self.top1_where,
            **more, **timed,
        }  # fmt: skip


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
    found: list[tuple[bool, str, Reference]] = []
    for spec in sorted(specs(until="claims"), key=lambda spec: (spec.paper.get("year", 0), spec.family)):
        for variant in spec.variants:
            names = (variant, *_aliases(spec, variant), spec.family, spec.title)
            matching = [pattern for pattern in wanted if pattern.matches(names)]
            if matching:
                inside = not any(pattern.begins(names) for pattern in matching)
                found.append((inside, variant, Reference(spec, variant)))
    found.sort(key=lambda each: each[0])
    entries: list[Entry] = []
    engine = Engine()
    for done, (_, variant, reference) in enumerate(found):
        if shown is not None:
            shown(variant, done / len(found))
        entries.append(_entry(reference, variant, asked & COMPUTED, known, engine))
    return Models(chosen(entries, lambda entry: entry.known, condition, order))


def _aliases(spec: Spec, variant: str) -> tuple[str, ...]:
    return tuple(alias for alias, target in spec.aliases.items() if target == variant)


def _entry(
    reference: Reference, variant: str, asked: set[str], device: "Device | None", engine: Engine
) -> Entry:
    """What is known about one network; a graph is made only for what nothing else tells."""
    spec = reference.spec
    plain = {key for key in asked if hasattr(Cost(), key)}
    section = engine.section(reference)
    cost = engine.cost(section)
    year = spec.paper.get("year")
    metrics = {key: getattr(cost, key) for key in BY_KEY if key in plain}
    rest = asked - plain
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
        params=cost.params,
        multiply_adds=cost.multiply_adds,
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
