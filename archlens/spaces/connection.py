"""The SQLite file of a sweep: how it is opened, what it holds, and how a file of something else is told."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from archlens.errors import StoreError
from archlens.latency.store.connection import WAIT, transaction
from archlens.latency.store.connection import explaining as told

__all__ = ["FORMAT", "connect", "connect_to_read", "explaining", "remove"]

APPLICATION = 0x61727377
"""What says in the head of the file that it is a store of variants: `arsw`."""
FORMAT = 1
"""Of the tables below; a file of another is refused."""

TABLES = (
    "CREATE TABLE kept (name TEXT PRIMARY KEY, content TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE chunk (place INTEGER PRIMARY KEY, key TEXT NOT NULL, variants INTEGER NOT NULL,"
    " fitted INTEGER NOT NULL, worker TEXT NOT NULL)",
    "CREATE TABLE misfit (position INTEGER PRIMARY KEY, number NOT NULL, reason TEXT NOT NULL)",
    "CREATE TABLE measurement (id INTEGER PRIMARY KEY, number NOT NULL, machine TEXT NOT NULL,"
    " seconds REAL NOT NULL, content TEXT NOT NULL)",
)


@contextmanager
def explaining(path: Path) -> Iterator[None]:
    """Turn what SQLite and the system say into a StoreError with an option of `archlens sweep` as way out."""
    try:
        with told(path):
            yield
    except StoreError as error:
        raise StoreError(str(error).replace("--store FILE", "-o FILE")) from error


def connect(path: Path | None) -> sqlite3.Connection:
    """Open the file for writing, and make its tables; one in memory for None. Raises a StoreError.

    The write-ahead log keeps a chunk whole: once its transaction has returned, killing the process cannot
    undo it, and a transaction that was cut short leaves nothing behind.
    """
    if path is None:
        connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        made(connection)
        return connection
    with explaining(path):
        if path.exists() and not path.is_file():
            raise StoreError(f"{path}: is not a file; choose another with -o FILE")
        connection = sqlite3.connect(os.path.abspath(path), timeout=WAIT, isolation_level=None)
        try:
            if not is_ours(connection, path):
                connection.execute("PRAGMA journal_mode = WAL")
                made(connection)
            connection.execute("PRAGMA synchronous = NORMAL")
        except BaseException:
            connection.close()
            raise
    return connection


def connect_to_read(path: Path) -> sqlite3.Connection:
    """Open a file that is there already. Raises a StoreError."""
    if not path.is_file():
        raise StoreError(f"{path}: there is no such store; `archlens sweep MODEL --over … -o FILE` makes one")
    with explaining(path):
        connection = sqlite3.connect(os.path.abspath(path), timeout=WAIT, isolation_level=None)
        try:
            if not is_ours(connection, path):
                raise StoreError(f"{path}: holds no sweep")
        except BaseException:
            connection.close()
            raise
    return connection


def is_ours(connection: sqlite3.Connection, path: Path) -> bool:
    """Whether a database is a store of sweeps; an empty one is none yet. Raises a StoreError for
    any other.
    """
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    if not tables and not application:
        return False
    if application != APPLICATION:
        raise StoreError(f"{path}: is an SQLite database of something else; choose another file with -o FILE")
    (format,) = connection.execute("PRAGMA user_version").fetchone()
    if format != FORMAT:
        raise StoreError(
            f"{path}: is a store of format {format}, and this archlens reads {FORMAT}: it was made by "
            "another version; choose another file with -o FILE, or begin anew with --restart"
        )
    return True


def made(connection: sqlite3.Connection) -> None:
    """Make the tables, all or none."""
    with transaction(connection):
        for table in TABLES:
            connection.execute(table)
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute(f"PRAGMA user_version = {FORMAT}")


def remove(path: Path) -> None:
    """Remove a store with its log; one of any format, and nothing else. Raises a StoreError."""
    if not path.exists():
        return
    with explaining(path):
        connection = sqlite3.connect(os.path.abspath(path), timeout=WAIT, isolation_level=None)
        try:
            (application,) = connection.execute("PRAGMA application_id").fetchone()
            (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        finally:
            connection.close()
        if tables and application != APPLICATION:
            raise StoreError(f"{path}: is an SQLite database of something else, which is not removed")
        for suffix in ("-wal", "-shm", ""):
            Path(f"{path}{suffix}").unlink(missing_ok=True)
