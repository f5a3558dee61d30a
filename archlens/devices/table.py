"""A CSV file of times that somebody measured → rows of numbers, or one line about what is wrong with it."""

import csv
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from archlens.errors import DeviceError, nearest
from archlens.file import contents

__all__ = ["LEAST_ROWS", "UNITS", "TimedRow", "TimesTable", "read_table"]

UNITS = {
    "seconds": lambda value, batch: value,
    "milliseconds": lambda value, batch: value / 1e3,
    "images_per_second": lambda value, batch: batch / value,
}
"""The columns that may hold the time, and how each becomes the seconds of one batch."""

ALSO = ("input", "batch")
LEAST_ROWS = 5
"""A profile has about five numbers at least, and each takes a row."""
MOST_BYTES = 50_000_000
SHAPE = re.compile(r"\d{1,6}(?:[x×]\d{1,6}){0,4}", re.ASCII)
ONE_DEVICE = ("device", "engine", "precision", "dtype", "layout", "threads", "phase")
"""Columns that a profile has one value of: rows that differ in them are of several profiles."""


@dataclass(frozen=True, slots=True)
class TimedRow:
    """One measurement of a table.

    line     where it stands in the file
    model    as it is written there
    input    shape of one image, such as (3, 224, 224); None where the network's own is meant
    batch    images at once
    seconds  of one batch
    """

    line: int
    model: str
    input: tuple[int, ...] | None
    batch: int
    seconds: float


@dataclass(frozen=True, slots=True)
class TimesTable:
    """The rows of a table, and what its columns say about the device: `device`, `engine`, `precision`, …"""

    rows: tuple[TimedRow, ...]
    about: Mapping[str, str]


def read_table(path: Path, chosen: Mapping[str, str] | None = None) -> TimesTable:
    """A table with the columns model, input, batch and one of seconds, milliseconds and
    images_per_second, as CSV with a comma, a semicolon or a tab between them.

    chosen  keeps the rows in which these columns have these values

    input may be left out or empty, for the network's own, and batch, for 1. Other columns are passed over,
    except those that tell devices apart.

    Raises a DeviceError with the file, the line, what was found there and what was expected.
    """
    lines = text_of(path).splitlines()
    if not lines:
        raise DeviceError(f"{path}: is empty; {expected()}")
    separator = max(",;\t", key=lines[0].count)
    reader = csv.reader(lines, delimiter=separator, strict=True, skipinitialspace=True)
    try:
        header = [name.strip().lower() for name in next(reader)]
        numbered = [(reader.line_num, [cell.strip() for cell in cells]) for cells in reader]
    except csv.Error as error:
        raise DeviceError(f"{path}: is no CSV: {error} in line {reader.line_num}") from error
    unit = unit_of(header, path)
    named = ((line, dict(zip(header, cells, strict=False))) for line, cells in numbered if any(cells))
    kept = list(matching(named, chosen or {}, header, path))
    about = about_the_device([cells for _, cells in kept], path)
    rows = tuple(row_of(cells, unit, f"{path}:{line}", line) for line, cells in kept)
    if len(rows) < LEAST_ROWS:
        raise DeviceError(
            f"{path}: has {len(rows) or 'no'} row{'' if len(rows) == 1 else 's'} of times, and a profile "
            f"takes {LEAST_ROWS} networks at least, better 20 of different families"
        )
    return TimesTable(rows, about)


def text_of(path: Path) -> str:
    """The text of a file. Raises a DeviceError."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise DeviceError(f"{path}: is larger than {MOST_BYTES // 10**6} MB, which no table of times is")
        return contents(path, MOST_BYTES).decode("utf-8-sig")
    except OSError as error:
        raise DeviceError(f"{path}: cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise DeviceError(f"{path}: is no text in UTF-8: {error.reason} at byte {error.start}") from error


def unit_of(header: list[str], path: Path) -> str:
    """The column of the times. Raises a DeviceError for a header without it, with two, or without models."""
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        raise DeviceError(f"{path}: has two columns called {twice[0]}")
    units = [name for name in header if name in UNITS]
    if "model" not in header:
        raise DeviceError(f"{path}: has no column model, but {shown(header)}; {expected()}")
    if len(units) > 1:
        raise DeviceError(f"{path}: has times twice, as {' and '.join(units)}; keep one of them")
    if not units:
        others = [name for name in header if name not in ("model", *ALSO)]
        hint = next((said for said in (nearest(name, UNITS) for name in others) if said), "")
        raise DeviceError(f"{path}: has no column of times, but {shown(header)}{hint}; {expected()}")
    return units[0]


def expected() -> str:
    """The end of an error: which columns a table of times has."""
    return "expected are model, input, batch and one of seconds, milliseconds, images_per_second"


def shown(names: Iterable[str]) -> str:
    """Names of columns, as a message lists them."""
    listed = [name or "''" for name in names]
    return ", ".join(name[:40] for name in listed[:8]) + (", …" if len(listed) > 8 else "")


def matching(
    rows: Iterable[tuple[int, dict[str, str]]], chosen: Mapping[str, str], header: list[str], path: Path
) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows with these values, upper and lower case being one. Raises a DeviceError for other columns."""
    for name in chosen:
        if name not in header:
            raise DeviceError(f"{path}: has no column {name}{nearest(name, header)}")
    for line, cells in rows:
        if all(cells.get(name, "").lower() == value.lower() for name, value in chosen.items()):
            yield line, cells


def about_the_device(rows: list[dict[str, str]], path: Path) -> dict[str, str]:
    """What the columns say that are about the device. Raises a DeviceError for rows of several devices."""
    about = {}
    for name in ONE_DEVICE:
        values = sorted({cells.get(name, "") for cells in rows})
        if len(values) > 1:
            raise DeviceError(
                f"{path}: has times of {len(values)} values of {name}: {shown(values)}; choose one with "
                f"--where '{name}={values[-1]}'"
            )
        if values and values[0]:
            about[name] = values[0]
    return about


def row_of(cells: Mapping[str, str], unit: str, place: str, line: int) -> TimedRow:
    """One row. Raises a DeviceError."""
    model = cells.get("model", "")
    if not model:
        raise DeviceError(f"{place}: names no model")
    batch = cells.get("batch", "") or "1"
    if not re.fullmatch(r"\d{1,9}", batch, re.ASCII) or int(batch) < 1:
        raise DeviceError(f"{place}: a batch of {batch[:40]!r} is no number of images")
    given = cells.get(unit, "")
    value = number(given)
    if value is None or not 0 < value < math.inf:
        raise DeviceError(f"{place}: {model} took {given[:40]!r} {unit}, which is no time")
    return TimedRow(
        line, model, shape(cells.get("input", ""), place), int(batch), UNITS[unit](value, int(batch))
    )


def number(text: str) -> float | None:
    """What a cell holds; None for words, and for `1_000`, which Python would read."""
    try:
        return float(text) if "_" not in text else None
    except ValueError:
        return None


def shape(text: str, place: str) -> tuple[int, ...] | None:
    """`3x224x224`, or `224` for the same; None where the cell is empty. Raises a DeviceError."""
    if not text:
        return None
    lengths = tuple(map(int, re.split("[x×]", text))) if SHAPE.fullmatch(text) else ()
    if not lengths or 0 in lengths:
        raise DeviceError(f"{place}: an input of {text[:40]!r} is no shape such as 3x224x224")
    return (3, *lengths, *lengths) if len(lengths) == 1 else lengths
