"""Versions of the store: made, migrated, refused."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from archlens.errors import StoreError
from archlens.latency.store.schema import APPLICATION, MIGRATIONS, is_current, migrate

LATER = (*MIGRATIONS, ("ALTER TABLE run ADD COLUMN note TEXT", "UPDATE run SET note = 'migrated'"))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "store.sqlite"


@pytest.fixture
def connection(file: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(file, isolation_level=None)
    yield connection
    connection.close()


def pragma(connection: sqlite3.Connection, name: str) -> object:
    return connection.execute(f"PRAGMA {name}").fetchone()[0]


def fill(connection: sqlite3.Connection) -> None:
    """One run of today."""
    connection.execute("INSERT INTO machine VALUES (1, 'here', '{}')")
    connection.execute("INSERT INTO run (machine, description, started) VALUES (1, '{}', 'now')")


def test_an_empty_file_becomes_a_store(connection: sqlite3.Connection, file: Path) -> None:
    assert not is_current(connection, file)
    migrate(connection, file)
    assert is_current(connection, file)
    assert (pragma(connection, "user_version"), pragma(connection, "application_id")) == (1, APPLICATION)
    names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert {"machine", "run", "sample"} <= names


def test_a_store_of_today_stays_as_it_is(connection: sqlite3.Connection, file: Path) -> None:
    migrate(connection, file)
    fill(connection)
    before = list(connection.iterdump())
    migrate(connection, file)
    assert list(connection.iterdump()) == before


def test_an_older_store_is_migrated(connection: sqlite3.Connection, file: Path) -> None:
    migrate(connection, file)
    fill(connection)
    assert not is_current(connection, file, LATER)
    migrate(connection, file, LATER)
    assert pragma(connection, "user_version") == 2
    assert connection.execute("SELECT id, description, note FROM run").fetchall() == [(1, "{}", "migrated")]


def test_a_migration_that_fails_leaves_the_old_store(connection: sqlite3.Connection, file: Path) -> None:
    migrate(connection, file)
    fill(connection)
    before = list(connection.iterdump())
    with pytest.raises(sqlite3.OperationalError):
        migrate(connection, file, (*LATER, ("ALTER TABLE nothing ADD COLUMN note TEXT",)))
    assert not connection.in_transaction
    assert (pragma(connection, "user_version"), list(connection.iterdump())) == (1, before)


def test_a_newer_store_is_refused(connection: sqlite3.Connection, file: Path) -> None:
    migrate(connection, file, LATER)
    with pytest.raises(StoreError) as caught:
        migrate(connection, file)
    assert str(caught.value) == (
        f"{file}: has schema version 2, and this archlens knows versions up to 1; "
        "upgrade archlens, or choose another file"
    )


@pytest.mark.parametrize(
    "sign", ["CREATE TABLE t (x)", "PRAGMA user_version = 1", "PRAGMA application_id = 7"]
)
def test_the_database_of_another_program_is_refused(
    connection: sqlite3.Connection, file: Path, sign: str
) -> None:
    connection.execute(sign)
    with pytest.raises(StoreError, match="is an SQLite database of another program; choose another file"):
        migrate(connection, file)
    assert sorted(row[0] for row in connection.execute("SELECT name FROM sqlite_master")) in ([], ["t"])


def test_a_published_migration_is_never_changed() -> None:
    """Stores of that version lie on people's disks: these are its columns."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    migrate(connection, Path("memory"), MIGRATIONS[:1])
    columns = {
        table: [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        for table in ("machine", "run", "sample")
    }
    connection.close()
    assert columns == {
        "machine": ["id", "fingerprint", "content"],
        "run": ["id", "machine", "description", "started", "finished", "summary"],
        "sample": ["run", "position", "seconds"],
    }
