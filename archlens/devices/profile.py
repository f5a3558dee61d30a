"""A device profile: what a device takes for each term of work, and how well that is known."""

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from archlens.devices.terms import TERMS, VIEWS
from archlens.errors import DeviceError, nearest
from archlens.file import contents, replace

__all__ = ["SCHEMA", "DeviceProfile", "Evidence", "Seen", "parse_profile", "read_profile", "text_of",
           "write_profile"]  # fmt: skip

SCHEMA = 1
"""The version of the file that this release reads and writes."""
PHASES = ("inference", "training")
MOST_SECONDS = 1.0
"""No multiply-add, element, weight or kernel takes as long as that."""
LONGEST = 3600.0
"""Nor does a batch before anything was computed."""
MOST_BYTES = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a profile was fitted to, and how far it was off for families of networks that were left out.

    source     who measured, and where
    licence    of the measurements
    date       of the fit: 2026-11-27
    networks   how many rows, of `families` families
    mape       mean of |predicted − measured| / measured
    median     of the same
    within10   the share of networks that were predicted within a tenth of what was measured
    low, high  what an unseen family takes lies between low and high times what is predicted, at `level`
    doubts     why the measurements are not to be trusted, in sentences; "" where nothing speaks against them
    outside    how many times as wide, in logarithms, the interval has to be outside of what was seen
    """

    source: str
    licence: str
    date: str
    networks: int
    families: int
    mape: float
    median: float
    within10: float
    low: float
    high: float
    level: float = 0.9
    outside: float = 1.5
    doubts: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The ranges of the networks that a profile was fitted to.

    batch    the smallest and the largest
    seconds  of a batch: the shortest and the longest
    shares   the largest share that each term had of a network's predicted time
    """

    batch: tuple[int, int]
    seconds: tuple[float, float]
    shares: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceProfile:
    """A device as a linear model: seconds for each unit of each term of work.

    name          how it is called on the command line
    title         what a table calls it
    device        the machine; `engine`, `software`, `dtype`, `layout` and `threads`: what ran on it
    phase         inference or training: a whole step
    view          the graph that the terms are counted in, one of VIEWS
    coefficients  seconds for each unit of a term, none negative; those that are missing are 0
    evidence      what they were fitted to; None of a profile that was written by hand
    seen          what is inside of it
    """

    name: str
    title: str
    device: str
    engine: str
    software: str = ""
    dtype: str = "float32"
    layout: str = ""
    threads: int | None = None
    phase: str = "inference"
    view: str = "eager"
    coefficients: Mapping[str, float]
    evidence: Evidence | None = None
    seen: Seen | None = None


def read_profile(path: Path) -> DeviceProfile:
    """A profile from its file. Raises a DeviceError with the file and what is wrong with it."""
    return parse_profile(text_of(path), str(path))


def text_of(path: Path) -> str:
    """The text of a device's file. Raises a DeviceError with the file and why it cannot be read."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise DeviceError(f"{path}: is larger than {MOST_BYTES // 1000} kB, which no device profile is")
        return contents(path, MOST_BYTES).decode()
    except OSError as error:
        raise DeviceError(f"{path}: cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise DeviceError(f"{path}: is no text in UTF-8: {error.reason} at byte {error.start}") from error


def parse_profile(text: str, place: str) -> DeviceProfile:
    """A profile from its JSON.

    place  where it stands, which an error begins with

    Raises a DeviceError.
    """
    try:
        given = json.loads(text, parse_constant=lambda word: math.nan)
    except (ValueError, RecursionError) as error:
        raise DeviceError(f"{place}: is no device profile, or was cut off: {error}") from error
    if not isinstance(given, dict) or "schema" not in given:
        raise DeviceError(f"{place}: is no device profile: it has no schema; archlens calibrate writes one")
    if given.pop("schema") != SCHEMA:
        raise DeviceError(f"{place}: has another schema than {SCHEMA}, the one that this archlens reads")
    profile: DeviceProfile = record(DeviceProfile, given, place)
    check(profile, place)
    return profile


def write_profile(profile: DeviceProfile, path: Path) -> None:
    """Write a profile to a file, whole or not at all. Raises a DeviceError where that is not possible."""
    try:
        replace(path, as_json(profile).encode("utf-8"))
    except OSError as error:
        raise DeviceError(f"{path}: cannot be written: {error.strerror or error}") from error


def as_json(profile: DeviceProfile) -> str:
    """The text of a profile's file."""
    held = {key: value for key, value in asdict(profile).items() if value not in (None, "")}
    return json.dumps({"schema": SCHEMA, **held}, indent=1, ensure_ascii=False) + "\n"


