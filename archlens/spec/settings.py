"""The settings of a spec: what each may hold, checked wherever a value is given.

A wrong word would otherwise choose the other branch of a condition, in silence.
"""

from dataclasses import dataclass, field
from typing import TypeGuard

from archlens.errors import nearest
from archlens.spec.read import Value
from archlens.spec.values import show

__all__ = ["ANYTHING", "INPUT", "KINDS", "Kind", "Setting", "inferred", "input_refusal", "is_input"]

KINDS = {"integer": "an integer", "number": "a number", "boolean": "true or false", "word": "a word"}
"""What one value may be, and how a sentence says it."""
ANYTHING = "value"
IMAGE_CHANNELS = 4
INPUT = "channels, height and width, such as [3, 224, 224]"
MAX_AXES = 4


@dataclass(frozen=True, slots=True)
class Kind:
    """What a setting holds: one value, or a list, or lists in lists, of values of one kind.

    of     integer, number, boolean or word; value where it may be anything
    depth  how many lists are round a value: 2 for [[1], [4, 3]]
    """

    of: str = ANYTHING
    depth: int = 0

    def __str__(self) -> str:
        """As people say it: `integer`, `list of integers`, `list of lists of numbers`."""
        return "list of " + "lists of " * (self.depth - 1) + f"{self.of}s" if self.depth else self.of

    def holds(self, value: Value) -> bool:
        """Whether a value is of this kind. An integer is a number, and true is none."""
        if self.depth:
            inner = Kind(self.of, self.depth - 1)
            return isinstance(value, tuple) and all(inner.holds(item) for item in value)
        match self.of:
            case "integer":
                return type(value) is int
            case "number":
                return type(value) is int or type(value) is float
            case "boolean":
                return type(value) is bool
            case "word":
                return isinstance(value, str)
        return True


def inferred(*values: Value) -> Kind:
    """The narrowest kind that holds all of these values: of the default and what variants set.

    >>> str(inferred(((1,), (4, 2.5)))), str(inferred(1, 0.5)), str(inferred("A", 1))
    ('list of lists of numbers', 'number', 'value')
    """
    lists = [value for value in values if isinstance(value, tuple)]
    if lists and len(lists) == len(values):
        inner = inferred(*(item for value in lists for item in value))
        return Kind(inner.of, inner.depth + 1)
    found = {_kind(value) for value in values}
    if found == {"integer", "number"}:
        return Kind("number")
    return Kind(found.pop()) if len(found) == 1 else Kind()


def _kind(value: Value) -> str:
    kinds = {bool: "boolean", int: "integer", float: "number", str: "word"}
    return kinds.get(type(value), ANYTHING)


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting as its spec declares it.

    kind     what it holds; of a plain default, what that and the variants hold
    choices  the only values it may have, or those of a list's elements; any when empty
    least    the smallest number, or the smallest of a list's; None: no bound
    most     the largest
    length   how many elements a list has; None: any number
    about    a line on what it does
    """

    name: str
    default: Value
    kind: Kind
    choices: tuple[Value, ...] = ()
    least: float | None = None
    most: float | None = None
    length: int | None = None
    about: str = ""
    line: int = field(default=0, compare=False)

    @property
    def allowed(self) -> str:
        """What it may be, in words: `none, pre or post`, `integer, at least 1`, `list of 4 integers`."""
        if self.choices:
            words = [show(choice) for choice in self.choices]
            listed = f"{', '.join(words[:-1])} or {words[-1]}" if len(words) > 1 else words[0]
            return f"list of {listed}" if self.kind.depth else listed
        kind = str(self.kind)
        if self.length is not None:
            kind = kind.replace("list of", f"list of {self.length}", 1)
        return f"{kind}{_bounds(self.least, self.most)}"

    def refusal(self, value: Value) -> str:
        """Why it cannot have this value, and what was probably meant; nothing where it can."""
        if not self.kind.holds(value):
            found = f"{self.name}={show(value)}: expected {self._expected()}"
            words = [show(choice) for choice in self.choices] or (
                ["true", "false"] if self.kind == Kind("boolean") else []
            )
            return found + nearest(show(value), words)
        if self.length is not None and isinstance(value, tuple) and len(value) != self.length:
            return f"{self.name}={show(value)}: expected {self.length} elements, not {len(value)}"
        for element in _elements(value):
            if self.choices and not any(_same(element, choice) for choice in self.choices):
                hint = nearest(show(element), map(show, self.choices))
                return f"{self.name}={show(value)}: expected {self._expected()}{hint}"
            if isinstance(element, int | float) and self._beyond(element):
                return f"{self.name}={show(value)}: expected {self._expected()}"
        return ""

    def _expected(self) -> str:
        if self.choices and not self.kind.depth:
            return self.allowed
        if self.choices or self.kind.depth:
            return f"a {self.allowed}, such as {show(self.default)}"
        one = KINDS.get(self.kind.of, "a value")
        return f"{one}{_bounds(self.least, self.most)}"

    def _beyond(self, number: float) -> bool:
        too_small = self.least is not None and number < self.least
        return too_small or (self.most is not None and number > self.most)


def _bounds(least: float | None, most: float | None) -> str:
    if least is not None and most is not None:
        return f" from {least:g} to {most:g}"
    if least is not None:
        return f", at least {least:g}"
    return "" if most is None else f", at most {most:g}"


def _elements(value: Value) -> tuple[Value, ...]:
    """The values in a list and in its lists; a value alone is its only one."""
    if not isinstance(value, tuple):
        return (value,)
    return tuple(element for item in value for element in _elements(item))


def _same(value: Value, choice: Value) -> bool:
    """Whether two values are equal and of one type: true is not 1."""
    return value == choice and type(value) is type(choice)


def is_input(shape: Value) -> TypeGuard[tuple[int, ...]]:
    """Whether a value is the shape of one image: channels, and lengths of up to three axes."""
    return (
        isinstance(shape, tuple)
        and 1 <= len(shape) <= MAX_AXES
        and all(type(length) is int and length >= 1 for length in shape)
    )


def input_refusal(own: Value, given: Value) -> str:
    """What is wrong with the shape given for one image, beside the spec's own; nothing where it fits.

    A shape with its channels last is a slip that many networks would take: 224 channels, of 224 by 3.
    """
    if not is_input(own) or not is_input(given):
        return ""
    shown = "x".join(map(show, given))
    if len(own) != len(given):
        return f"input {shown}: expected {len(own)} axes, such as {'x'.join(map(show, own))}"
    channels, last = own[0], given[-1]
    if len(own) > 1 and last == channels != given[0] and last <= IMAGE_CHANNELS:
        turned = "x".join(map(show, (last, *given[:-1])))
        return f"input {shown} has its channels last: expected channels, height and width, {turned}"
    return ""
