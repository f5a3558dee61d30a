"""What `archlens measure` keeps when it is stopped, when a network fails, and when the store does."""

import json
import sqlite3
from collections import Counter
from pathlib import Path

import pytest

from archlens.errors import StoreError
from archlens.latency.network import preparation
from archlens.latency.sampling import measure as measures
from archlens.latency.sampling import turns
from archlens.latency.store.store import OpenRun, Store
from tests.cli.conftest import Refused, Run

QUICK = ("--threads", "1", "--min-time", "0")


def test_samples_are_kept(run: Run, tmp_path: Path) -> None:
    store = tmp_path / "store.sqlite"
    outcome = run("measure", "lenet5", "--store", str(store), *QUICK, "-f", "json")
    (shown,) = json.loads(outcome.out)
    with sqlite3.connect(store) as connection:
        samples = [
            seconds for (seconds,) in connection.execute("SELECT seconds FROM sample ORDER BY position")
        ]
    connection.close()
    assert samples == shown["samples"]
    with Store.open_to_read(store) as opened:
        (kept,) = opened.runs()
    assert kept.description["model"] == "lenet5"
    assert kept.summary["median_s"] == shown["median_s"]
    assert kept.summary["interrupted"] is False


def stop(monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    """Ctrl-C in the middle of a round, after so many whole ones of all networks."""
    whole = turns.Contestant.turn
    taken: Counter[int] = Counter()

    def turn(self: turns.Contestant) -> float:
        if sum(taken.values()) >= 3 * after + 1:
            raise KeyboardInterrupt
        taken[id(self)] += 1
        return whole(self)

    monkeypatch.setattr(turns.Contestant, "turn", turn)


def test_an_interruption_prints_and_keeps_what_is_known(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    stop(monkeypatch, 4)
    store = tmp_path / "store.sqlite"
    outcome = run("measure", "lenet5", "lenet5", "lenet5", "--store", str(store), *QUICK, "-f", "json")
    assert outcome.code == 130
    assert outcome.err == "archlens: interrupted: fewer samples than were asked for\n"
    shown = json.loads(outcome.out)
    assert [each["interrupted"] for each in shown] == [True] * 3
    assert [len(each["samples"]) for each in shown] == [4] * 3
    with Store.open_to_read(store) as opened:
        assert [kept.samples for kept in opened.runs()] == [4] * 3
        assert all(kept.summary["interrupted"] for kept in opened.runs())
        kept = [list(opened.samples(each.id)) for each in reversed(opened.runs())]
    assert kept == [each["samples"] for each in shown]


def test_an_interruption_in_the_first_round_knows_nothing(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    stop(monkeypatch, 0)
    outcome = run("measure", "lenet5", "lenet5", "lenet5", "--no-save", *QUICK)
    assert outcome == (130, "", "archlens: interrupted after 0 of 3 networks\n")


def test_several_take_turns_and_each_round_is_kept_as_it_is_over(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The order in which turns are taken, and in which samples reach the store."""
    whole, added = turns.Contestant.turn, OpenRun.add
    order: list[int] = []
    kept: list[tuple[int, int]] = []

    def turn(self: turns.Contestant) -> float:
        order.append(id(self))
        return whole(self)

    def add(self: OpenRun, *seconds: float) -> None:
        kept.append((len(order), self.id))
        added(self, *seconds)

    monkeypatch.setattr(turns.Contestant, "turn", turn)
    monkeypatch.setattr(OpenRun, "add", add)
    outcome = run("measure", "squeezenet1_1", "lenet5", "resnet18[input=3x32x32]", *QUICK, "-f", "json")
    assert (outcome.code, outcome.err) == (0, "")
    assert [each["model"] for each in json.loads(outcome.out)] == ["squeezenet1_1", "lenet5", "resnet18"]
    rounds = [order[i : i + 3] for i in range(0, len(order), 3)]
    assert all(len({*each}) == 3 for each in rounds)
    assert len({tuple(each) for each in rounds}) > 1
    assert {turns_before % 3 for turns_before, _ in kept} == {0}
    assert len(kept) == len(order)


def test_networks_that_do_not_fit_beside_each_other_are_measured_one_after_the_other(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = [10**9, 10**7, 10**7, 10**9, 10**9]
    """For the first; none for the second and the third beside it; for both when it has gone."""
    monkeypatch.setattr(preparation, "available", lambda device: room.pop(0))
    outcome = run("measure", *["squeezenet1_1"] * 3, "--no-save", *QUICK, "-f", "json")
    assert (outcome.code, outcome.err) == (0, "")
    assert len(json.loads(outcome.out)) == 3


def test_an_interruption_before_anything_is_known(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(measures, "prepare", interrupted)
    outcome = run("measure", "lenet5", "--no-save", *QUICK)
    assert outcome == (130, "", "archlens: interrupted after 0 of 1 networks\n")


@pytest.mark.parametrize("names", [("vgg16", "lenet5"), ("lenet5", "vgg16")])
def test_a_network_that_cannot_be_measured_leaves_the_others_alone(
    run: Run, monkeypatch: pytest.MonkeyPatch, names: tuple[str, str]
) -> None:
    monkeypatch.setattr(preparation, "available", lambda device: 10**8)
    outcome = run("measure", *names, "--no-save", *QUICK, "-f", "json")
    assert outcome.code == 1
    assert [each["model"] for each in json.loads(outcome.out)] == ["lenet5"]
    assert outcome.err.startswith("archlens: vgg16: a batch of 1 in float32 does not fit on the cpu")
    assert outcome.err.count("\n") == 1


def test_a_store_that_fails_does_not_lose_the_result(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def full(self: OpenRun, *seconds: float) -> None:
        raise StoreError("store.sqlite: the disk is full")

    monkeypatch.setattr(OpenRun, "add", full)
    monkeypatch.setattr(OpenRun, "finish", full)
    for names in (["lenet5"], ["lenet5", "lenet5"]):
        outcome = run("measure", *names, "--store", str(tmp_path / "store.sqlite"), *QUICK, "-f", "json")
        assert outcome.code == 1
        assert len(json.loads(outcome.out)) == len(names)
        assert outcome.err == "archlens: store.sqlite: the disk is full\n"


def test_a_run_that_cannot_be_begun_is_told(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def locked(self: Store, *arguments: object) -> None:
        raise StoreError("store.sqlite: somebody else writes")

    monkeypatch.setattr(Store, "begin", locked)
    outcome = run("measure", "lenet5", "--store", str(tmp_path / "store.sqlite"), *QUICK, "-f", "json")
    assert outcome.code == 1
    assert len(json.loads(outcome.out)) == 1
    assert outcome.err == "archlens: store.sqlite: somebody else writes\n"


def test_a_store_that_cannot_be_opened_is_told_beforehand(refused: Refused, tmp_path: Path) -> None:
    message = refused("measure", "lenet5", "--store", str(tmp_path / "none" / "store.sqlite"), *QUICK)
    assert message.endswith("--no-save measures without keeping anything")
