"""The settings of a spec file → what each may hold.

settings:
  groups: 1                                 a default; what else it may be follows from it
  stem: {default: plain, choices: [plain, deep], about: how the network begins}
"""

from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Dictionary
from dataclasses import replace

from archlens.errors import nearest
from archlens.spec.entries import Entries
from archlens.spec.read import Data, Mapping, Value
from archlens.spec.settings import ANYTHING, KINDS, Kind, Setting, inferred
from archlens.spec.values import show
from archlens.spec.vocabulary import SETTING

__all__ = ["check_variants", "parse_settings"]

Variants = Dictionary[str, Dictionary[str, Value]]


def parse_settings(
    parser: Entries, data: Data | None, variants: Variants, base: Dictionary[str, Setting] | None = None
) -> dict[str, Setting]:
    """Each setting by its name. The kind of a default alone is widened to what variants set.

    base      settings of the spec that this one extends: a plain value is another default for one of them
    variants  overrides by variant, as they are written: who gives a list of numbers means one
    """
    found: dict[str, Setting] = dict(base or {})
    for name, entry in parser.mapping(data, "settings").items():
        line = data.lines[name] if isinstance(data, Mapping) else 0
        parser.name_free(name, line, f"settings: {name}")
        if name == "input":
            parser.problem(line, "settings: input has a place of its own, beside settings")
            continue
        given = [values[name] for values in variants.values() if name in values]
        if name in found and not isinstance(entry, Mapping):
            found[name] = _changed(parser, found[name], line, entry)
        else:
            found[name] = _setting(parser, name, line, entry, given)
    return found


def check_variants(
    parser: Entries, data: Data | None, variants: Variants, settings: Dictionary[str, Setting]
) -> None:
    """Note every setting of a variant that there is not, and every value that it cannot have."""
    lines = parser.mapping(data, "variants")
    for name, values in variants.items():
        for key, value in values.items():
            if key == "input":
                continue
            written = lines[name]
            line = written.lines[key] if isinstance(written, Mapping) else written.line
            if key not in settings:
                hint = nearest(key, settings)
                parser.problem(line, f"variant {name}: no setting is called {key}{hint}")
            elif refusal := settings[key].refusal(value):
                parser.problem(line, f"variant {name}: {refusal}")


def _changed(parser: Entries, setting: Setting, line: int, data: Data) -> Setting:
    """An inherited setting with another default, which must be one that it may have."""
    default = parser.value(data, f"settings: {setting.name}")
    if refusal := setting.refusal(default):
        parser.problem(line, f"settings: {refusal}")
        return setting
    return replace(setting, default=default, line=line)


def _setting(parser: Entries, name: str, line: int, data: Data, given: Sequence[Value]) -> Setting:
    what = f"settings: {name}"
    if not isinstance(data, Mapping):
        default = parser.value(data, what)
        return Setting(name, default, inferred(default, *given), line=line)
    if "default" not in data.entries:
        parser.problem(
            line, f"{what}: a mapping is no value; a declaration has a default: {{default: 1, about: …}}"
        )
        return Setting(name, None, Kind(), line=line)
    parser.keys(data, SETTING, f"setting {name}")
    default = parser.value(data.entries["default"], what)
    choices = _listed(parser, data, "choices", what)
    least, most = _range(parser, data, what)
    setting = Setting(
        name=name,
        default=default,
        kind=_kind(parser, data, default, choices, given),
        choices=choices,
        least=least,
        most=most,
        length=_length(parser, data, what),
        about=parser.text(data.entries.get("about"), f"{what}: about"),
        line=line,
    )
    if refusal := setting.refusal(default):
        parser.problem(line, f"{what}: its own default: {refusal}")
        return replace(setting, kind=Kind(), choices=(), least=None, most=None, length=None)
    return setting


def _kind(
    parser: Entries, data: Mapping, default: Value, choices: Sequence[Value], given: Sequence[Value]
) -> Kind:
    """The type that is declared, or the default's; numbers where a variant gives one for an integer."""
    if "type" in data.entries:
        return _declared_kind(parser, data.entries["type"])
    kind = inferred(default)
    for value in given:
        wider = inferred(default, value)
        if kind.of == ANYTHING or (kind.of == "integer" and wider == Kind("number", kind.depth)):
            kind = wider
    if choices:
        return Kind(inferred(*choices).of, kind.depth)
    return kind


def _declared_kind(parser: Entries, data: Data) -> Kind:
    """`integer`, `[number]`, `[[word]]` → the kind."""
    value = parser.value(data, "type")
    depth = 0
    while isinstance(value, tuple) and len(value) == 1:
        value, depth = value[0], depth + 1
    if isinstance(value, str) and (value in KINDS or value == ANYTHING):
        return Kind(value, depth)
    known = (*KINDS, ANYTHING)
    hint = nearest(show(value), known) or f"; there are {', '.join(known)}, and lists: [integer]"
    parser.problem(data.line, f"type: no type is called {show(value)}{hint}")
    return Kind()


def _listed(parser: Entries, data: Mapping, key: str, what: str) -> tuple[Value, ...]:
    if key not in data.entries:
        return ()
    value = parser.value(data.entries[key], f"{what}: {key}")
    if isinstance(value, tuple) and value and not _lists(value):
        return value
    parser.problem(data.lines[key], f"{what}: {key}: expected a list of values, such as [none, simple]")
    return ()


def _lists(values: Iterable[Value]) -> bool:
    return any(isinstance(value, tuple) for value in values)


def _range(parser: Entries, data: Mapping, what: str) -> tuple[float | None, float | None]:
    """`[1, 8]`; null where there is no bound."""
    if "range" not in data.entries:
        return None, None
    value = parser.value(data.entries["range"], f"{what}: range")
    if isinstance(value, tuple) and len(value) == 2:
        least, most = value
        if _bound(least) and _bound(most):
            return least, most  # type: ignore[return-value]  # as _bound says
    parser.problem(data.lines["range"], f"{what}: range: expected two numbers, such as [1, 8] or [1, null]")
    return None, None


def _bound(value: Value) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))


def _length(parser: Entries, data: Mapping, what: str) -> int | None:
    if "length" not in data.entries:
        return None
    value = parser.value(data.entries["length"], f"{what}: length")
    if type(value) is int and value >= 0:
        return value
    parser.problem(data.lines["length"], f"{what}: length: expected a number of elements")
    return None
