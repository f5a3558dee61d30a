"""Networks held against their budgets."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import inf
from pathlib import Path

from archlens.budgets.baseline import Baseline
from archlens.budgets.config import Budget, Config
from archlens.budgets.finding import Finding, Level, Measured, level_of, measured, shown
from archlens.budgets.growth import grown
from archlens.errors import ArchlensError, SpecError
from archlens.graph import Graph
from archlens.models.place import Place, place_of
from archlens.quantity import plural
from archlens.report.figure import FIGURES
from archlens.report.metric_name import LATENCY

__all__ = ["Check", "Loader", "check", "judged"]

Loader = Callable[[Budget, Path], Graph]
"""Makes the graph of a budget's model, whose files are told from a folder."""


@dataclass(frozen=True, slots=True)
class Check:
    """A budget, what its network costs, and what there is to say about it."""

    budget: Budget
    figures: Mapping[str, float]
    scores: Mapping[str, float]
    findings: tuple[Finding, ...]

    @property
    def failed(self) -> bool:
        """Whether there is an error among the findings."""
        return any(finding.level is Level.error for finding in self.findings)


def check(config: Config, load: Loader, baseline: Baseline | None) -> tuple[Check, ...]:
    """Hold every network against its budget, in the order of the configuration; `off` leaves one out.

    A network that cannot be loaded is a finding, and the others are checked all the same.
    """
    return tuple(
        _checked(budget, config, load, baseline) for budget in config.budgets if budget.level != "off"
    )


def _checked(budget: Budget, config: Config, load: Loader, baseline: Baseline | None) -> Check:
    place = place_of(budget.model, config.folder) or Place(str(config.file), budget.line)
    try:
        network = measured(budget, load(budget, config.folder))
    except ArchlensError as error:
        if isinstance(error, SpecError) and error.problems[0].line:
            place = Place(error.problems[0].file, error.problems[0].line)
        return Check(budget, {}, {}, (Finding(level_of(budget), "load", "", str(error), place),))
    return Check(budget, network.figures, network.scores, tuple(judged(budget, network, baseline, place)))


def judged(budget: Budget, network: Measured, baseline: Baseline | None, place: Place) -> Iterable[Finding]:
    """All that there is to say about a network and its budget."""
    yield from _too_much(budget, network, place)
    yield from grown(budget, network, baseline, place)
    yield from _guidelines(budget, network, place)
    yield from _incomplete(budget, network, place)
    yield from _outside(network, place)


def _too_much(budget: Budget, network: Measured, place: Place) -> Iterable[Finding]:
    """Figures above their limits."""
    for key, limit in budget.limits.items():
        figure, value = FIGURES[key], network.figures.get(key)
        low, high = network.bounds(key)
        if value is None or (key == LATENCY and network.time and network.time.refused):
            why = network.time.refused if network.time else ""
            message = f"{figure.label} may be {limit.written} at most, and is not known{why and f': {why}'}"
            yield Finding(level_of(budget), "max", key, message, place, None, limit.value)
        elif low > limit.value:
            message = f"{figure.label} is {shown(figure, value, network)}, above the {limit.written} allowed"
            yield Finding(level_of(budget), "max", key, message, place, value, limit.value)
        elif high > limit.value:
            value_shown = shown(figure, value, network)
            message = f"{figure.label} is {value_shown}, and may be above the {limit.written} allowed"
            if high < inf:
                message += f": such predictions lie between {figure.show(low)} and {figure.show(high)}"
            yield Finding(Level.warning, "max", key, message, place, value, limit.value)


def _guidelines(budget: Budget, network: Measured, place: Place) -> Iterable[Finding]:
    """Scores of the guidelines above their limits."""
    for name, limit in budget.guidelines.items():
        score = network.scores.get(name)
        if score is not None and score > limit:
            message = f"guideline {name} scores {score:.3g}, above the {limit:g} allowed: see `archlens lint`"
            yield Finding(level_of(budget), "guidelines", name, message, place, score, limit)


def _incomplete(budget: Budget, network: Measured, place: Place) -> Iterable[Finding]:
    """Operators that no rule costs."""
    if not network.graph.complete:
        level = level_of(budget) if budget.complete else Level.note
        names = [node.name for node in network.graph.uncosted]
        few = ", ".join(names[:3]) + (", …" if len(names) > 3 else "")
        message = f"{plural(len(names), 'operator')} cannot be counted ({few}): figures are lower bounds"
        yield Finding(level, "complete", "", message, place)


def _outside(network: Measured, place: Place) -> Iterable[Finding]:
    """What the device was never seen to run."""
    for said in network.time.outside if network.time else ():
        yield Finding(Level.note, "max", LATENCY, said, place)
