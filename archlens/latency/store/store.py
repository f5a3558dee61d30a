"""Measured samples, kept in an SQLite file: written as they are taken, and read again."""

import json
import math
import os
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any, Self

from archlens.errors import StoreError
from archlens.latency.store.connection import (
    WAIT,
    connect,
    connect_to_read,
    default_path,
    explaining,
    transaction,
)

__all__ = ["OpenRun", "Store", "StoredRun"]

LOG_LIMIT = 8 * 2**20
"""Bytes of the write-ahead log from which on `finish` moves them into the store itself."""

INSERT_SAMPLE = "INSERT INTO sample VALUES (?, ?, ?) ON CONFLICT (run, position) DO NOTHING"

SELECT_RUNS = """
    SELECT run.id, run.started, run.finished, run.description, machine.content, run.summary,
        (SELECT coalesce(max(position) + 1, 0) FROM sample WHERE sample.run = run.id)
    FROM run JOIN machine ON machine.id = run.machine
    ORDER BY run.id DESC
"""


@dataclass(frozen=True, slots=True)
class StoredRun:
    """One run as the store holds it.

    id           its number in this store
    started      when it began, ISO 8601 in UTC; `finished` when it ended, None unless it did
    description  what was measured: model, device, batch, …
    machine      what it was measured on, with its fingerprint
    summary      what came out; empty for a run that was killed or is going on
    samples      how many it has
    median_s     of the summary, or of the samples where there is none; None without samples
    """

    id: int
    started: str
    finished: str | None
    description: dict[str, Any]
    machine: dict[str, Any]
    summary: dict[str, Any]
    samples: int
    median_s: float | None

    @property
    def model(self) -> str:
        """The name of the network."""
        return str(self.description.get("model", ""))

    @property
    def fingerprint(self) -> str:
        """The short name of the machine."""
        return str(self.machine["fingerprint"])

    def setting(self, key: str) -> Any:
        """What it was measured with: as described, or as the machine says; None where neither does.

        `machine` is the fingerprint, and `input` the shape of one image.
        """
        if key == "machine":
            return self.fingerprint
        value = self.description.get(key, self.machine.get(key))
        if key == "input" and isinstance(value, list) and len(value) == 4:
            return value[1:] if value[0] == self.description.get("batch") else value
        return value


class OpenRun:
    """A run that is being measured; `id` is its number in the store."""

    def __init__(self, connection: sqlite3.Connection, path: Path, id: int) -> None:
        self.id = id
        self._connection = connection
        self._path = path
        self._samples: list[float] = []
        self._kept = 0

    def add(self, *seconds: float) -> None:
        """Keep finished samples, in the order taken.

        What this has returned from is written: it survives Ctrl-C, a full disk and the end of the
        process by any means (and a loss of power after `finish`, where the disk keeps its word).

        Raises a StoreError where it cannot be written. The sample is not forgotten then: each later
        `add`, without waiting for a lock again, and `finish` write what is still missing.
        """
        for each in seconds:
            if not 0 < each < math.inf:
                raise StoreError(f"{self._path}: a sample of {each} seconds is no time")
        self._samples += seconds
        with explaining(self._path):
            try:
                with transaction(self._connection):
                    self._write()
            except sqlite3.Error:
                _wait(self._connection, 0)
                raise
        self._kept = len(self._samples)

    def finish(self, summary: Mapping[str, Any]) -> None:
        """Keep what came out of a run, with every sample that is not yet written. Raises a StoreError."""
        outcome = _json(summary, self._path)
        with explaining(self._path):
            _wait(self._connection, WAIT)
            with transaction(self._connection):
                self._write()
                self._connection.execute(
                    "UPDATE run SET finished = ?, summary = ? WHERE id = ?", (_now(), outcome, self.id)
                )
        self._kept = len(self._samples)
        self._empty_log()

    def _write(self) -> None:
        """Write every sample that is not known to be written.

        One that is there nevertheless, because an interruption came between its transaction and our note
        of it, stays as it is.
        """
        missing = range(self._kept, len(self._samples))
        self._connection.executemany(INSERT_SAMPLE, ((self.id, i, self._samples[i]) for i in missing))

    def _empty_log(self) -> None:
        """Move a long log into the store itself, while nobody else writes."""
        (_, _, file) = self._connection.execute("PRAGMA database_list").fetchone()
        log = f"{file}-wal"
        if not os.path.exists(log) or os.path.getsize(log) < LOG_LIMIT:
            return
        _wait(self._connection, 0.2)  # a reader may be long about it, and writers wait for us
        try:
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.Error:
            pass  # every sample is safe where it is, and the next one to finish tries again
        finally:
            _wait(self._connection, WAIT)


