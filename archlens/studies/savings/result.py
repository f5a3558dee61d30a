"""A saving computed: closed forms for given settings, and the networks instantiated and counted."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isclose

from archlens.analyses import totals
from archlens.cost import Cost, total
from archlens.errors import ArchlensError, ExpressionError, SpecError, UsageError, nearest
from archlens.graph import Graph
from archlens.passes import excerpt
from archlens.spec.catalog import Reference, find
from archlens.spec.lower import lower
from archlens.spec.read import Value
from archlens.spec.values import show
from archlens.studies.savings.entry import Entry, Formula, Network, entry_names, find_entry
from archlens.studies.savings.formula import substituted, whole, written

__all__ = ["METRICS", "Counted", "Saving", "Settled", "compute", "instantiate", "savings"]

METRICS = ("params", "multiply_adds", "elementwise", "memory_access")
"""What is counted of every network."""
MOST = 10_000
"""The most images that one answer may take."""
NOWHERE = (1, 1)
"""The incoming tensor that no formula asks about."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A network of a saving, instantiated: its shape going in, and what it costs."""

    name: str
    title: str
    input: tuple[int, ...]
    cost: Cost

    def metric(self, metric: str) -> int:
        """One of its counts."""
        return int(getattr(self.cost, metric))


@dataclass(frozen=True, slots=True)
class Settled:
    """A formula with its numbers: as written, with values, what it comes to, and what was counted."""

    formula: Formula
    written: str
    substituted: str
    closed: int | float
    counted: int | float

    @property
    def equal(self) -> bool:
        """Whether both are the same: counts to the last one, quotients as far as floats go."""
        if self.formula.over:
            return isclose(self.closed, self.counted, rel_tol=1e-12)
        return self.closed == self.counted


@dataclass(frozen=True, slots=True)
class Saving:
    """What a classic block saves under certain settings: its networks, their counts and ratios.

    what      the cheaper block and what it stands for
    settings  what was set, or is the default
    derived   what follows from that, by name, and the formula that says so
    changed   whether anything was set
    networks  the baseline, what saves, and others
    """

    entry: Entry
    what: str
    settings: dict[str, Value]
    derived: tuple[tuple[str, str, Value], ...]
    changed: bool
    networks: tuple[Counted, ...]
    formulas: tuple[Settled, ...]

    def ratio(self, metric: str, network: int = 1) -> float | None:
        """What a network costs over what the baseline costs: 0.5 is half; None where either costs nothing."""
        base, other = self.networks[0].metric(metric), self.networks[network].metric(metric)
        return other / base if base and other else None


def savings() -> tuple[Saving, ...]:
    """Every saving at its default settings, oldest first."""
    entries = sorted((find_entry(name) for name in entry_names()), key=lambda entry: (entry.year, entry.name))
    found: dict[str, Reference] = {}
    return tuple(_computed(entry, {}, found) for entry in entries)


def compute(entry: Entry, given: Mapping[str, int | float] | None = None) -> Saving:
    """Evaluate the formulas of a saving and instantiate its networks.

    given  settings that are not to have their defaults

    Raises a UsageError for settings that the saving does not have or that do not fit together.
    """
    try:
        return _computed(entry, given or {}, {})
    except (ExpressionError, SpecError) as error:
        if not given:
            raise
        raise UsageError(f"{entry.name} {_shown(given)}: {_reason(error)}") from error


def instantiate(saving: Saving, *, batch: int = 1) -> tuple[Graph, ...]:
    """The networks of a saving as graphs by themselves, in its order.

    batch  images at once; the costs of a saving are those of one
    """
    values = saving.settings | {name: value for name, _, value in saving.derived}
    found: dict[str, Reference] = {}
    graphs = [_instantiated(network, values, found, batch) for network in saving.entry.networks]
    return tuple(
        excerpt(graph, _positions(graph, network.rows)) if network.rows else graph
        for graph, network in zip(graphs, saving.entry.networks, strict=True)
    )


def _computed(entry: Entry, given: Mapping[str, int | float], found: dict[str, Reference]) -> Saving:
    """The saving; `found` holds the networks of the catalogue that were looked up before."""
    settings, values = _settled(entry, given)
    graphs = {network.name: _instantiated(network, values, found) for network in entry.networks}
    networks = tuple(_counted(network, graphs[network.name], values) for network in entry.networks)
    return Saving(
        entry=entry,
        what=str(entry.what.evaluate(values, NOWHERE)),
        settings=settings,
        derived=tuple((name, written(expression), values[name]) for name, expression in entry.derived),
        changed=bool(given),
        networks=networks,
        formulas=tuple(_formula(formula, values, graphs, networks) for formula in entry.formulas),
    )


