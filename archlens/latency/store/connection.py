"""SQLite as the store uses it: where the file is, how it is opened, and what its errors mean."""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from archlens.errors import MissingDependencyError, StoreError
from archlens.latency.store.schema import is_current, migrate

__all__ = ["WAIT", "connect", "connect_to_read", "default_path", "explaining", "nothing_yet", "transaction"]

WAIT = 5.0
"""Seconds to wait for other processes that write; each of theirs takes microseconds."""

VARIABLE = "ARCHLENS_STORE"

ELSEWHERE = "choose another file with --store FILE"


def default_path() -> Path:
    """What ARCHLENS_STORE names, or `results.sqlite` in the user's data directory, which is made."""
    if named := os.environ.get(VARIABLE):
        return Path(named)
    try:
        from platformdirs import user_data_path
    except ImportError as error:
        raise MissingDependencyError(
            "the store of results needs platformdirs, or a file that you name with --store FILE",
            extra="measure",
        ) from error
    path = user_data_path("archlens", appauthor=False) / "results.sqlite"
    with explaining(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    return path


def connect(path: Path) -> sqlite3.Connection:
    """Open a store for writing, and make or migrate its tables. Raises a StoreError.

    The write-ahead log lets readers and a writer work at once, and a transaction is in the hands of the
    operating system when it returns, without waiting for the disk: killing the process cannot undo it.
    After a loss of power the last ones may be missing, and the rest is whole.
    """
    with explaining(path):
        _check_is_a_file(path)
        connection = sqlite3.connect(os.path.abspath(path), timeout=WAIT, isolation_level=None)
        try:
            is_current(connection, path)  # leaves what is not ours as it is
            _write_ahead(connection)
            connection.execute("PRAGMA synchronous = NORMAL")
            # Checkpoints are the store's to start: up to SQLite 3.51.2, one that runs beside a writer
            # can, very rarely, damage the file.
            connection.execute("PRAGMA wal_autocheckpoint = 0")
            migrate(connection, path)
        except BaseException:
            connection.close()
            raise
    return connection


def connect_to_read(path: Path) -> sqlite3.Connection:
    """Open a store that is there already, also one on a disk that cannot be written. Raises a StoreError."""
    with explaining(path):
        if not path.exists() or (path.is_file() and path.stat().st_size == 0):
            raise nothing_yet(path)
        _check_is_a_file(path)
        try:
            return _open(path, "mode=rw")
        except sqlite3.OperationalError as error:
            if _code(error) not in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY) or _has_log(path):
                raise
        # The log cannot be made beside it, and none is needed where nobody can write.
        return _open(path, "immutable=1")


def _open(path: Path, how: str) -> sqlite3.Connection:
    address = f"{Path(os.path.abspath(path)).as_uri()}?{how}"
    connection = sqlite3.connect(address, timeout=WAIT, isolation_level=None, uri=True)
    try:
        migrate(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def nothing_yet(path: Path) -> StoreError:
    """What to tell somebody who wants to see the runs of a store that has none."""
    return StoreError(f"{path}: holds no results yet; `archlens measure MODEL` keeps some")


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Write all that is written inside, or nothing of it if an error comes."""
    if connection.in_transaction:  # left by an interruption at the wrong moment
        connection.rollback()
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        connection.rollback()
        raise


@contextmanager
def explaining(path: Path) -> Iterator[None]:
    """Turn what SQLite and the system say into a StoreError with place, cause and way out."""
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(f"{path}: {_cause(error, path)}") from error
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror or error}; {ELSEWHERE}") from error


def _cause(error: sqlite3.Error, path: Path) -> str:
    match _code(error):
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return f"is locked by another program; wait for its end, or {ELSEWHERE}"
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM:
            return f"cannot be written: permission denied; {ELSEWHERE}"
        case sqlite3.SQLITE_CANTOPEN if not path.parent.is_dir():
            return f"the directory {path.parent} does not exist; make it, or {ELSEWHERE}"
        case sqlite3.SQLITE_CANTOPEN:
            return f"cannot be opened: it or its directory is not permitted; {ELSEWHERE}"
        case sqlite3.SQLITE_FULL | sqlite3.SQLITE_IOERR:
            return f"cannot be read or written ({error}); free space on its disk, or {ELSEWHERE}"
        case sqlite3.SQLITE_NOTADB:
            return f"is no SQLite database; {ELSEWHERE}"
        case sqlite3.SQLITE_CORRUPT:
            return f"is damaged ({error}); move it away, and `sqlite3 FILE .recover` reads what is left"
    return str(error)


def _code(error: sqlite3.Error) -> int:
    """SQLite's primary error code; 0 for an error of the Python module itself."""
    return (getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF


def _check_is_a_file(path: Path) -> None:
    """Refuse devices and other special files, which SQLite would write to as well."""
    if path.exists() and not path.is_file():
        raise StoreError(f"{path}: is not a file; {ELSEWHERE}")


def _has_log(path: Path) -> bool:
    """Whether a log with transactions of a process that has not closed the store lies beside it."""
    log = Path(f"{os.path.realpath(path)}-wal")
    return log.exists() and log.stat().st_size > 0


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Switch to the write-ahead log; where the file system has none, SQLite stays with its slower journal."""
    last = time.monotonic() + WAIT
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            # Of several processes that switch a new file at once, SQLite refuses some without waiting.
            if _code(error) != sqlite3.SQLITE_BUSY or time.monotonic() > last:
                raise
        time.sleep(0.01)
