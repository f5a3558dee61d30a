"""Files that are no store, or none that can be used: a clear line for each."""

import os
import sqlite3
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from archlens.errors import MissingDependencyError, StoreError
from archlens.latency.store import connection as module
from archlens.latency.store.connection import connect, connect_to_read, default_path, explaining, transaction

NOBODY = 65534


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "store.sqlite"


@pytest.fixture
def shared() -> Iterator[Path]:
    """A store in a directory, used by somebody who owns neither: root may write everywhere."""
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "store.sqlite"
        connect(file).close()
        os.chmod(name, 0o755)
        if os.geteuid() == 0:
            os.seteuid(NOBODY)
        try:
            yield file
        finally:
            if os.getuid() == 0:
                os.seteuid(0)
            os.chmod(name, 0o755)


def refusal(path: Path) -> str:
    with pytest.raises(StoreError) as caught:
        connect(path).close()
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert "\n" not in message
    return message.removeprefix(f"{path}: ")


def test_the_default_is_in_the_users_data_directory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("ARCHLENS_STORE", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("HOME", str(tmp_path))
    path = default_path()
    assert path.name == "results.sqlite"
    assert path.is_relative_to(tmp_path)
    assert path.parent.is_dir()


def test_a_variable_names_another(monkeypatch: pytest.MonkeyPatch, file: Path) -> None:
    monkeypatch.setenv("ARCHLENS_STORE", str(file))
    assert default_path() == file


def test_without_platformdirs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ARCHLENS_STORE", raising=False)
    monkeypatch.setitem(sys.modules, "platformdirs", None)
    with pytest.raises(MissingDependencyError, match=r"pip install -e '.\[measure\]'"):
        default_path()


def test_the_log_is_written_ahead_and_checkpoints_are_ours(file: Path) -> None:
    with closing(connect(file)) as connection:
        settings = ("journal_mode", "synchronous", "wal_autocheckpoint")
        assert [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in settings] == ["wal", 1, 0]
    assert sorted(path.name for path in file.parent.iterdir()) == ["store.sqlite"]


def test_no_database(file: Path) -> None:
    file.write_text("seconds\n" * 1000, encoding="utf-8")
    assert refusal(file) == "is no SQLite database; choose another file with --store FILE"
    assert file.read_text(encoding="utf-8") == "seconds\n" * 1000


def test_the_database_of_another_program_is_left_alone(file: Path) -> None:
    with closing(sqlite3.connect(file)) as other:
        other.execute("CREATE TABLE t (x)")
    before = file.read_bytes()
    assert refusal(file) == "is an SQLite database of another program; choose another file"
    assert file.read_bytes() == before


@pytest.mark.parametrize("share", [0.25, 0.5, 0.8])
def test_a_truncated_store(file: Path, share: float) -> None:
    connect(file).close()
    whole = file.read_bytes()
    file.write_bytes(whole[: int(share * len(whole))])
    assert refusal(file).startswith("is damaged (database disk image is malformed); move it away, and ")


def test_no_directory(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none" / "store.sqlite") == (
        f"the directory {tmp_path / 'none'} does not exist; make it, or choose another file with --store FILE"
    )


def test_a_directory_is_no_file(tmp_path: Path) -> None:
    assert refusal(tmp_path) == "is not a file; choose another file with --store FILE"


def test_a_device_is_no_file() -> None:
    assert refusal(Path("/dev/null")) == "is not a file; choose another file with --store FILE"


def test_a_locked_store(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WAIT", 0.05)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        message = "is locked by another program; wait for its end, or choose another file with --store FILE"
        assert refusal(file) == message


def test_a_directory_that_may_not_be_written(shared: Path) -> None:
    other = shared.with_name("other.sqlite")
    assert refusal(other) == (
        "cannot be opened: it or its directory is not permitted; choose another file with --store FILE"
    )


def test_a_store_that_may_not_be_written_can_be_read(shared: Path) -> None:
    assert "with --store FILE" in refusal(shared)
    with closing(connect_to_read(shared)) as connection:
        assert connection.execute("SELECT count(*) FROM run").fetchone() == (0,)


def test_a_store_that_may_not_be_read(shared: Path) -> None:
    if os.getuid() != 0:
        shared.chmod(0)
    else:
        os.seteuid(0)
        shared.chmod(stat.S_IRUSR | stat.S_IWUSR)
        os.seteuid(NOBODY)
    with pytest.raises(StoreError, match="it or its directory is not permitted"):
        connect_to_read(shared).close()


@pytest.mark.parametrize("empty", [False, True])
def test_reading_makes_no_store(file: Path, empty: bool) -> None:
    if empty:
        file.touch()
    with pytest.raises(StoreError) as caught:
        connect_to_read(file)
    assert str(caught.value) == f"{file}: holds no results yet; `archlens measure MODEL` keeps some"
    assert file.exists() == empty


def test_reading_beside_a_writer(file: Path) -> None:
    with closing(connect(file)) as writer, closing(connect_to_read(file)) as reader:
        with transaction(writer):
            writer.execute("INSERT INTO machine VALUES (1, 'here', '{}')")
            assert reader.execute("SELECT count(*) FROM machine").fetchone() == (0,)
        assert reader.execute("SELECT count(*) FROM machine").fetchone() == (1,)


@pytest.mark.parametrize("name", ["a b.sqlite", "50%.sqlite", "é?#&mode=ro", ":memory:"])
def test_odd_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(tmp_path)
    connect(Path(name)).close()
    connect_to_read(Path(name)).close()
    assert [path.name for path in tmp_path.iterdir()] == [name]


def fail(connection: sqlite3.Connection, error: type[BaseException]) -> None:
    """A transaction that does not come to its end."""
    with transaction(connection):
        connection.execute("INSERT INTO machine VALUES (1, 'here', '{}')")
        raise error


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_a_transaction_is_all_or_nothing(file: Path, error: type[BaseException]) -> None:
    with closing(connect(file)) as connection:
        with pytest.raises(error):
            fail(connection, error)
        assert not connection.in_transaction
        assert connection.execute("SELECT count(*) FROM machine").fetchone() == (0,)


def test_a_transaction_left_open_by_an_interruption_is_undone(file: Path) -> None:
    with closing(connect(file)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO machine VALUES (1, 'half', '{}')")
        with transaction(connection):
            connection.execute("INSERT INTO machine VALUES (2, 'whole', '{}')")
        assert connection.execute("SELECT fingerprint FROM machine").fetchall() == [("whole",)]


def test_errors_of_the_system_name_the_file(file: Path) -> None:
    with pytest.raises(StoreError) as caught, explaining(file):
        raise PermissionError(13, "Permission denied")
    assert str(caught.value) == f"{file}: Permission denied; choose another file with --store FILE"
