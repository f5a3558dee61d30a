"""The operators of the spec language, with their attributes."""

from collections.abc import Iterator
from dataclasses import MISSING, Field, fields
from fnmatch import fnmatchcase
from inspect import getdoc
from typing import Any

from archlens.errors import UsageError, nearest
from archlens.ops import OPERATORS, Op
from archlens.ops.attribute import attributes_of, expected, written
from archlens.quantity import plural
from archlens.report.table import Column, Table, cut, text

__all__ = ["operators_as_list", "operators_table"]

WIDEST = 52


def chosen(pattern: str) -> dict[str, type[Op]]:
    """The operator of that name, or all whose name has the pattern in it or fits it. Raises a UsageError."""
    known = {kind: op for kind, op in OPERATORS.items() if kind not in ("input", "split")}
    if pattern in known:
        return {pattern: known[pattern]}
    found = {kind: op for kind, op in known.items() if pattern in kind or fnmatchcase(kind, pattern)}
    if not found:
        raise UsageError(f"no operator matches {pattern}{nearest(pattern, known)}")
    return dict(sorted(found.items()))


def operators_table(pattern: str = "") -> Table:
    """A row an operator with its attributes; of a single one, a row an attribute and what it may hold."""
    found = chosen(pattern)
    if len(found) == 1:
        ((kind, op),) = found.items()
        return _in_full(kind, op)
    columns = (
        Column("operator", "", text, right=False),
        Column("attributes", "attributes", cut(WIDEST), right=False),
        Column("about", "", text, right=False, machine=True),
    )
    rows = tuple((kind, ", ".join(_signature(op)), about(op)) for kind, op in found.items())
    branches = [kind for kind, op in found.items() if op.arity != 1]
    footer = [plural(len(found), "operator") + "; `archlens spec operators NAME` tells one in full"]
    if branches:
        footer.append(f"over branches, such as {{{branches[0]}: [a, b]}}: {', '.join(branches)}")
    return Table(columns, rows, None, "", tuple(footer))


def _in_full(kind: str, op: type[Op]) -> Table:
    columns = (
        Column("attribute", "", text, right=False),
        Column("default", "unless given", text, right=False),
        Column("holds", "what it may be", text, right=False),
    )
    return Table(columns, tuple(_rows(op)), None, f"{kind}: {about(op)}")


def _rows(op: type[Op]) -> Iterator[tuple[str, str, str]]:
    """Each attribute with its default and what it may hold."""
    for attribute, field in zip(attributes_of(op, op.words), fields(op), strict=True):  # type: ignore[arg-type]
        yield attribute.name, default(field), expected(attribute.declared, attribute.words)


def _signature(op: type[Op]) -> Iterator[str]:
    """The attributes as a call would have them: out, kernel=1, stride=1."""
    for name, given, _ in _rows(op):
        yield name if given == "required" else f"{name}={given}"


def default(field: "Field[Any]") -> str:
    """What an attribute is unless it is given."""
    if field.default is not MISSING:
        return in_yaml(field.default)
    return "required" if field.default_factory is MISSING else in_yaml(field.default_factory())


def in_yaml(value: Any) -> str:
    """A value as a spec writes it."""
    words = {None: "null", True: "true", False: "false"}
    plain = isinstance(value, str) or value is None or isinstance(value, bool)
    return str(words.get(value, value)) if plain else written(value)


def about(op: type[Op]) -> str:
    """What an operator does, in a sentence."""
    return (getdoc(op) or "").split("\n\n")[0].replace("\n", " ").removesuffix(".")


def operators_as_list(pattern: str = "") -> list[dict[str, Any]]:
    """The operators as `--format json` prints them."""
    return [
        {
            "operator": kind,
            "about": about(op),
            "branches": op.arity != 1,
            "attributes": [
                {
                    "attribute": attribute.name,
                    "holds": expected(attribute.declared, attribute.words),
                    "required": default(field) == "required",
                    "default": None if field.default is MISSING else field.default,
                }
                for attribute, field in zip(attributes_of(op, op.words), fields(op), strict=True)  # type: ignore[arg-type]
            ],
        }
        for kind, op in chosen(pattern).items()
    ]
