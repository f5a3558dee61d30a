"""The tables of the store, their version, and how a store of an older version becomes one of today's."""

import sqlite3
from collections.abc import Sequence
from itertools import chain
from pathlib import Path

from archlens.errors import StoreError

__all__ = ["APPLICATION", "MIGRATIONS", "is_current", "migrate"]

APPLICATION = 0x61_72_63_68
"""What SQLite keeps in the header of a file to tell whose it is: `arch`."""

FIRST = (
    """
    CREATE TABLE machine (
        id INTEGER PRIMARY KEY,
        fingerprint TEXT NOT NULL,
        content TEXT NOT NULL, -- JSON, with the fingerprint
        UNIQUE (fingerprint, content)
    )
    """,
    """
    CREATE TABLE run (
        id INTEGER PRIMARY KEY AUTOINCREMENT, -- never given twice
        machine INTEGER NOT NULL REFERENCES machine (id),
        description TEXT NOT NULL, -- JSON: what was measured
        started TEXT NOT NULL, -- ISO 8601, UTC
        finished TEXT, -- NULL until then: a run that was killed, or that is going on
        summary TEXT, -- JSON: what came out
        CHECK ((finished IS NULL) = (summary IS NULL))
    )
    """,
    """
    CREATE TABLE sample (
        run INTEGER NOT NULL REFERENCES run (id),
        position INTEGER NOT NULL, -- 0 for the first sample of a run
        seconds REAL NOT NULL,
        PRIMARY KEY (run, position)
    ) WITHOUT ROWID
    """,
)

MIGRATIONS: tuple[tuple[str, ...], ...] = (FIRST,)
"""The statements that lead from each version to the next; an empty file has version 0.

A published migration is never changed: a new one is added behind it.
"""


def is_current(
    connection: sqlite3.Connection, place: Path, migrations: Sequence[Sequence[str]] = MIGRATIONS
) -> bool:
    """Whether a store has the tables of today; False where they have yet to be made or migrated.

    Raises a StoreError for a store of a later version, and for a database that is no store.
    """
    # One statement, so that all of it is seen before or after what another process does.
    owner, version, tables = connection.execute(
        "SELECT (SELECT application_id FROM pragma_application_id),"
        " (SELECT user_version FROM pragma_user_version), (SELECT count(*) FROM sqlite_master)"
    ).fetchone()
    if owner != APPLICATION and (owner or version or tables):
        raise StoreError(f"{place}: is an SQLite database of another program; choose another file")
    if version > len(migrations):
        raise StoreError(
            f"{place}: has schema version {version}, and this archlens knows versions up to "
            f"{len(migrations)}; upgrade archlens, or choose another file"
        )
    return bool(version == len(migrations))


def migrate(
    connection: sqlite3.Connection, place: Path, migrations: Sequence[Sequence[str]] = MIGRATIONS
) -> None:
    """Bring a store to the version of today, in one transaction: wholly or not at all.

    The connection is in autocommit mode. Of several processes that come at once, one does the work.
    """
    if is_current(connection, place, migrations):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        if not is_current(connection, place, migrations):  # nobody else was quicker
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            for statement in chain.from_iterable(migrations[version:]):
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {APPLICATION}")
            connection.execute(f"PRAGMA user_version = {len(migrations)}")
        connection.execute("COMMIT")
    except BaseException:
        connection.rollback()
        raise
