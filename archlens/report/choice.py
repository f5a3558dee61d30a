"""Choosing networks by what is known about them: conditions such as `params < 5M`, and an order."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from operator import eq, ge, gt, le, lt, ne
from typing import Any, TypeVar

from archlens.errors import UsageError, nearest
from archlens.report.metric import BY_KEY
from archlens.report.metric_name import LATENCY, TOP1, key_meant

__all__ = ["FACTS", "Condition", "Order", "Where", "chosen"]

FACTS = ("model", "family", "title", "year", TOP1, LATENCY)
"""What is known about a network beside its metrics: accuracy where it is printed, time on a `--device`."""

SIGNS: dict[str, Callable[[Any, Any], bool]] = {
    "<=": le, ">=": ge, "==": eq, "!=": ne, "<": lt, ">": gt, "=": eq,
}  # fmt: skip
CONDITION = re.compile(r"\s*([\w-]+)\s*(<=|>=|==|!=|<|>|=)\s*(\S+)\s*")
NUMBER = re.compile(r"([-+]?\d{1,30}(?:\.\d{1,30})?)([kKMGBT%]?)", re.ASCII)
WORTH = {"": 1, "k": 10**3, "K": 10**3, "M": 10**6, "G": 10**9, "B": 10**9, "T": 10**12, "%": 0.01}

Thing = TypeVar("Thing")
Known = Callable[[str], Any]
"""What tells a fact or a metric of one network by its name."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison: `params < 5M`, `family = resnet*`."""

    name: str
    sign: str
    value: float | str

    def holds(self, known: Known) -> bool:
        """Whether it does for a network; never where the network has no such number."""
        found = known(self.name)
        if isinstance(self.value, str):
            same = fnmatchcase(str(found).lower(), self.value.lower())
            return same if self.sign in ("=", "==") else not same
        return isinstance(found, int | float) and SIGNS[self.sign](found, self.value)


@dataclass(frozen=True, slots=True)
class Where:
    """Conditions: in each group all have to hold, and one of the groups is enough."""

    groups: tuple[tuple[Condition, ...], ...]

    @classmethod
    def parse(cls, text: str) -> "Where":
        """Read conditions joined by `and` and `or`, `and` first. Raises a UsageError.

        >>> Where.parse("params < 5M and year >= 2018").groups[0][0]
        Condition(name='params', sign='<', value=5000000.0)
        """
        return cls(
            tuple(
                tuple(_condition(part, text) for part in re.split(r"\band\b", group))
                for group in re.split(r"\bor\b", text)
            )
        )

    @property
    def names(self) -> set[str]:
        """The facts and metrics that it asks for."""
        return {condition.name for group in self.groups for condition in group}

    def holds(self, known: Known) -> bool:
        """Whether the conditions hold for a network."""
        return any(all(condition.holds(known) for condition in group) for group in self.groups)


@dataclass(frozen=True, slots=True)
class Order:
    """By which fact or metric networks are put in order: `params`, or `-params` for the largest first."""

    name: str
    falling: bool

    @classmethod
    def parse(cls, text: str) -> "Order":
        """Read the name, with a minus in front for the largest first. Raises a UsageError."""
        return cls(metric_named(text.removeprefix("-"), f"--sort {text}"), text.startswith("-"))

    def sorted(self, things: Iterable[Thing], known: Callable[[Thing], Known]) -> list[Thing]:
        """The things in this order, those without such a number last."""
        values = [(known(thing)(self.name), thing) for thing in things]
        told = [(value, thing) for value, thing in values if isinstance(value, int | float | str)]
        rest = [thing for value, thing in values if not isinstance(value, int | float | str)]
        told.sort(key=lambda each: each[0], reverse=self.falling)
        return [*(thing for _, thing in told), *rest]


def chosen(
    things: Sequence[Thing], known: Callable[[Thing], Known], where: Where | None, order: Order | None
) -> list[Thing]:
    """The things for which the conditions hold, in the order asked for."""
    kept = [thing for thing in things if where is None or where.holds(known(thing))]
    return kept if order is None else order.sorted(kept, known)


def metric_named(name: str, where: str) -> str:
    """The key of one fact or metric. Raises a UsageError that says where it was asked for."""
    known = [*FACTS, *BY_KEY]
    if key := key_meant(name, known):
        return key
    hint = nearest(name.lower().replace("-", "_"), known)
    raise UsageError(f"{where}: {name} is no metric{hint}; `archlens profile -c all` shows all")


def _condition(text: str, whole: str) -> Condition:
    match = CONDITION.fullmatch(text)
    if match is None:
        raise UsageError(f"--where {whole!r}: {text.strip()!r} is no condition such as params<5M")
    name = metric_named(match[1], f"--where {whole!r}")
    number = NUMBER.fullmatch(match[3])
    if number is not None:
        return Condition(name, match[2], float(number[1]) * WORTH[number[2]])
    if match[2] not in ("=", "==", "!=") or name in BY_KEY:
        raise UsageError(f"--where {whole!r}: {match[3]!r} is no number such as 5M, 0.5 or 40%")
    return Condition(name, match[2], match[3])