def record(cls: type[Any], given: object, place: str) -> Any:
    """One of the dataclasses above from its JSON, every value of the type that it declares."""
    if not isinstance(given, dict):
        raise DeviceError(f"{place}: {cls.__name__.lower()} is no JSON object")
    known = {field.name: field for field in fields(cls)}
    for key in given:
        if key not in known:
            raise DeviceError(f"{place}: a device profile has no {key[:40]!r}{nearest(key, known)}")
    values = {key: value_of(str(known[key].type), value, key, place) for key, value in given.items()}
    try:
        return cls(**values)
    except TypeError as error:
        missing = str(error).rpartition(":")[2].strip()
        raise DeviceError(f"{place}: the device profile was cut off, or lacks {missing}") from error


def value_of(declared: str, value: Any, key: str, place: str) -> Any:
    """A value that its field can hold. Raises a DeviceError."""
    wrong = DeviceError(f"{place}: {key} is {json.dumps(value)[:40]}, not what a device profile has there")
    if "Evidence" in declared:
        return record(Evidence, value, place)
    if "Seen" in declared:
        return record(Seen, value, place)
    if "Mapping" in declared:
        return coefficients_of(value, key, place)
    if "tuple" in declared:
        if not isinstance(value, list) or len(value) != 2 or not all(map(is_number, value)):
            raise wrong
        return tuple(value)
    if "str" in declared:
        if not isinstance(value, str):
            raise wrong
        return value
    whole = "int" in declared
    if not is_number(value) or (whole and not isinstance(value, int)) or value < 0:
        raise wrong
    return value if whole else float(value)


def coefficients_of(value: Any, key: str, place: str) -> dict[str, float]:
    """Numbers by term, none of them negative. Raises a DeviceError."""
    if not isinstance(value, dict):
        raise DeviceError(f"{place}: {key} is no JSON object of numbers by term")
    for term, number in value.items():
        if term not in TERMS:
            raise DeviceError(f"{place}: {key} has no term {term[:40]!r}{nearest(term, TERMS)}")
        most = LONGEST if term == "constant" else MOST_SECONDS
        if not is_number(number) or not 0 <= number <= most:
            raise DeviceError(f"{place}: {key} of {term} is {json.dumps(number)[:40]}, which no device has")
    return {term: float(number) for term, number in value.items()}


def is_number(value: object) -> bool:
    """Whether a value is a finite number; true and false are none."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def check(profile: DeviceProfile, place: str) -> None:
    """Raise a DeviceError for values that make no sense together."""
    if profile.view not in VIEWS:
        raise DeviceError(f"{place}: {profile.view[:40]!r} is no view: one of {', '.join(VIEWS)}")
    if profile.phase not in PHASES:
        raise DeviceError(f"{place}: {profile.phase[:40]!r} is no phase: one of {', '.join(PHASES)}")
    if not any(profile.coefficients.values()):
        raise DeviceError(f"{place}: has no coefficient above 0, so that every network would take no time")
    evidence = profile.evidence
    if evidence and not (0 < evidence.low <= 1 <= evidence.high < 100 and 0 < evidence.level < 1):
        raise DeviceError(
            f"{place}: its interval, {evidence.low:g} to {evidence.high:g} times the prediction at a "
            f"level of {evidence.level:g}, is none"
        )
    seen = profile.seen
    if seen and not (0 < seen.batch[0] <= seen.batch[1] and 0 < seen.seconds[0] <= seen.seconds[1]):
        raise DeviceError(f"{place}: what was seen begins above where it ends, or at 0")
