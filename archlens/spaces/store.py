"""The variants of a sweep and what they cost, kept chunk by chunk, and asked again."""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from archlens.errors import StoreError
from archlens.latency.store.connection import transaction
from archlens.report.choice import Where
from archlens.spaces.chunks import Outcome
from archlens.spaces.connection import connect, connect_to_read, explaining, remove
from archlens.spaces.difference import differences
from archlens.spaces.figures import Objective
from archlens.spaces.job import Job

__all__ = ["SweepStore"]

LARGEST = 2**63


class SweepStore:
    """One sweep in an SQLite file, or in memory; a context manager that closes it."""

    def __init__(self, connection: sqlite3.Connection, path: Path | None) -> None:
        self._connection = connection
        self.path = path

    @classmethod
    def open(cls, path: Path | None, *, restart: bool = False) -> Self:
        """The store in a file, made where there is none; in memory for None. Raises a StoreError."""
        if restart and path is not None:
            remove(path)
        return cls(connect(path), path)

    @classmethod
    def open_to_read(cls, path: Path) -> Self:
        """The store in a file that exists. Raises a StoreError."""
        store = cls(connect_to_read(path), path)
        if not store.kept("identity"):
            store.close()
            raise StoreError(f"{path}: holds no sweep yet")
        return store

    @property
    def name(self) -> Path:
        """What messages call it."""
        return self.path or Path("the store in memory")

    def begin(self, job: Job) -> None:
        """Enter what is evaluated, or find that it is what was begun before.

        Raises a StoreError that tells what differs: another space, another version of archlens or of the
        spec, another device or seed. No number of theirs would be one of this sweep.
        """
        found = self.kept("identity")
        identity = json.loads(json.dumps(job.identity()))
        if found:
            if told := differences(found, identity):
                raise StoreError(
                    f"{self.name}: holds another sweep: {told}; go on in another file with -o FILE, or begin "
                    "anew with --restart"
                )
            return
        columns = ", ".join(job.metrics)
        with explaining(self.name), transaction(self._connection):
            self._connection.execute(
                f"CREATE TABLE variant (position INTEGER PRIMARY KEY, number NOT NULL, {columns})"
            )
            self._write("identity", identity)

    def metrics(self) -> tuple[str, ...]:
        """What was asked of the variants that it holds; nothing for a store without a sweep."""
        return tuple(self.kept("identity").get("metrics", ()))

    def kept(self, name: str) -> dict[str, Any]:
        """What was noted under a name; nothing where nothing was."""
        with explaining(self.name):
            row = self._connection.execute("SELECT content FROM kept WHERE name = ?", (name,)).fetchone()
        try:
            found = json.loads(row[0]) if row else {}
        except ValueError as error:
            raise StoreError(f"{self.name}: is damaged: {error}") from error
        return found if isinstance(found, dict) else {}

    def note(self, name: str, content: Mapping[str, Any]) -> None:
        """Note something under a name, in the place of what was there. Raises a StoreError."""
        with explaining(self.name), transaction(self._connection):
            self._write(name, content)

    def _write(self, name: str, content: Mapping[str, Any]) -> None:
        self._connection.execute("INSERT OR REPLACE INTO kept VALUES (?, ?)", (name, json.dumps(content)))

    def finished(self) -> dict[int, str]:
        """The keys of the finished chunks, by their places. Raises a StoreError."""
        with explaining(self.name):
            return dict(self._connection.execute("SELECT place, key FROM chunk").fetchall())

    def keep(self, outcome: Outcome) -> None:
        """Keep a finished chunk: when this returns, no kill can undo it. Raises a StoreError.

        It takes the place of one that was shorter, at the end of a smaller sample.
        """
        chunk = outcome.chunk
        rows = [(chunk.first + i, stored(chunk.numbers[i]), *values) for i, values in outcome.rows]
        misfits = [(chunk.first + i, stored(chunk.numbers[i]), reason) for i, reason in outcome.misfits]
        with explaining(self.name), transaction(self._connection):
            if rows:
                marks = ", ".join("?" * len(rows[0]))
                self._connection.executemany(f"INSERT OR REPLACE INTO variant VALUES ({marks})", rows)
            self._connection.executemany("INSERT OR REPLACE INTO misfit VALUES (?, ?, ?)", misfits)
            self._connection.execute(
                "INSERT OR REPLACE INTO chunk VALUES (?, ?, ?, ?, ?)",
                (chunk.place, chunk.key, len(chunk.numbers), len(rows), outcome.worker),
            )

    def counts(self) -> tuple[int, int, int]:
        """How many chunks are finished, how many variants are in them, and how many of those fit."""
        with explaining(self.name):
            row = self._connection.execute(
                "SELECT count(*), coalesce(sum(variants), 0), coalesce(sum(fitted), 0) FROM chunk"
            ).fetchone()
        return int(row[0]), int(row[1]), int(row[2])

    def workers(self) -> dict[str, int]:
        """How many variants each process did, by its machine and number."""
        with explaining(self.name):
            return dict(
                self._connection.execute("SELECT worker, sum(variants) FROM chunk GROUP BY worker").fetchall()
            )

    def misfits(self) -> Iterator[tuple[int, str]]:
        """The numbers of the variants that do not fit, each with its reason."""
        with explaining(self.name):
            yield from self._connection.execute("SELECT number, reason FROM misfit ORDER BY position")

    def matching(self, where: Where | None) -> int:
        """How many variants meet a condition."""
        clause, given = condition(where)
        with explaining(self.name):
            (found,) = self._connection.execute(
                f"SELECT count(*) FROM variant WHERE {clause}", given
            ).fetchone()
        return int(found)

    def rows(
        self,
        columns: Sequence[str],
        where: Where | None = None,
        order: Sequence[Objective] = (),
        limit: int | None = None,
    ) -> Iterator[tuple[Any, ...]]:
        """Number and metrics of the variants that meet a condition, best first, one at a time.

        One that has no value for an objective is left out.
        """
        clause, given = condition(where)
        clauses = [clause, *(f"{each.key} IS NOT NULL" for each in order)]
        by = [f"{each.key} {'DESC' if each.largest else 'ASC'}" for each in order]
        query = (
            f"SELECT {', '.join(['number', *columns])} FROM variant WHERE {' AND '.join(clauses)}"
            f" ORDER BY {', '.join([*by, 'position'])}{f' LIMIT {int(limit)}' if limit is not None else ''}"
        )
        with explaining(self.name):
            for number, *values in self._connection.execute(query, given):
                yield int(number), *values

    def add_measurement(self, number: int, machine: str, seconds: float, content: Mapping[str, Any]) -> None:
        """Keep how long a variant took on a machine. Raises a StoreError."""
        with explaining(self.name), transaction(self._connection):
            self._connection.execute(
                "INSERT INTO measurement (number, machine, seconds, content) VALUES (?, ?, ?, ?)",
                (stored(number), machine, seconds, json.dumps(content)),
            )

    def measurements(self) -> list[tuple[int, str, float, dict[str, Any]]]:
        """What was measured: the variant's number, the machine's name, seconds, and all about it."""
        with explaining(self.name):
            rows = self._connection.execute(
                "SELECT number, machine, seconds, content FROM measurement ORDER BY id"
            ).fetchall()
        return [(int(number), machine, seconds, json.loads(text)) for number, machine, seconds, text in rows]

    def close(self) -> None:
        """Close the file."""
        with explaining(self.name):
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def stored(number: int) -> int | str:
    """A number as SQLite holds it: its own integers end at 2^63."""
    return number if number < LARGEST else str(number)


def condition(where: Where | None) -> tuple[str, list[float]]:
    """A condition in SQL, and the numbers in it. Metrics are the names of columns."""
    if where is None:
        return "1", []
    groups, given = [], []
    for group in where.groups:
        parts = []
        for each in group:
            parts.append(f"{each.name} {'=' if each.sign == '==' else each.sign} ?")
            given.append(float(each.value))
        groups.append(f"({' AND '.join(parts)})")
    return f"({' OR '.join(groups)})", given
