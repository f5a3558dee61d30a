"""The store: what goes in comes out."""

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archlens.errors import StoreError
from archlens.latency.store import store as module
from archlens.latency.store.store import Store
from tests.latency.conftest import HERE, rows
from tests.latency.store.victims import seconds

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
MAPPINGS = st.dictionaries(st.text(), JSON, max_size=5)
TIMES = st.floats(min_value=1e-9, max_value=1e9)
RUNS = st.lists(st.tuples(MAPPINGS, st.lists(TIMES, max_size=5), st.none() | MAPPINGS), max_size=5)


@settings(deadline=None, max_examples=25)
@given(runs=RUNS)
def test_what_goes_in_comes_out(
    runs: list[tuple[dict[str, Any], list[float], dict[str, Any] | None]],
) -> None:
    with TemporaryDirectory() as directory:
        file = Path(directory) / "store.sqlite"
        with Store.open(file) as store:
            for description, samples, summary in runs:
                run = store.begin(description, HERE)
                for sample in samples:
                    run.add(sample)
                if summary is not None:
                    run.finish(summary)
        with Store.open_to_read(file) as store:
            found = store.runs()
            for run_found, (description, samples, summary) in zip(found, reversed(runs), strict=True):
                assert run_found.description == description
                assert run_found.machine == HERE
                assert run_found.summary == (summary or {})
                assert (run_found.finished is None) == (summary is None)
                assert run_found.samples == len(samples)
                assert store.samples(run_found.id) == tuple(samples)


def test_as_sqlite_sees_it(file: Path) -> None:
    with Store.open(file) as store:
        for model in ("resnet50", "vgg16"):
            run = store.begin({"model": model}, HERE)
            run.add(0.1, 0.2)
            run.add(0.3)
            run.finish({"median_s": 0.2})
        store.begin({"model": "lenet5"}, {"fingerprint": "elsewhere"})
    assert rows(file, "SELECT fingerprint FROM machine") == [("7f3a9b01",), ("elsewhere",)]
    assert rows(file, "SELECT id, machine, json_extract(description, '$.model'), summary FROM run") == [
        (1, 1, "resnet50", '{"median_s": 0.2}'),
        (2, 1, "vgg16", '{"median_s": 0.2}'),
        (3, 2, "lenet5", None),
    ]
    assert rows(file, "SELECT * FROM sample") == [
        (run, position, value) for run in (1, 2) for position, value in enumerate((0.1, 0.2, 0.3))
    ]


def test_times_are_utc_and_in_order(file: Path) -> None:
    with Store.open(file) as store:
        store.begin({}, HERE).finish({})
        (run,) = store.runs()
    assert run.finished is not None
    started, finished = datetime.fromisoformat(run.started), datetime.fromisoformat(run.finished)
    assert str(started.tzinfo) == "UTC"
    assert started <= finished


def test_an_unfinished_run_has_the_median_of_its_samples(file: Path) -> None:
    samples = (0.4, 0.1, 0.2, 0.9)
    with Store.open(file) as store:
        store.begin({"model": "a"}, HERE).add(*samples)
        store.begin({"model": "b"}, HERE)
        nothing, some = store.runs()
    assert (some.model, some.finished, some.samples, some.median_s) == ("a", None, 4, median(samples))
    assert (nothing.samples, nothing.median_s) == (0, None)


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("batch", 8),
        ("torch", "2.13.0"),
        ("machine", "7f3a9b01"),
        ("input", [3, 224, 224]),
        ("device", "cpu"),
        ("nothing", None),
    ],
)
def test_settings(file: Path, key: str, expected: Any) -> None:
    with Store.open(file) as store:
        store.begin({"batch": 8, "input": [8, 3, 224, 224], "device": "cpu"}, {**HERE, "torch": "2.13.0"})
        (run,) = store.runs()
    assert run.setting(key) == expected


