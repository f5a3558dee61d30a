"""Choosing networks by what is known about them: conditions such as `params < 5M`, and an order."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from operator import eq, ge, gt, le, lt, ne
from typing import Any, TypeVar

from archlens.errors import UsageError, nearest
from archlens.report.figure import FIGURES, Figure
from archlens.report.metric_name import LATENCY, SEVERAL_NUMBERS, TOP1, key_meant

__all__ = ["FACTS", "Condition", "Order", "Where", "chosen", "fact_named"]

NAMES = ("model", "family", "title")
"""What is known about a network that is no number."""
FACTS = (*NAMES, "year", TOP1, LATENCY)
"""What is known about a network beside its metrics: accuracy where it is printed, time on a `--device`."""

SIGNS: dict[str, Callable[[Any, Any], bool]] = {
    "<=": le, ">=": ge, "==": eq, "!=": ne, "<": lt, ">": gt, "=": eq,
}  # fmt: skip
CONDITION = re.compile(r"\s*([\w-]+)\s*(<=|>=|==|!=|<|>|=)\s*(\S.*?)\s*", re.DOTALL)

Thing = TypeVar("Thing")
Known = Callable[[str], Any]
"""What tells a fact or a metric of one network by its name."""
FigureNamed = Callable[[str, str], Figure]
"""What finds a fact or a metric by its name; where that is asked for, for messages. Raises a UsageError."""


def _fact(key: str, label: str, kind: str) -> Figure:
    """What no profile tells: `archlens.report.facts` does."""
    return Figure(key, label, kind, lambda profile, estimate: None)


KNOWN: Mapping[str, Figure] = {
    **FIGURES,
    **{name: _fact(name, name, "name") for name in NAMES},
    "year": _fact("year", "year", "count"),
    TOP1: _fact(TOP1, "accuracy in percent", "percent"),
}
"""All that conditions and orders can ask of a network, by its key."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison: `params < 5M`, `latency < 20 ms`, `family = resnet*`."""

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
    def parse(cls, text: str, named: "FigureNamed | None" = None) -> "Where":
        """Read conditions joined by `and` and `or`, `and` first. Raises a UsageError.

        named  finds what may be limited by its name; all that is known of a network unless given

        >>> Where.parse("params < 5M and latency < 20 ms").groups[0]
        (Condition(name='params', sign='<', value=5000000.0), Condition(name='latency', sign='<', value=0.02))
        """
        return cls(
            tuple(
                tuple(_condition(part, text, named or fact_named) for part in re.split(r"\band\b", group))
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
        return cls(fact_named(text.removeprefix("-"), f"--sort {text}").key, text.startswith("-"))

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


def fact_named(name: str, place: str) -> Figure:
    """A fact or a metric of a network. Raises a UsageError that says where it was asked for."""
    if key := key_meant(name, KNOWN):
        return KNOWN[key]
    key = name.lower().replace("-", "_")
    if key in SEVERAL_NUMBERS:
        raise UsageError(f"{place}: {name} is told of layers: it is no one number of a network")
    raise UsageError(
        f"{place}: {name} is no metric{nearest(key, KNOWN)}; `archlens profile -c all` shows all"
    )


def _condition(text: str, whole: str, named: FigureNamed) -> Condition:
    place = f"--where {whole!r}"
    match = CONDITION.fullmatch(text)
    if match is None:
        raise UsageError(f"{place}: {text.strip()!r} is no condition such as params<5M")
    figure = named(match[1], place)
    if figure.key not in NAMES:
        return Condition(figure.key, match[2], figure.limit(match[3], f"{place}: {figure.key}").value)
    if match[2] not in ("=", "==", "!="):
        raise UsageError(f"{place}: {figure.key} is a text, which = and != compare")
    return Condition(figure.key, match[2], match[3])
