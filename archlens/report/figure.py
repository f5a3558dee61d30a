"""A number about a network that can be limited, and limits as people write them: 2.5M, 320 kB, 20 ms."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from archlens.errors import UsageError, nearest
from archlens.quantity import duration
from archlens.report.metric import METRICS, field_size, number_of
from archlens.report.metric_name import LATENCY, SEVERAL_NUMBERS, key_meant
from archlens.report.profile import Profile
from archlens.report.table import count, count_bytes, ratio, share, text

if TYPE_CHECKING:
    from archlens.devices.estimate import Estimate

__all__ = ["FIGURES", "NUMBER", "WORTH", "Amount", "Figure", "figure_named", "limits_named"]

NUMBER = re.compile(r"([0-9]{1,18}(?:\.[0-9]{1,9})?)\s*([A-Za-zµ%]*)", re.ASCII)
WORTH: Mapping[str, Mapping[str, float]] = {
    "count": {"": 1, "k": 1e3, "K": 1e3, "M": 1e6, "G": 1e9, "B": 1e9, "T": 1e12},
    "bytes": {
        "B": 1, "kB": 1e3, "KB": 1e3, "MB": 1e6, "GB": 1e9,
        "KiB": 2**10, "MiB": 2**20, "GiB": 2**30,
    },
    "time": {"s": 1, "ms": 1e-3, "us": 1e-6, "µs": 1e-6},
    "share": {"%": 1e-2, "": 1},
    "percent": {"%": 1, "": 1},
    "ratio": {"": 1},
}  # fmt: skip
"""The units of each kind of figure, and what one of them is worth."""
EXAMPLES = {
    "count": '"2.5M"', "bytes": '"320 kB"', "time": '"20 ms"', "share": '"50 %"', "percent": '"75 %"',
    "ratio": "1.1",
}  # fmt: skip
KINDS = {
    count: "count", count_bytes: "bytes", share: "share", ratio: "ratio", text: "count", field_size: "count",
}  # fmt: skip
SHOW: Mapping[str, Callable[[Any], str]] = {
    "count": count, "bytes": count_bytes, "time": duration, "share": share, "percent": ratio, "ratio": ratio,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Amount:
    """A limit as it was written, and what it stands for: a count, bytes, seconds or a fraction."""

    written: str
    value: float


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that a budget or a condition may limit.

    key    what it is called there
    label  what it is called in a sentence
    kind   count, bytes, time, share, percent or ratio: which units a limit may have
    value  the number, of a profile, and of an estimate where a device was named; None where it is not known
    """

    key: str
    label: str
    kind: str
    value: Callable[[Profile, "Estimate | None"], float | None]

    @property
    def shown(self) -> Callable[[Any], str]:
        """What writes the number as people print it, or nothing for None."""
        return SHOW[self.kind]

    def show(self, value: float) -> str:
        """The number as people print it."""
        whole = int(value) if self.kind in ("count", "bytes") and value == int(value) else value
        return SHOW[self.kind](whole)

    def limit(self, given: Any, place: str) -> Amount:
        """A limit as it is written. Raises a UsageError with the place."""
        units = WORTH[self.kind]
        match = NUMBER.fullmatch(str(given).strip()) if not isinstance(given, bool) else None
        if match is None or match[2] not in units:
            few = ", ".join(unit for unit in units if unit)
            expected = f"{EXAMPLES[self.kind]}{f' (units: {few})' if few else ''}"
            raise UsageError(f"{place} = {given!r}: expected {self.label} such as {expected}")
        return Amount(str(given), float(match[1]) * units[match[2]])


def _of_profile(key: str) -> Callable[[Profile, "Estimate | None"], float | None]:
    return lambda profile, estimate: number_of(profile.metrics(profile.whole)[key])


def _seconds(profile: Profile, estimate: "Estimate | None") -> float | None:
    return estimate.seconds if estimate else None


FIGURES: Mapping[str, Figure] = {
    figure.key: figure
    for figure in (
        *(
            Figure(metric.key, metric.label, KINDS[metric.show], _of_profile(metric.key))
            for metric in METRICS
            if metric.show in KINDS and metric.key not in SEVERAL_NUMBERS
        ),
        Figure(
            "flash", "flash (weights at the dtype)", "bytes",
            lambda profile, estimate: float(profile.bytes(profile.totals.params)),
        ),
        Figure(
            "sram", "SRAM (peak activations in place, at the dtype)", "bytes",
            lambda profile, estimate: None
            if profile.whole.peak_in_place is None
            else float(profile.bytes(profile.whole.peak_in_place)),
        ),
        Figure(LATENCY, "latency", "time", _seconds),
    )
}  # fmt: skip
"""Everything that may be limited, by name: what `archlens profile` has, a microcontroller's, and time."""


def figure_named(name: str, place: str) -> Figure:
    """The figure of that name. Raises a UsageError with the place and the nearest right name."""
    key = key_meant(name, FIGURES)
    if key is None:
        hint = nearest(name, FIGURES) or f"; it may be {', '.join(FIGURES)}"
        raise UsageError(f"{place}: there is no figure {name}{hint}")
    return FIGURES[key]


def limits_named(given: Mapping[str, Any], place: str, each: str) -> dict[str, Amount]:
    """The limits of figures by name, under the keys of the figures.

    place  where they stand, for messages
    each   how one of them is written there: "{}.{}" of the place and the name

    Raises a UsageError for a name or a limit that makes no sense, and for a figure that is limited twice.
    """
    found: dict[str, Amount] = {}
    for name, value in given.items():
        figure = figure_named(name, place)
        if figure.key in found:
            raise UsageError(f"{place}: {figure.key} is limited twice")
        found[figure.key] = figure.limit(value, each.format(place, name))
    return found
