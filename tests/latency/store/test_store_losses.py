"""The store: nothing that it took is ever lost."""

import json
import os
import resource
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from archlens.errors import StoreError
from archlens.latency.store.store import OpenRun, Store
from tests.latency.conftest import HERE, rows
from tests.latency.store.victims import INTERRUPTED, KILLED, TOGETHER, seconds

ROOT = Path(__file__).parent.parent.parent


@contextmanager
def file_size_limit(size: int) -> Iterator[None]:
    """No file of this process grows beyond a size, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def refused(run: OpenRun, second: float) -> str:
    """Why a sample could not be kept; nothing if it was."""
    try:
        run.add(second)
    except StoreError as error:
        return str(error)
    return ""


def test_a_full_disk_loses_no_sample(file: Path) -> None:
    """What does not fit is remembered, and written as soon as there is room."""
    with Store.open(file) as store:
        run = store.begin({}, HERE)
        with file_size_limit(100_000):
            reasons = [refused(run, seconds(run.id, position)) for position in range(100)]
            with pytest.raises(StoreError):
                run.finish({})
        kept = reasons.count("")
        assert 0 < kept < 100
        assert not any(reasons[:kept])
        assert reasons[kept].startswith(f"{file}: cannot be read or written (disk I/O error); free space on")
        assert store.samples(run.id) == tuple(seconds(run.id, i) for i in range(kept))
        run.finish({"median_s": 1.0})
        assert store.samples(run.id) == tuple(seconds(run.id, i) for i in range(100))
    assert rows(file, "PRAGMA integrity_check") == [("ok",)]


def test_a_locked_store_is_waited_for_once(file: Path) -> None:
    with Store.open(file) as store:
        run = store.begin({}, HERE)
        store._connection.execute("PRAGMA busy_timeout = 20")
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            for _ in range(3):
                with pytest.raises(StoreError, match="is locked by another program; wait for its end, or"):
                    run.add(0.5)
                assert store._connection.execute("PRAGMA busy_timeout").fetchone() == (0,)
        run.add(0.6)
        assert store.samples(run.id) == (0.5, 0.5, 0.5, 0.6)
        run.finish({})
        assert store._connection.execute("PRAGMA busy_timeout").fetchone() == (5000,)


def test_an_interruption_between_the_transaction_and_our_note_of_it(file: Path) -> None:
    with Store.open(file) as store:
        run = store.begin({}, HERE)
        run.add(0.1, 0.2)
        run._kept = 1  # as if Ctrl-C had come before it was counted
        run.add(0.3)
        run.finish({"interrupted": True})
        assert store.samples(run.id) == (0.1, 0.2, 0.3)


def processes(kind: str, file: Path) -> dict[str, list[list[str]]]:
    """What each process noted as kept, by its name: see victims.py."""
    ended = subprocess.run(
        [sys.executable, "-m", "tests.latency.store.victims", kind, str(file)],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert (ended.returncode, ended.stderr) == (0, "")
    return {
        notes.stem: [line.split() for line in notes.read_text(encoding="utf-8").splitlines()]
        for notes in file.parent.glob("*.notes")
    }


def check_nothing_is_lost(file: Path, notes: list[list[str]]) -> None:
    """Every run, sample and end that was noted is in the file, and what is there besides is whole."""
    assert rows(file, "PRAGMA integrity_check") == [("ok",)]
    runs = {id: finished is not None for id, finished in rows(file, "SELECT id, finished FROM run")}
    kept = {(run, position): value for run, position, value in rows(file, "SELECT * FROM sample")}
    assert all(value == seconds(*place) for place, value in kept.items())
    assert all((run, position - 1) in kept for run, position in kept if position)
    assert {run for run, _ in kept} <= set(runs)
    for word, run, *position in notes:
        if word == "begun":
            assert int(run) in runs
        elif word == "added":
            assert (int(run), int(position[0])) in kept
        else:
            assert runs[int(run)]
    begun = Counter(run for word, run, *_ in notes if word == "begun")
    assert max(begun.values()) == 1


def test_processes_that_are_killed_lose_and_damage_nothing(file: Path) -> None:
    """Two measure into one store while a third is killed 50 times, wherever it is."""
    notes = processes("kill", file)
    assert len(notes) == KILLED + 2
    check_nothing_is_lost(file, [line for lines in notes.values() for line in lines])
    steady = [line for name, lines in notes.items() if name.startswith("steady") for line in lines]
    victims = [line for name, lines in notes.items() if name.startswith("killed") for line in lines]
    assert len(steady) > 100
    assert len(victims) > 10
    words = Counter(word for word, *_ in steady)
    assert words["added"] == 30 * words["begun"] == 30 * words["finished"]


def test_ctrl_c_loses_nothing(file: Path) -> None:
    notes = processes("interrupt", file)
    lines = [line for lines in notes.values() for line in lines]
    assert len(notes) == INTERRUPTED
    check_nothing_is_lost(file, lines)
    assert Counter(word for word, *_ in lines)["finished"] == INTERRUPTED
    assert rows(file, "SELECT DISTINCT summary FROM run") == [(json.dumps({"interrupted": True}),)]


def test_processes_that_make_a_store_at_once(file: Path) -> None:
    notes = processes("crowd", file)
    stores = sorted(file.parent.glob("*.sqlite"))
    assert len(stores) == 5
    for store in stores:
        own = [line for name, lines in notes.items() if name.startswith(store.stem) for line in lines]
        check_nothing_is_lost(store, own)
        assert rows(store, "SELECT count(*) FROM run") == [(TOGETHER,)]