def test_a_sample_is_there_when_add_returns(file: Path) -> None:
    with Store.open(file) as store:
        run = store.begin({}, HERE)
        for count in range(1, 20):
            run.add(0.5)
            assert rows(file, "SELECT count(*) FROM sample") == [(count,)]


def test_the_log_does_not_grow_without_bound(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOG_LIMIT", 2**16)
    log = Path(f"{file}-wal")
    with Store.open(file) as store:
        for _ in range(5):
            run = store.begin({}, HERE)
            for _ in range(30):
                run.add(0.5)
            assert log.stat().st_size >= 2**16
            run.finish({})
            assert log.stat().st_size == 0
    assert rows(file, "SELECT count(*) FROM sample") == [(150,)]


def test_through_a_link_and_from_elsewhere(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite keeps the log beside the file itself, wherever we are by the end of a run."""
    monkeypatch.setattr(module, "LOG_LIMIT", 1)
    (tmp_path / "links").mkdir()
    (tmp_path / "links" / "store.sqlite").symlink_to(file)
    monkeypatch.chdir(tmp_path / "links")
    with Store.open(Path("store.sqlite")) as store:
        run = store.begin({}, HERE)
        run.add(0.5)
        monkeypatch.chdir("/")
        run.finish({})
        assert Path(f"{file}-wal").stat().st_size == 0
    assert rows(file, "SELECT count(*) FROM sample") == [(1,)]


def test_a_long_reader_does_not_hinder(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOG_LIMIT", 1)
    with Store.open(file) as store, closing(sqlite3.connect(file, isolation_level=None)) as reader:
        store.begin({}, HERE).add(0.5)
        reader.execute("BEGIN")
        assert reader.execute("SELECT count(*) FROM sample").fetchone() == (1,)
        run = store.begin({}, HERE)
        run.add(0.5)
        run.finish({})
        assert reader.execute("SELECT count(*) FROM sample").fetchone() == (1,)
        reader.execute("COMMIT")
        assert reader.execute("SELECT count(*) FROM sample").fetchone() == (2,)


@pytest.mark.parametrize("value", [0.0, -1.0, float("nan"), float("inf")])
def test_what_is_no_time(file: Path, value: float) -> None:
    with Store.open(file) as store:
        run = store.begin({}, HERE)
        run.add(0.5)
        with pytest.raises(StoreError, match="seconds is no time"):
            run.add(value)
        run.add(0.6)
        assert store.samples(run.id) == (0.5, 0.6)


@pytest.mark.parametrize("value", [{"x": float("nan")}, {"x": object()}, {(1,): 1}])
def test_what_is_no_json(file: Path, value: dict[str, Any]) -> None:
    with Store.open(file) as store:
        with pytest.raises(StoreError, match="what is kept has to be JSON"):
            store.begin(value, HERE)
        run = store.begin({}, HERE)
        with pytest.raises(StoreError, match="what is kept has to be JSON"):
            run.finish(value)
        assert len(store.runs()) == 1


def test_a_machine_without_a_fingerprint(file: Path) -> None:
    with (
        Store.open(file) as store,
        pytest.raises(StoreError, match="a machine needs a fingerprint, not None"),
    ):
        store.begin({}, {"cores": 2})


def test_a_damaged_description(file: Path) -> None:
    with Store.open(file) as store:
        store.begin({}, HERE)
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE run SET description = '{'")
    with Store.open_to_read(file) as store, pytest.raises(StoreError, match="run 1 is damaged"):
        store.runs()


@pytest.mark.parametrize("share", [0.25, 0.5, 0.8, 0.95])
def test_a_truncated_store(file: Path, share: float) -> None:
    """Wherever it was cut, the damage is noticed at the first look at the samples, if not before."""
    with Store.open(file) as store:
        store.begin({}, HERE).add(*(seconds(1, i) for i in range(1000)))
    whole = file.read_bytes()
    file.write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(StoreError, match=r"is damaged .* move it away, and `sqlite3 FILE .recover` reads"):
        Store.open_to_read(file).samples(1)
