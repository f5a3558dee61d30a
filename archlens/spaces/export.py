"""All variants of a sweep as a file for other programs, written row by row: CSV, Parquet or JSON."""

import csv
import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

from archlens.errors import ArchlensError, MissingDependencyError, UsageError, nearest
from archlens.file import replace
from archlens.spaces.sweep import Found, Sweep
from archlens.spaces.tables import plain_setting

__all__ = ["FORMATS", "export", "export_to", "format_of_export"]

FORMATS = {"csv": ".csv", "json": ".json", "parquet": ".parquet"}
BATCH = 10_000
"""Rows that are held at once."""


def format_of_export(format: str | None, path: Path | None) -> str:
    """The format asked for, or that of the file's extension; CSV unless either tells. Raises a UsageError."""
    if format is None:
        by_extension = {extension: name for name, extension in FORMATS.items()}
        return by_extension.get(path.suffix.lower() if path else "", "csv")
    if format not in FORMATS:
        raise UsageError(f"--format {format} is not one of {', '.join(FORMATS)}{nearest(format, FORMATS)}")
    return format


def row(found: Found) -> dict[str, Any]:
    """A variant as one row: its reference, its settings and its metrics; lists as words."""
    settings = {key: plain_setting(key, value) for key, value in found.settings.items()}
    return {"model": found.model, **settings, **found.metrics}


def export(sweep: Sweep, format: str, file: TextIO) -> None:
    """Write every variant that fits to an open file of text."""
    if format == "json":
        file.write("[")
        for place, found in enumerate(sweep.all()):
            file.write(",\n " if place else "\n ")
            json.dump(found.as_dict(), file)
        file.write("\n]\n")
        return
    writer = csv.DictWriter(file, columns(sweep), lineterminator="\n")
    writer.writeheader()
    for found in sweep.all():
        writer.writerow({key: "" if value is None else value for key, value in row(found).items()})


def columns(sweep: Sweep) -> list[str]:
    """The names of the columns."""
    return ["model", *(each.key for each in sweep.space.dimensions), *sweep.metrics]


def export_to(sweep: Sweep, format: str, path: Path) -> None:
    """Write every variant that fits to a file: all of it or none.

    Raises a MissingDependencyError without what Parquet needs, an ArchlensError where it cannot be written.
    """

    def write(draft: Path) -> None:
        if format == "parquet":
            export_parquet(sweep, draft)
            return
        with draft.open("w", encoding="utf-8", newline="") as file:
            export(sweep, format, file)

    try:
        replace(path, write)
    except OSError as error:
        raise ArchlensError(f"{path}: cannot be written: {error.strerror or error}") from error


def export_parquet(sweep: Sweep, path: Path) -> None:
    """Write every variant that fits to a Parquet file, so many rows at a time."""
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as error:
        raise MissingDependencyError("Parquet needs pyarrow", extra="parquet") from error
    schema = pyarrow.schema([(name, kind(sweep, name)) for name in columns(sweep)])
    with parquet.ParquetWriter(path, schema) as writer:
        rows: Iterator[dict[str, Any]] = map(row, sweep.all())
        while batch := list(islice(rows, BATCH)):
            writer.write_table(pyarrow.Table.from_pylist(batch, schema))


def kind(sweep: Sweep, name: str) -> str:
    """The type of a column: numbers where all its values are."""
    if name in sweep.metrics:
        return "float64"
    values = next((each.values for each in sweep.space.dimensions if each.key == name), ())
    types = {type(value) for value in values}
    if types == {int}:
        return "int64"
    if types and types <= {int, float}:
        return "float64"
    return "bool" if types == {bool} else "string"
