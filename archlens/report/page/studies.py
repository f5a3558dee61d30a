"""The guidelines and the savings as the page shows them: what is printed, and networks to predict."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from archlens.report.guidelines import guideline_table
from archlens.report.page.nodes import Layers, counts_of
from archlens.report.savings import savings_table
from archlens.report.table import Table
from archlens.studies.guidelines.experiment import Case
from archlens.studies.guidelines.printed import DEVICES, SCALES
from archlens.studies.guidelines.study import FOUR, counted
from archlens.studies.guidelines.verdict import Trial, judge_printed
from archlens.studies.savings.result import METRICS, Saving, instantiate, savings

__all__ = ["Studies", "guideline_data", "saving_data"]


@dataclass(frozen=True, slots=True)
class Studies:
    """The guidelines, with races where they were measured, and the savings at their defaults."""

    trials: tuple[Trial, ...] = ()
    savings: tuple[Saving, ...] = ()

    @classmethod
    def all(cls, trials: Sequence[Trial] | None = None) -> "Studies":
        """All of them; the guidelines are counted alone unless trials are given."""
        return cls(tuple(trials or counted(FOUR, scales=SCALES, channels="gpu").trials), savings())

    def tables(self) -> tuple[Table, ...]:
        """What is printed of them where no script runs."""
        if not self.savings:
            return ()
        return (*map(guideline_table, self.trials), replace(savings_table(self.savings), title="Savings"))


def guideline_data(layers: Layers, trials: Sequence[Trial]) -> list[dict[str, Any]]:
    """The guidelines: every case with what is printed and counted, and the work that devices do for it."""
    return [_guideline(layers, trial) for trial in trials]


def _guideline(layers: Layers, trial: Trial) -> dict[str, Any]:
    guideline = trial.guideline
    return {
        "key": guideline.key,
        "says": guideline.says,
        "table": guideline.table,
        "heading": guideline.heading,
        "slower": guideline.slower,
        "assumed": guideline.assumed,
        "printed_on": dict(DEVICES),
        "judged": {device: list(judge_printed(trial.experiments, device)) for device in DEVICES},
        "where": "; ".join(trial.races[0].where) if trial.races else "",
        "word": trial.verdict.word,
        "cases": [
            _case(layers, trial, place, case, at)
            for place, experiment in enumerate(trial.experiments)
            for at, case in enumerate(experiment.cases)
        ],
    }


def _case(layers: Layers, trial: Trial, place: int, case: Case, at: int) -> dict[str, Any]:
    """A row at a scale. `measured` is its speed over that of the first, and where that lies with 95 %."""
    measured = None
    if place < len(trial.races) and at:
        speed = trial.races[place].speeds[at]
        measured = [speed.ratio, *speed.likely]
    return {
        "row": case.name,
        "scale": case.scale,
        "channels": list(case.channels),
        "multiply_adds": case.cost.multiply_adds,
        "memory_access": case.cost.memory_access,
        "printed": {device: case.printed[device] for device in DEVICES},
        "measured": measured,
        "work": counts_of(layers.works_of(case.graph)),
    }


def saving_data(layers: Layers, savings: Sequence[Saving]) -> list[dict[str, Any]]:
    """Every saving: its networks with counts and work, and its formulas with numbers."""
    return [_saving(layers, saving) for saving in savings]


def _saving(layers: Layers, saving: Saving) -> dict[str, Any]:
    graphs = instantiate(saving)
    return {
        "name": saving.entry.name,
        "what": saving.what,
        "source": saving.entry.source,
        "year": saving.entry.year,
        "settings": {name: str(value) for name, value in saving.settings.items()},
        "networks": [
            {
                "title": network.title,
                **{metric: network.metric(metric) for metric in METRICS},
                "work": counts_of(layers.works_of(graph)),
            }
            for network, graph in zip(saving.networks, graphs, strict=True)
        ],
        "formulas": [
            [each.formula.metric, each.written, each.substituted, str(each.closed)]
            for each in saving.formulas
        ],
    }
