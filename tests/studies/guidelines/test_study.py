"""The study as a whole, with races that nobody ran."""

from collections.abc import Callable, Sequence

import pytest

from archlens.errors import ArchlensError
from archlens.graph import Graph
from archlens.studies.guidelines.decomposition import Times
from archlens.studies.guidelines.speed import Race
from archlens.studies.guidelines.study import FOUR, Study, counted, measured
from tests.studies.guidelines.racing import WHERE, even, race, steady

Told = list[tuple[str, float]]


def planned(*parts: str) -> Study:
    return counted(parts, scales=(1, 2), channels="arm")


def ending(after: int, how: BaseException) -> Callable[[Sequence[Graph], Callable[[float], None]], Race]:
    """A stopwatch that fails after so many races."""
    done: list[int] = []

    def timed(graphs: Sequence[Graph], shown: Callable[[float], None]) -> Race:
        if len(done) == after:
            raise how
        done.append(len(graphs))
        return steady(graphs, shown)

    return timed


def test_counting_measures_nothing() -> None:
    study = planned(*FOUR, "table8", "breakdown")
    assert [trial.guideline.key for trial in study.trials] == list(FOUR)
    assert all(len(trial.experiments) == 2 and not trial.races for trial in study.trials)
    assert len(study.networks) == 22
    assert [each.seconds for each in study.decompositions] == [None, None]
    assert study.race is None


def test_only_what_is_asked_for() -> None:
    study = planned("table8")
    assert (study.trials, study.decompositions) == ((), ())
    assert counted(["g2"], scales=(4,), channels="gpu", batch=3).trials[0].experiments[0].cases[
        0
    ].graph.input_shape == (3, 512, 56, 56)


def test_everything_is_measured_in_its_order() -> None:
    told: Told = []
    study = measured(
        planned("g1", "g3", "table8", "breakdown"), steady, even, lambda *said: told.append(said)
    )
    assert all(len(trial.races) == 2 for trial in study.trials)
    assert study.race is not None
    assert [each.seconds for each in study.decompositions] == [1.0, 1.0]
    assert study.where == WHERE
    assert not study.interrupted
    assert list(dict.fromkeys(name for name, _ in told)) == [
        "g1 ×1", "g1 ×2", "g3 ×1", "g3 ×2", "table8", "shufflenet_v1_g3", "mobilenet_v2",
    ]  # fmt: skip
    assert told[0] == ("g1 ×1", 0.0)


@pytest.mark.parametrize(("after", "races"), [(0, [0, 0]), (1, [1, 0]), (3, [2, 1]), (4, [2, 2])])
def test_ctrl_c_keeps_what_is_known(after: int, races: list[int]) -> None:
    study = planned("g1", "g2", "table8", "breakdown")
    found = measured(study, ending(after, KeyboardInterrupt()), even, lambda *said: None)
    assert found.interrupted
    assert [len(trial.races) for trial in found.trials] == races
    assert found.race is None
    assert found.decompositions == study.decompositions


def test_ctrl_c_inside_a_race_keeps_its_rounds_and_ends_the_study() -> None:
    found = measured(
        planned("g1", "g2"),
        lambda graphs, shown: race(1, 1, 1, 1, interrupted=True),
        even,
        lambda *said: None,
    )
    assert found.interrupted
    assert [len(trial.races) for trial in found.trials] == [1, 0]


def test_ctrl_c_in_the_breakdown() -> None:
    def stopped(graph: Graph, shown: Callable[[float], None]) -> Times:
        if graph.model == "mobilenet_v2":
            raise KeyboardInterrupt
        return even(graph, shown)

    found = measured(planned("breakdown"), steady, stopped, lambda *said: None)
    assert found.interrupted
    assert [each.seconds for each in found.decompositions] == [1.0, None]


def test_a_problem_keeps_what_is_known() -> None:
    problem = ArchlensError("out of memory")
    found = measured(planned("g1"), ending(1, problem), even, lambda *said: None)
    assert found.problem is problem
    assert not found.interrupted
    assert len(found.trials[0].races) == 1
