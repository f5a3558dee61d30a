"""What a data sheet says about a device, read from JSON or found by name."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archlens.errors import DeviceError, nearest

__all__ = ["BYTES", "DataSheet", "is_sheet", "parse_sheet", "sheets"]

BYTES = {"float32": 4, "tfloat32": 4, "bfloat16": 2, "float16": 2, "float8": 1, "int8": 1}
"""Bytes an element takes, of the types in which networks run."""

SCALES = {"": 1.0, "k": 1e3, "m": 1e6, "g": 1e9, "t": 1e12, "p": 1e15}
TIMES = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ns": 1e-9}  # both signs of micro
QUANTITY = re.compile(r"(\d{1,15}(?:\.\d{1,15})?(?:e[+-]?\d{1,2})?)\s*([^\s\d][^\d]{0,12})?", re.I)
BOUNDS = {"tflops": (1e6, 1e18), "bandwidth": (1e5, 1e16), "launch": (0.0, 1.0)}
"""What a device may say of itself: operations and bytes a second, and seconds."""
SHIPPED = Path(__file__).with_name("sheets.json")


@dataclass(frozen=True, slots=True)
class DataSheet:
    """The three numbers that a plain roofline takes.

    name       what it is called
    flops      operations a second at most: two for a multiply-add, as data sheets count
    bandwidth  bytes a second between the chip and its memory
    launch     seconds that each kernel takes at least
    dtype      of weights and data, which `flops` is for
    source     where the numbers stand
    """

    name: str
    flops: float
    bandwidth: float
    launch: float = 0.0
    dtype: str = "float32"
    source: str = ""

    @property
    def ridge(self) -> float:
        """Multiply-adds a byte from which on arithmetic takes longer than memory (Williams et al. 2009)."""
        return self.flops / 2 / self.bandwidth


def is_sheet(text: str) -> bool:
    """Whether what stands for a device is a sheet written out: `{"tflops": 82.6, …}`."""
    return text.lstrip().startswith("{")


def parse_sheet(text: str, place: str = "the data sheet") -> DataSheet:
    """`{"tflops": 82.6, "bandwidth": "1008 GB/s", "launch": "4 us"}` → a data sheet.

    launch and dtype may be left out, and name and source be added. Messages begin with the place.

    Raises a DeviceError.
    """
    try:
        given = json.loads(text)
    except (ValueError, RecursionError) as error:
        example = """{"tflops": 82.6, "bandwidth": "1008 GB/s", "launch": "4 us"}"""
        raise DeviceError(f"{place} is no JSON such as {example}: {error}") from error
    return sheet_of(given, place)


def sheet_of(given: Any, place: str) -> DataSheet:
    """A sheet from what its JSON holds. Raises a DeviceError."""
    if not isinstance(given, dict):
        raise DeviceError(f"{place} is no mapping of tflops, bandwidth and launch")
    known = (*BOUNDS, "dtype", "name", "source")
    for key in given:
        if key not in known:
            hint = nearest(key, known) or f"; it takes {', '.join(known)}"
            raise DeviceError(f"{place} has no place for {key[:40]!r}{hint}")
    for key in ("tflops", "bandwidth"):
        if key not in given:
            raise DeviceError(
                f"{place} says nothing about {key}: it takes tflops and bandwidth, and may have launch, "
                "dtype and name"
            )
    dtype = given.get("dtype", "float32")
    if dtype not in BYTES:
        raise DeviceError(f"{place} has dtype {str(dtype)[:40]!r}, not one of {', '.join(BYTES)}")
    return DataSheet(
        name=str(given.get("name", "data sheet")),
        flops=quantity("tflops", given["tflops"], place),
        bandwidth=quantity("bandwidth", given["bandwidth"], place),
        launch=quantity("launch", given.get("launch", "0 s"), place),
        dtype=dtype,
        source=str(given.get("source", "")),
    )


def quantity(key: str, value: Any, place: str) -> float:
    """A number with its unit, in operations or bytes a second, or in seconds. Raises a DeviceError."""
    example = {"tflops": "82.6 or '82.6 TFLOPS'", "bandwidth": "'1008 GB/s'", "launch": "'4 us'"}[key]
    text = f"{value} tflops" if key == "tflops" and is_number(value) else value
    found = QUANTITY.fullmatch(text.strip()) if isinstance(text, str) else None
    scale = scale_of(key, (found[2] or "").lower()) if found else None
    if found is None or scale is None:
        raise DeviceError(f"{place} has {key} {str(value)[:40]!r}, which is no quantity such as {example}")
    least, most = BOUNDS[key]
    number = float(found[1]) * scale
    if not least <= number <= most:
        raise DeviceError(f"{place} has {key} {str(value)[:40]!r}, which no device has: {example}")
    return number


def is_number(value: Any) -> bool:
    """Whether a value is a number; true and false, which Python counts among them, are none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def scale_of(key: str, unit: str) -> float | None:
    """How many of the base unit one of a unit is; None for a unit of another quantity."""
    if key == "launch":
        return TIMES.get(unit)
    ending = r"flops?(?:/s)?|ops(?:/s)?" if key == "tflops" else r"b(?:ytes)?/s"
    found = re.fullmatch(rf"([kmgtp]?)(?:{ending})", unit)
    return SCALES[found[1]] if found else None


def sheets() -> tuple[DataSheet, ...]:
    """The data sheets that come with archlens."""
    listed = json.loads(SHIPPED.read_text(encoding="utf-8"))
    return tuple(sheet_of(each, SHIPPED.name) for each in listed)