def _settled(entry: Entry, given: Mapping[str, int | float]) -> tuple[dict[str, Value], dict[str, Value]]:
    """The settings, with the value of every name that the formulas use."""
    known = [name for name, _ in entry.settings]
    for name in given:
        if name not in known:
            hint = nearest(name, known) or f"; it has {', '.join(known)}"
            raise UsageError(f"{entry.name} has no parameter {show(name)}{hint}")
    settings: dict[str, Value] = {}
    for name, default in entry.settings:
        settings[name] = _allowed(entry, name, default.evaluate(settings, NOWHERE), given.get(name))
    values = dict(settings)
    for name, expression in entry.derived:
        values[name] = expression.evaluate(values, NOWHERE)
    for condition in entry.requires:
        if condition.evaluate(values, NOWHERE) is not True:
            named = {name: values[name] for name in values if name in condition.names}
            raise UsageError(f"{entry.name} needs {condition.text}, and has {_shown(named)}")
    return settings, values


def _allowed(entry: Entry, name: str, default: Value, given: int | float | None) -> Value:
    """A value given for a setting: a positive number, and an integer where the default is one."""
    if given is None:
        return default
    if isinstance(default, int) and not isinstance(given, int):
        raise UsageError(f"{entry.name}: {name}={show(given)} is not an integer")
    if given <= 0:
        raise UsageError(f"{entry.name}: {name}={show(given)} is not positive")
    return given


def _instantiated(
    network: Network, values: Mapping[str, Value], found: dict[str, Reference], batch: int = 1
) -> Graph:
    shape = tuple(expression.evaluate(values, NOWHERE) for expression in network.input)
    batch *= _number(network.times.evaluate(values, NOWHERE))
    if network.spec is not None:
        return lower(network.spec, network.name, {**values, "input": shape}, batch=batch)
    if network.model not in found:
        found[network.model] = find(network.model)
    settings = {name: expression.evaluate(values, NOWHERE) for name, expression in network.settings}
    given = {"input": shape} if shape else {}
    return found[network.model].lower({**settings, **given}, batch=batch)


def _number(value: Value) -> int:
    """How many images: a positive integer. Raises an ExpressionError."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= MOST:
        raise ExpressionError(f"{show(value)} images are not one to {MOST}")
    return value


def _counted(network: Network, graph: Graph, values: Mapping[str, Value]) -> Counted:
    title = str(network.title.evaluate(values, NOWHERE))
    return Counted(network.name, title, graph.input_shape, _cost(graph, network.rows))


def _cost(graph: Graph, rows: tuple[str, ...]) -> Cost:
    """What the nodes under these paths cost together; all of them when there are none."""
    if not rows:
        return totals(graph)
    return total(graph.nodes[at].cost for at in _positions(graph, rows))


def _positions(graph: Graph, rows: tuple[str, ...]) -> list[int]:
    """Where the nodes under these paths are."""
    inside = tuple(f"{row}." for row in rows)
    return [at for at, node in enumerate(graph.nodes) if f"{node.name}.".startswith(inside)]


def _formula(
    formula: Formula,
    values: Mapping[str, Value],
    graphs: Mapping[str, Graph],
    networks: tuple[Counted, ...],
) -> Settled:
    """Both sides of a formula. The names of networks stand for their counts of its metric."""
    metric = formula.metric
    counts = {each.name: each.metric(metric) for each in networks}
    counted: int | float = counts[formula.of]
    if formula.rows:
        counted = int(getattr(_cost(graphs[formula.of], formula.rows), metric))
    if formula.less:
        counted -= counts[formula.less]
    if formula.over:
        counted /= counts[formula.over]
    names = {**counts, **values}
    closed = whole(formula.closed.evaluate(names, NOWHERE))
    return Settled(formula, written(formula.closed), substituted(formula.closed, names), closed, counted)


def _shown(values: Mapping[str, Value] | Mapping[str, int | float]) -> str:
    return ", ".join(f"{name}={show(value)}" for name, value in values.items())


def _reason(error: ArchlensError) -> str:
    """The first thing wrong, without the place in a file that the user has not written."""
    if isinstance(error, SpecError) and error.problems:
        problem = error.problems[0]
        return f"{problem.path}: {problem.message}" if problem.path else problem.message
    return str(error)
