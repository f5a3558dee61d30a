"""What `archlens measure` keeps when it is stopped, when a network fails, and when the store does."""

import json
import sqlite3
from pathlib import Path

import pytest

from archlens.errors import StoreError
from archlens.latency.network import preparation
from archlens.latency.sampling import measure as measures
from archlens.latency.sampling import timing
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
    """Ctrl-C in the second network, after so many samples."""
    whole = timing.sample
    calls: list[None] = []

    def sample(timed: object, *arguments: object, **options: object) -> None:
        calls.append(None)
        left = [after]

        def stopping(repeats: int) -> float:
            if len(calls) == 2 and not left[0]:
                raise KeyboardInterrupt
            left[0] -= 1
            return 1e-3

        whole(stopping, *arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(measures, "sample", sample)


def test_an_interruption_prints_and_keeps_what_is_known(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    stop(monkeypatch, 4)
    store = tmp_path / "store.sqlite"
    outcome = run("measure", "lenet5", "lenet5", "lenet5", "--store", str(store), *QUICK, "-f", "json")
    assert outcome.code == 130
    assert outcome.err == "archlens: interrupted after 1 of 3 networks\n"
    first, second = json.loads(outcome.out)
    assert (first["interrupted"], second["interrupted"]) == (False, True)
    assert len(second["samples"]) == 4
    with Store.open_to_read(store) as opened:
        assert [kept.samples for kept in opened.runs()] == [4, len(first["samples"])]
        assert opened.runs()[0].summary["interrupted"] is True


def test_an_interruption_before_anything_is_known(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(measures, "prepare", interrupted)
    outcome = run("measure", "lenet5", "--no-save", *QUICK)
    assert outcome == (130, "", "archlens: interrupted after 0 of 1 networks\n")


def test_a_network_that_cannot_be_measured_leaves_the_others_alone(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preparation, "available", lambda device: 10**8)
    outcome = run("measure", "vgg16", "lenet5", "--no-save", *QUICK, "-f", "json")
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
    outcome = run("measure", "lenet5", "--store", str(tmp_path / "store.sqlite"), *QUICK, "-f", "json")
    assert outcome.code == 1
    assert len(json.loads(outcome.out)) == 1
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
