"""A design space: a network, what differs among its variants, and which combinations are meant.

Every combination of values has a number, from 0 to size − 1, so that a space of 10^15 is as light as one of
ten: nothing is listed, and a variant is worked out from its number where it is needed.

number = Σ over the settings: place of its value · combinations of all settings behind it
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import prod
from typing import Any

from archlens.errors import UsageError, nearest
from archlens.spaces.conditions import compiled, holds, words_in, worth
from archlens.spaces.dimension import Dimension
from archlens.spaces.variant import reference
from archlens.spec.expressions import Expression
from archlens.spec.read import Value
from archlens.spec.settings import is_input

__all__ = ["Space", "Variants"]

INPUT = "input"


@dataclass(frozen=True, slots=True, kw_only=True)
class Space:
    """A space as data, which can be sent to another machine.

    model       the reference of the network
    defaults    its settings, input included
    dimensions  what differs; the last one changes quickest where variants are enumerated
    let         names, and settings, that expressions work out from others, in this order
    require     conditions between settings that a variant has to meet
    """

    model: str
    defaults: Mapping[str, Value]
    dimensions: tuple[Dimension, ...]
    let: Mapping[str, str] = field(default_factory=dict)
    require: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """Combinations of values, before any condition."""
        return prod(len(each.values) for each in self.dimensions)

    @property
    def about(self) -> str:
        """Its size in a line: `3 × 2 × 4 = 24 variants`."""
        counts = [len(each.values) for each in self.dimensions]
        whole = f"{self.size:,}" if self.size < 10**15 else f"{self.size:.3g}"
        product = f"{' × '.join(f'{count:,}' for count in counts)} = " if len(counts) > 1 else ""
        return f"{product}{whole} variant{'' if self.size == 1 else 's'}"

    def as_dict(self) -> dict[str, Any]:
        """The space as JSON holds it; what is equal here is the same space."""
        return {
            "model": self.model,
            "defaults": dict(self.defaults),
            "over": [[each.key, each.rises, list(each.values)] for each in self.dimensions],
            "let": dict(self.let),
            "require": list(self.require),
        }

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> "Space":
        """The space that `as_dict` wrote."""
        from archlens.spaces.dimension import element_of

        dimensions = []
        for key, rises, values in kept["over"]:
            name, place = element_of(key)
            dimensions.append(Dimension(name, tuple(map(tuples, values)), place, rises))
        return cls(
            model=kept["model"],
            defaults={name: tuples(value) for name, value in kept["defaults"].items()},
            dimensions=tuple(dimensions),
            let=kept["let"],
            require=tuple(kept["require"]),
        )


def tuples(value: Any) -> Value:
    """A value of JSON as specs hold it: lists are tuples."""
    return tuple(map(tuples, value)) if isinstance(value, list) else value


class Variants:
    """A space whose expressions are compiled: what each number stands for."""

    def __init__(self, space: Space) -> None:
        self.space = space
        names = {*space.defaults, *(each.name for each in space.dimensions)}
        words = words_in([*space.defaults.values(), *(v for each in space.dimensions for v in each.values)])
        self._let: list[tuple[str, Expression]] = []
        for name, text in space.let.items():
            self._let.append((name, compiled(text, names, words, f"let {name}")))
            names.add(name)
        self.conditions = [compiled(text, names, words, "require") for text in space.require]
        self._digits = self._radices()

    def _radices(self) -> list[tuple[Dimension, int, int]]:
        """Each dimension, how many combinations those behind it have, and how many values it has."""
        found, behind = [], 1
        for each in reversed(self.space.dimensions):
            found.append((each, behind, len(each.values)))
            behind *= len(each.values)
        return found[::-1]

    def values(self, number: int) -> tuple[Value, ...]:
        """The value of each dimension."""
        return tuple(each.values[number // behind % count] for each, behind, count in self._digits)

    def number(self, places: Iterable[int]) -> int:
        """The number of the variant whose values stand at these places in their dimensions."""
        return sum(place * behind for place, (_, behind, _) in zip(places, self._digits, strict=True))

    def chosen(self, number: int) -> dict[str, Value]:
        """By name, what a variant has that the network itself has not; names for `let` among them."""
        found: dict[str, Value] = {}
        for each, behind, count in self._digits:
            value = each.values[number // behind % count]
            if each.place is None:
                found[each.name] = value
            else:
                whole = found.get(each.name, self.space.defaults[each.name])
                assert isinstance(whole, tuple)
                found[each.name] = (*whole[: each.place], value, *whole[each.place + 1 :])
        if self._let:
            names = {**self.space.defaults, **found}
            for name, expression in self._let:
                names[name] = found[name] = worth(expression, names, self._shape(found))
        return found

    def settings(self, number: int) -> dict[str, Value]:
        """The settings of a variant, its input among them where that differs.

        Raises a UsageError where an expression of `let` has no value.
        """
        known = self.space.defaults
        return {name: value for name, value in self.chosen(number).items() if name in known}

    def reference(self, number: int) -> str:
        """What names a variant wherever a MODEL stands."""
        return reference(self.space.model, self.settings(number))

    def admits(self, number: int) -> bool:
        """Whether a variant meets all conditions. Raises a UsageError for one that has no truth value."""
        if not self.conditions:
            return True
        found = self.chosen(number)
        names, shape = {**self.space.defaults, **found}, self._shape(found)
        return all(holds(condition, names, shape) for condition in self.conditions)

    def held(self, number: int) -> list[bool]:
        """Which of the conditions a variant meets."""
        found = self.chosen(number)
        names, shape = {**self.space.defaults, **found}, self._shape(found)
        return [holds(condition, names, shape) for condition in self.conditions]

    def _shape(self, found: Mapping[str, Value]) -> tuple[int, ...]:
        """The input of a variant, as expressions see an incoming tensor."""
        shape = found.get(INPUT, self.space.defaults.get(INPUT))
        return (1, *shape) if is_input(shape) else (1,)


def unknown(name: str, model: str, settings: Iterable[str], shown: str) -> UsageError:
    """What is said of a setting that a network does not have."""
    known = list(settings)
    hint = nearest(name, known) or f"; it has {', '.join(known)}"
    return UsageError(f"{shown}: {model} has no setting {name}{hint}")