class Store:
    """An SQLite file of runs, open; a context manager that closes it.

    Safe with any number of processes on one machine; one object belongs to one thread.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self.path = path

    @classmethod
    def open(cls, path: Path | None = None) -> Self:
        """The store in a file, made where there is none; by default the user's own. Raises a StoreError."""
        path = path or default_path()
        return cls(connect(path), path)

    @classmethod
    def open_to_read(cls, path: Path | None = None) -> Self:
        """The store in a file that exists, whether or not it may be written. Raises a StoreError."""
        path = path or default_path()
        return cls(connect_to_read(path), path)

    def begin(self, description: Mapping[str, Any], machine: Mapping[str, Any]) -> OpenRun:
        """Enter a run before its first sample.

        description  what is measured, as JSON holds it: model, device, batch, …
        machine      what it is measured on, as JSON holds it, with its `fingerprint`

        Raises a StoreError.
        """
        fingerprint = machine.get("fingerprint")
        if not isinstance(fingerprint, str):
            raise StoreError(f"{self.path}: a machine needs a fingerprint, not {fingerprint!r}")
        what, where = _json(description, self.path), _json(machine, self.path)
        with explaining(self.path):
            _wait(self._connection, WAIT)
            with transaction(self._connection):
                self._connection.execute(
                    "INSERT INTO machine (fingerprint, content) VALUES (?, ?) ON CONFLICT DO NOTHING",
                    (fingerprint, where),
                )
                cursor = self._connection.execute(
                    "INSERT INTO run (machine, description, started)"
                    " SELECT id, ?, ? FROM machine WHERE fingerprint = ? AND content = ?",
                    (what, _now(), fingerprint, where),
                )
        assert cursor.lastrowid is not None
        return OpenRun(self._connection, self.path, cursor.lastrowid)

    def runs(self) -> tuple[StoredRun, ...]:
        """Every run, newest first. Raises a StoreError."""
        with explaining(self.path):
            return tuple(self._stored(*row) for row in self._connection.execute(SELECT_RUNS).fetchall())

    def samples(self, run: int) -> tuple[float, ...]:
        """The samples of a run in seconds, in the order taken. Raises a StoreError."""
        with explaining(self.path):
            rows = self._connection.execute(
                "SELECT seconds FROM sample WHERE run = ? ORDER BY position", (run,)
            ).fetchall()
        return tuple(seconds for (seconds,) in rows)

    def remove(self, runs: Iterable[int]) -> None:
        """Forget runs with their samples, all or none. Raises a StoreError for one that is not there."""
        with explaining(self.path):
            _wait(self._connection, WAIT)
            with transaction(self._connection):
                for run in runs:
                    self._connection.execute("DELETE FROM sample WHERE run = ?", (run,))
                    if not self._connection.execute("DELETE FROM run WHERE id = ?", (run,)).rowcount:
                        raise StoreError(f"{self.path}: there is no run {run}; `archlens results` lists all")

    def close(self) -> None:
        """Close the file; the last process to do so leaves it without a log beside it."""
        with explaining(self.path):
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _stored(
        self,
        id: int,
        started: str,
        finished: str | None,
        description: str,
        machine: str,
        summary: str | None,
        samples: int,
    ) -> StoredRun:
        try:
            what, where, outcome = (json.loads(each) for each in (description, machine, summary or "{}"))
        except ValueError as error:
            raise StoreError(f"{self.path}: run {id} is damaged: {error}") from error
        middle = outcome.get("median_s")
        if middle is None and samples:
            middle = median(self.samples(id))
        return StoredRun(id, started, finished, what, where, outcome, samples, middle)


def _json(value: Mapping[str, Any], path: Path) -> str:
    """A mapping as JSON. Raises a StoreError."""
    try:
        return json.dumps(dict(value), allow_nan=False)
    except (TypeError, ValueError) as error:
        raise StoreError(f"{path}: what is kept has to be JSON: {error}") from error


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _wait(connection: sqlite3.Connection, seconds: float) -> None:
    """How long this connection waits for a lock that another one holds."""
    connection.execute(f"PRAGMA busy_timeout = {round(1000 * seconds)}")
