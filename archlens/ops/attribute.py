"""What an attribute may hold, told from the type that its operator declares."""

from dataclasses import dataclass, fields
from functools import cache
from sys import float_info
from types import NoneType, UnionType
from typing import get_args, get_origin

from archlens.errors import OperatorError

__all__ = ["Attribute", "attributes_of", "written"]

NOUNS: dict[object, tuple[str, str]] = {
    bool: ("true or false", "booleans"),
    int: ("an integer", "integers"),
    float: ("a number", "numbers"),
    str: ("a word", "words"),
    NoneType: ("null", "nulls"),
}
SETTLED: frozenset[object] = frozenset({bool, int, str, NoneType})
MAX_WRITTEN = 60


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute as its operator declares it.

    declared  the annotation: int, bool, float, str, None, and tuples and unions of these
    words     the strings it may hold; any, where there are none
    settled   types whose every value fits, so that most checks end with a look-up
    """

    name: str
    declared: object
    words: frozenset[str]
    settled: frozenset[object]

    def check(self, value: object) -> None:
        """Raise an OperatorError unless the value is of the declared type."""
        if type(value) in self.settled or holds(self.declared, value, self.words):
            return
        wanted = expected(self.declared, self.words)
        whole = isinstance(value, float) and wanted.startswith(NOUNS[int][0])
        way_out = ": write it with //, round() or floor()" if whole else ""
        raise OperatorError(f"{self.name}={written(value)} is not {wanted}{way_out}")


@cache
def attributes_of(operator: type, words: frozenset[str]) -> tuple[Attribute, ...]:
    """The attributes of an operator, whose strings are of these words. Worked out once a class."""
    attributes = []
    for field in fields(operator):
        alternatives = get_args(field.type) if isinstance(field.type, UnionType) else (field.type,)
        settled = SETTLED.intersection(alternatives) - ({str} if words else set())
        attributes.append(Attribute(field.name, field.type, words, settled))
    return tuple(attributes)


def holds(declared: object, value: object, words: frozenset[str]) -> bool:
    """Whether a value is of a declared type. No boolean is an integer; a number is finite."""
    if declared is float:
        number = type(value) is int or isinstance(value, float)
        return number and -float_info.max <= value <= float_info.max  # type: ignore[operator]
    if declared is str:
        return isinstance(value, str) and (value in words or not words)
    if isinstance(declared, UnionType):
        return any(holds(one, value, words) for one in get_args(declared))
    if get_origin(declared) is tuple:
        if not isinstance(value, tuple):
            return False
        elements = get_args(declared)
        if elements[-1] is Ellipsis:
            elements = elements[:1] * len(value)
        return len(value) == len(elements) and all(map(holds, elements, value, [words] * len(value)))
    return type(value) is declared


def expected(declared: object, words: frozenset[str], *, many: bool = False) -> str:
    """A declared type in words: `an integer or a list of integers`."""
    if declared is str and words:
        return f"one of {', '.join(sorted(words))}"
    if isinstance(declared, UnionType):
        *others, last = (expected(one, words, many=many) for one in get_args(declared))
        return f"{', '.join(others)}{',' if len(others) > 1 else ''} or {last}"
    if get_origin(declared) is tuple:
        elements = get_args(declared)
        noun, nouns = ("a list", "lists") if elements[-1] is Ellipsis else ("a pair", "pairs")
        return f"{nouns if many else noun} of {expected(elements[0], words, many=True)}"
    return NOUNS[declared][many]


def written(value: object) -> str:
    """A value as a spec writes it, lists in brackets, cut short where it is long."""
    text = f"[{', '.join(map(written, value))}]" if isinstance(value, tuple) else repr(value)
    return text if len(text) <= MAX_WRITTEN else text[: MAX_WRITTEN - 1] + "…"
