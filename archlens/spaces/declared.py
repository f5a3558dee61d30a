"""A space from what people write, on the command line, in a file or in Python."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from archlens.errors import UsageError
from archlens.spaces.conditions import compiled
from archlens.spaces.dimension import Dimension, element_of
from archlens.spaces.ranges import MAX_VALUES, parse_values, rises
from archlens.spaces.space import INPUT, Space, Variants, unknown
from archlens.spec.catalog import Reference, as_value, find
from archlens.spec.expressions import Expression
from archlens.spec.read import Value
from archlens.spec.reference import as_shape
from archlens.spec.settings import input_refusal, is_input

__all__ = ["Over", "space_of"]

Over = Mapping[str, Any]
"""By setting a text such as `0.25..2.0/0.05`, a list of values and such texts, or {stages: [one a stage]}."""


def option(key: str) -> str:
    """How a setting is given on the command line, for messages."""
    return f"--over {key}"


def space_of(
    model: str,
    over: Over,
    *,
    let: Mapping[str, str] | None = None,
    require: Sequence[str] = (),
    place: Callable[[str], str] = option,
) -> Space:
    """The space of a network under settings that may have several values.

    model    a name or a spec file, with settings in brackets if need be
    over     the settings that differ, and what they may be
    let      settings, or names for conditions, that an expression works out from others
    require  conditions that a variant has to meet: `widths[0] <= widths[1]`
    place    what messages call the place where a setting's values are given

    Raises a UsageError for a setting that the network has not, with the nearest one, and for a value that a
    setting cannot have; what `find` raises for a network that nobody knows.
    """
    found = find(model)
    settings = found.settings({})
    let, require = dict(let or {}), tuple(require)
    if not over:
        raise UsageError(f"{model}: a space is empty unless something differs: --over KEY=VALUES")
    own = {element_of(key)[0] for key in over} - settings.keys()
    read = names_read(let, {*settings, *own, *let})
    for name in own - read:
        raise unknown(
            name, found.model, settings, place(next(key for key in over if element_of(key)[0] == name))
        )
    dimensions: list[Dimension] = []
    defaults = dict(settings)
    for key, values in over.items():
        dimensions += _dimensions(key, values, found, defaults, place(key))
    for name in let:
        if name in {each.name for each in dimensions}:
            raise UsageError(f"let {name}: {name} has values of its own already")
    space = Space(model=model, defaults=defaults, dimensions=tuple(dimensions), let=let, require=require)
    Variants(space)  # which compiles its expressions
    return space


def names_read(let: Mapping[str, str], names: set[str]) -> frozenset[str]:
    """The names that the expressions of `let` ask for."""
    made: list[Expression] = [compiled(text, names, (), f"let {name}") for name, text in let.items()]
    return frozenset[str]().union(*(each.names for each in made))


def _dimensions(
    key: str, given: Any, found: Reference, defaults: dict[str, Value], shown: str
) -> list[Dimension]:
    """What one entry says: one dimension, or one an element for `stages`."""
    name, place = element_of(key)
    if isinstance(given, Mapping):
        parts = given.get("stages")
        if set(given) != {"stages"} or not isinstance(parts, list | tuple) or place is not None:
            raise UsageError(f"{shown}: expected values, or {{stages: [those of each element]}}")
        kind = Element(found, name, shown)
        made = []
        for i, part in enumerate(parts):
            values, up = _values(part, kind, f"{shown}[{i}]")
            made.append(Dimension(name, values, i, up))
        defaults[name] = tuple(each.values[0] for each in made)
        return _checked(made, found, defaults, shown)
    if place is not None:
        whole = defaults.get(name)
        if not isinstance(whole, tuple) or place >= len(whole):
            has = f"{len(whole)} elements" if isinstance(whole, tuple) else "no elements"
            raise UsageError(f"{shown}: {found.model} has {has} in {name}")
        values, up = _values(given, Element(found, name, shown), shown)
    else:
        values, up = _values(given, Whole(found, name), shown)
    return _checked([Dimension(name, values, place, up)], found, defaults, shown)


class Whole:
    """Tells whether a value is one that a whole setting, such as a list of widths, may have."""

    def __init__(self, found: Reference, name: str) -> None:
        self.declared = found.spec.declared.get(name)
        self.is_input = name == INPUT

    def __call__(self, value: Value) -> bool:
        if self.is_input:
            return is_input(value)
        return self.declared is not None and not self.declared.refusal(value)


class Element:
    """Whether a value is one element of a setting that is a list."""

    def __init__(self, found: Reference, name: str, shown: str) -> None:
        declared = found.spec.declared.get(name)
        if name != INPUT and (declared is None or not declared.kind.depth):
            raise UsageError(f"{shown}: {name} of {found.model} is no list, which has stages")
        self.nested = declared is not None and declared.kind.depth > 1

    def __call__(self, value: Value) -> bool:
        return isinstance(value, tuple) == self.nested


def _values(given: Any, fits: Whole | Element, shown: str) -> tuple[tuple[Value, ...], bool]:
    """The values in a text, or in a list of values and of texts."""
    if isinstance(given, str):
        return parse_values(given, fits, f"{shown}={given}")
    if not isinstance(given, list | tuple | range):
        return (as_value(given),), True
    if fits(whole := tuple(map(as_value, given)) if len(given) <= 1000 else ()):
        return (whole,), True
    found: dict[Value, None] = {}
    for part in given:
        if isinstance(part, str) and ".." in part:
            found.update(dict.fromkeys(parse_values(part, fits, f"{shown}={part}")[0]))
        else:
            found[as_shape(as_value(part))] = None
    if not 0 < len(found) <= MAX_VALUES:
        raise UsageError(f"{shown}: expected from 1 to {MAX_VALUES} values, not {len(found)}")
    values = tuple(found)
    return values, rises(values)


def _checked(
    made: list[Dimension], found: Reference, defaults: Mapping[str, Value], shown: str
) -> list[Dimension]:
    """The dimensions, once each of their values is known to fit its setting."""
    for each in made:
        declared, own = found.spec.declared.get(each.name), defaults.get(each.name)
        for value in each.values:
            if each.place is not None:
                assert isinstance(own, tuple)
                whole: Value = (*own[: each.place], value, *own[each.place + 1 :])
            else:
                whole = value
            refusal = declared.refusal(whole) if declared is not None else ""
            if each.name == INPUT:
                refusal = input_refusal(own, whole)
                if not refusal and not is_input(whole):
                    refusal = f"input {value}: expected channels, height and width, such as 3x224x224"
            if refusal:
                raise UsageError(f"{shown}: {found.model}: {refusal}")
    return made
