"""The whole study: what is counted at once, then what is measured, until it is done or stopped."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from archlens.errors import ArchlensError, UsageError, nearest
from archlens.studies.guidelines import decomposition, table8
from archlens.studies.guidelines.decomposition import Decomposition, decompose
from archlens.studies.guidelines.experiment import experiments
from archlens.studies.guidelines.printed import PrintedDevice, guideline
from archlens.studies.guidelines.speed import Race, Stopwatch
from archlens.studies.guidelines.table8 import Network
from archlens.studies.guidelines.verdict import Trial

__all__ = ["FOUR", "PARTS", "Study", "counted", "measured", "parts_named"]

FOUR = ("g1", "g2", "g3", "g4")
PARTS = (*FOUR, "table8", "breakdown")


def parts_named(names: Iterable[str]) -> tuple[str, ...]:
    """The parts of the study that are asked for, each once; the four guidelines for none.

    Raises a UsageError for a name that is none of PARTS.
    """
    asked = tuple(dict.fromkeys(names)) or FOUR
    for name in asked:
        if name not in PARTS:
            raise UsageError(f"{name} is not one of {', '.join(PARTS)}{nearest(name, PARTS)}")
    return asked


Shown = Callable[[str, float], None]
"""Hears what is being measured, and which share of its time is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """The study as far as it is known: what was counted, and what was measured so far.

    trials          the guidelines asked for, with the races that were run
    networks        those of Table 8, if asked for, and their `race`
    decompositions  those of Figure 2, if asked for; `where` they were measured
    interrupted     whether Ctrl-C ended it
    problem         what else ended it
    """

    trials: tuple[Trial, ...] = ()
    networks: tuple[Network, ...] = ()
    race: Race | None = None
    decompositions: tuple[Decomposition, ...] = ()
    where: tuple[str, ...] = ()
    interrupted: bool = False
    problem: ArchlensError | None = None


def counted(
    parts: Sequence[str],
    *,
    scales: tuple[int, ...],
    channels: PrintedDevice,
    batch: int = 1,
    table8_batch: int = 1,
) -> Study:
    """The study with all that is counted and nothing that is measured."""
    four = [guideline(part) for part in parts if part in FOUR]
    return Study(
        trials=tuple(
            Trial(guideline=each, experiments=experiments(each, scales, channels, batch=batch))
            for each in four
        ),
        networks=table8.networks(batch=table8_batch) if "table8" in parts else (),
        decompositions=tuple(decompose(graph) for graph in decomposition.graphs(batch=batch))
        if "breakdown" in parts
        else (),
    )


def measured(
    study: Study, race: Stopwatch, node_times: decomposition.Stopwatch, shown: Shown, *, batch: int = 1
) -> Study:
    """The study with all that can be measured; after Ctrl-C or a problem, with what was by then.

    batch  of the networks of Figure 2
    """
    known = study
    try:
        for known in steps(study, race, node_times, shown, batch):
            if known.interrupted:
                break
    except KeyboardInterrupt:
        return replace(known, interrupted=True)
    except ArchlensError as problem:
        return replace(known, problem=problem)
    return known


def steps(
    study: Study, race: Stopwatch, node_times: decomposition.Stopwatch, shown: Shown, batch: int
) -> Iterator[Study]:
    """The study after each measurement."""
    for place, trial in enumerate(study.trials):
        for experiment in trial.experiments:
            name = f"{trial.guideline.key} ×{experiment.scale}"
            found = race([case.graph for case in experiment.cases], telling(shown, name))
            trial = replace(trial, races=(*trial.races, found))
            trials = (*study.trials[:place], trial, *study.trials[place + 1 :])
            study = replace(study, trials=trials, interrupted=found.interrupted)
            yield study
    if study.networks:
        found = race([network.graph for network in study.networks], telling(shown, "table8"))
        study = replace(study, race=found, interrupted=found.interrupted)
        yield study
    for place, graph in enumerate(decomposition.graphs(batch=batch) if study.decompositions else ()):
        times = node_times(graph, telling(shown, graph.model))
        parts = list(study.decompositions)
        parts[place] = decompose(graph, times)
        study = replace(study, decompositions=tuple(parts), where=times.where)
        yield study


def telling(shown: Shown, name: str) -> Callable[[float], None]:
    """What hears how far one measurement is; told at once that it begins."""
    shown(name, 0.0)
    return lambda share: shown(name, share)
