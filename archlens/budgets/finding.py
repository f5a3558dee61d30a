"""What there is to say about a network and its budget, and the figures that it is said of."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import inf
from typing import Any

from archlens.budgets.config import Budget
from archlens.devices import find
from archlens.devices.device import estimate
from archlens.devices.estimate import Estimate
from archlens.graph import Graph
from archlens.models.place import Place
from archlens.report.figure import FIGURES, Figure
from archlens.report.metric_name import LATENCY
from archlens.report.profile import profile

__all__ = ["Finding", "Level", "Measured", "conditions", "level_of", "measured", "shown"]


class Level(StrEnum):
    """How bad a finding is."""

    error = "error"
    warning = "warning"
    note = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to say about a network and its budget.

    rule     what was checked: max, growth, guidelines, complete, baseline or load
    figure   which figure, or which guideline
    value    what it is, and the `limit` that it is held against, where both are numbers
    message  all of it in a sentence
    """

    level: Level
    rule: str
    figure: str
    message: str
    place: Place
    value: float | None = None
    limit: float | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """What a network costs.

    figures  by their names
    scores   of the guidelines of ShuffleNet V2, where a budget limits them
    graph    the network
    time     what the device is said to take for it, where one was named
    """

    figures: Mapping[str, float]
    scores: Mapping[str, float]
    graph: Graph
    time: Estimate | None

    def bounds(self, key: str) -> tuple[float, float]:
        """Between what a figure lies: a predicted time in its interval, a lower bound above itself."""
        value = self.figures.get(key, 0.0)
        interval = self.time.interval if key == LATENCY and self.time else None
        low, high = interval or (value, value)
        return low, high if self.graph.complete else inf


def conditions(budget: Budget) -> dict[str, Any]:
    """What a baseline must have been taken of to be compared with."""
    asked = {"model": budget.model, "input": budget.input, "batch": budget.batch, "dtype": budget.dtype}
    return {key: value for key, value in {**asked, "device": budget.device}.items() if value is not None}


def measured(budget: Budget, graph: Graph) -> Measured:
    """Every figure of a network. Raises an ArchlensError for a device that cannot be found."""
    found = profile(graph, dtype=budget.dtype)
    time = estimate(graph, find(budget.device)) if budget.device else None
    values = {key: figure.value(found, time) for key, figure in FIGURES.items()}
    known = {key: value for key, value in values.items() if value is not None}
    return Measured(known, _scores(graph) if budget.guidelines else {}, graph, time)


def _scores(graph: Graph) -> dict[str, float]:
    """The scores of the guidelines, as far as there is anything to score."""
    from archlens.studies.lint import lint

    return {str(name): score for name, score in lint(graph).scores.items() if score is not None}


def level_of(budget: Budget) -> Level:
    """How bad it is to break this budget."""
    return Level.error if budget.level == "error" else Level.warning


def shown(figure: Figure, value: float, network: Measured) -> str:
    """A figure, after ≥ where operators without a rule are left out of it."""
    return f"{'' if network.graph.complete else '≥'}{figure.show(value)}"
