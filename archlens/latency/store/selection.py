"""Two sets of stored runs side by side: the same measurement on two machines, or under two versions.

A set is named by a selector:

    41                      the run of that number, of up to seven digits
    7f3a                    the runs on the machine whose fingerprint starts so
    torch=2.13.0            the runs described so; a pattern such as torch=2.* is welcome
    torch=2.13.0,batch=8    the runs for which all of it holds; machine=7f3a is the fingerprint
    gpu=*H200*              what the description does not say is looked up in the machine
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import product
from typing import Any, Literal

from archlens.errors import MissingDependencyError, StoreError, UsageError, nearest
from archlens.latency.store.store import StoredRun

try:
    import numpy as np
except ImportError as error:
    raise MissingDependencyError("a diff needs numpy", extra="measure") from error

from archlens.latency.statistics.summary import blocks

__all__ = ["ALLOWANCE", "Difference", "Selector", "differences"]

ALLOWANCE = 0.05
"""How much the medians of two runs of one network may differ without a cause.

Runs at different times find the machine in different states, which no spread within a run shows.
"""

LEAST_SAMPLES = 10
RESAMPLES = 2000

QUESTION = ("model", "batch", "input", "dtype", "layout", "mode", "fused")
"""What makes a measurement another one; all else is a circumstance."""

Verdict = Literal["faster", "slower", "no difference shown"]


@dataclass(frozen=True, slots=True)
class Selector:
    """What picks runs: its text, and a pattern for each setting that it names; `run` for a single one."""

    text: str
    settings: tuple[tuple[str, str], ...] = ()
    run: int | None = None

    @classmethod
    def parse(cls, text: str) -> "Selector":
        """Read a selector. Raises a UsageError."""
        if text.isdecimal() and text.isascii() and len(text) < 8:
            return cls(text, run=int(text))
        settings = []
        for part in text.split(","):
            key, equals, value = (piece.strip() for piece in part.partition("="))
            if not equals:
                key, value = "machine", key
            if not key or not value:
                raise UsageError(
                    f"{text!r} names no runs: expected a number of one, a fingerprint, or settings such as "
                    "torch=2.13.0,device=cpu"
                )
            settings.append((key, f"{value}*" if key == "machine" else value))
        return cls(text, tuple(settings))

    def select(self, runs: Sequence[StoredRun]) -> list[StoredRun]:
        """The runs that are meant. Raises a StoreError where there are none."""
        if self.run is not None:
            found = [run for run in runs if run.id == self.run]
        else:
            found = [
                run
                for run in runs
                if all(_fits(_shown(run.setting(key)), value) for key, value in self.settings)
            ]
        if not found:
            raise StoreError(f"no run matches {self.text}{self._hint(runs)}; `archlens results` lists all")
        return found

    def _hint(self, runs: Sequence[StoredRun]) -> str:
        """The end of an error: which run was probably meant."""
        if self.run is not None:
            return f"; a fingerprint of digits is machine={self.text}"
        known = {"machine"}.union(*({*run.description, *run.machine} for run in runs))
        unknown = [key for key, _ in self.settings if key not in known]
        return f": {unknown[0]} is no setting{nearest(unknown[0], known)}" if unknown else ""


def _fits(found: str, wanted: str) -> bool:
    """Whether a setting is the one asked for; 2.13.0 also means its builds, such as 2.13.0+cpu."""
    return fnmatchcase(found, wanted) or fnmatchcase(found.partition("+")[0], wanted)


@dataclass(frozen=True, slots=True)
class Difference:
    """One network in two runs.

    baseline, run  what A and B picked
    ratio          the median of B over that of A
    interval       where it lies with 95 % confidence, by the bootstrap; None for fewer than 10 samples
    also           settings that differ beside those which A and B name
    """

    baseline: StoredRun
    run: StoredRun
    ratio: float
    interval: tuple[float, float] | None
    also: tuple[str, ...]

    @property
    def verdict(self) -> Verdict:
        """What the interval says of B, where it lies further from 1 than two runs may by themselves.

        Nothing, where one of the runs is unreliable or was not finished: then its interval says little.
        """
        if not (_reliable(self.baseline) and _reliable(self.run)):
            return "no difference shown"
        low, high = self.interval or (0.0, math.inf)
        if high < 1 / (1 + ALLOWANCE):
            return "faster"
        return "slower" if low > 1 + ALLOWANCE else "no difference shown"


def differences(
    runs: Sequence[StoredRun], samples: Callable[[int], Sequence[float]], a: Selector, b: Selector
) -> tuple[Difference, ...]:
    """The networks that both selectors have, by name, each in the two runs that are most alike.

    Of runs that are as much alike, the newest. Two single runs are compared whatever their settings, as
    long as they are of one network.

    Raises a StoreError where a selector picks nothing, or where nothing is common.
    """
    before, after = a.select(runs), b.select(runs)
    named = {key for selector in (a, b) for key, _ in selector.settings}
    if a.run is not None and b.run is not None:
        named.update(QUESTION[1:])
    question = [key for key in QUESTION if key not in named]
    asked = {tuple(_shown(run.setting(key)) for key in question) for run in before}
    found = []
    for key in sorted(asked):
        pair = _most_alike(*(_asking(side, question, key) for side in (before, after)))
        if pair is None:
            continue
        also = tuple(sorted(_unlike(*pair).difference(key for key, _ in (*a.settings, *b.settings))))
        first, second = samples(pair[0].id), samples(pair[1].id)
        ratio = float(np.median(second) / np.median(first))
        found.append(Difference(*pair, ratio, _interval(first, second), also))
    if not found:
        raise StoreError(f"{a.text} and {b.text} have no measurement in common{_why(a, b, before, after)}")
    return tuple(found)


def _most_alike(
    before: Sequence[StoredRun], after: Sequence[StoredRun]
) -> tuple[StoredRun, StoredRun] | None:
    """The two runs, newest first on either side, that differ in the fewest settings."""
    pairs = ((a, b) for a, b in product(before, after) if a.id != b.id)
    return min(pairs, key=lambda pair: len(_unlike(*pair)), default=None)


def _asking(runs: Sequence[StoredRun], question: Sequence[str], key: tuple[str, ...]) -> list[StoredRun]:
    """The runs with samples that answer this question, the newest of those with equal settings."""
    newest: dict[str, StoredRun] = {}
    for run in runs:
        if run.samples and tuple(_shown(run.setting(each)) for each in question) == key:
            newest.setdefault(f"{run.fingerprint} {sorted(run.description.items())}", run)
    return list(newest.values())


def _unlike(a: StoredRun, b: StoredRun) -> set[str]:
    """The settings in which two runs differ; a seed changes no time."""
    keys = {*a.description, *b.description, "machine", "torch"} - {"seed"}
    return {key for key in keys if a.setting(key) != b.setting(key)}


def _interval(first: Sequence[float], second: Sequence[float]) -> tuple[float, float] | None:
    """Percentiles of the ratio of the medians of resamples, the two runs drawn apart."""
    if min(len(first), len(second)) < LEAST_SAMPLES:
        return None
    random = np.random.default_rng(0)
    before, after = (
        np.median(np.asarray(series)[blocks(len(series), RESAMPLES, random)], axis=1)
        for series in (first, second)
    )
    count = min(len(before), len(after))
    low, high = np.quantile(after[:count] / before[:count], (0.025, 0.975))
    return float(low), float(high)


def _reliable(run: StoredRun) -> bool:
    return run.finished is not None and run.summary.get("reliable") is not False


def _shown(value: Any) -> str:
    """A setting as one writes it: true, 3x224x224, 2.13.0."""
    if isinstance(value, bool):
        return str(value).lower()
    return "x".join(map(str, value)) if isinstance(value, list) else str(value)


def _why(a: Selector, b: Selector, before: Sequence[StoredRun], after: Sequence[StoredRun]) -> str:
    if a.run is None or b.run is None:
        return ""
    if a.run == b.run:
        return ": they are one run"
    if not (before[0].samples and after[0].samples):
        return ": one of them has no samples"
    return (
        f": {a.text} is of {before[0].model}, {b.text} of {after[0].model}; "
        "`archlens compare A B --latency` compares networks"
    )
