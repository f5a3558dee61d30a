"""Several networks in turns: when it is enough, and what is told of threads."""

from dataclasses import replace

import pytest

import archlens
from archlens.latency.network.conditions import Conditions
from archlens.latency.network.preparation import prepare
from archlens.latency.sampling import together as module
from archlens.latency.sampling.measure import Observer
from archlens.latency.sampling.together import beside_one_thread, measure_together
from archlens.latency.sampling.turns import SITTINGS, Contestant, Entrant
from tests.report.measured import measured

ONE = Conditions(threads=1)


def test_what_is_measured_is_what_was_heard() -> None:
    heard: dict[str, list[float]] = {"lenet5": [], "squeezenet1_1": []}
    graphs = [archlens.load(name) for name in heard]
    entrants = [
        Entrant(graph, prepare(graph, ONE), Observer(sampled=heard[graph.model].append)) for graph in graphs
    ]
    found = measure_together(entrants, ONE, min_time=0.0)
    assert {each.subject.model: list(each.samples) for each in found} == heard
    assert {len(each.samples) % (3 * SITTINGS) for each in found} == {0}
    assert [each.one_thread for each in found] == [None, None]  # one thread was asked for
    assert not any(each.interrupted for each in found)


def test_it_goes_on_until_every_median_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = archlens.load("lenet5")
    entrants = [Entrant(graph, prepare(graph, ONE)) for _ in range(2)]
    monkeypatch.setattr(module, "WIDE", 0.0)  # which no interval is narrower than
    least = measure_together(entrants, ONE, min_time=0.0)
    monkeypatch.setattr(module, "WIDE", float("inf"))
    most = measure_together(entrants, ONE, min_time=0.001)
    assert {len(each.samples) for each in least} == {3 * SITTINGS}  # the most time is none, too
    assert {len(each.samples) >= 3 * SITTINGS for each in most} == {True}


def test_one_thread_is_looked_at_until_ctrl_c() -> None:
    def quick(repeats: int) -> float:
        return 0.001

    def stopped(repeats: int) -> float:
        raise KeyboardInterrupt

    taken = [replace(measured(name, 18), one_thread=None) for name in "abc"]
    contestants = [Contestant(timed, 1) for timed in (quick, stopped, quick)]
    found = [*beside_one_thread(taken, contestants)]
    assert [each.one_thread for each in found] == [0.001, None, None]
    assert [each.interrupted for each in found] == [False, True, True]
