"""A JSON Schema of the spec language, for editors that complete and check YAML."""

from dataclasses import MISSING, fields
from typing import Any

from archlens.ops import Op
from archlens.spec.settings import ANYTHING, KINDS
from archlens.spec.vocabulary import CALLABLE, JOINS, METRICS, PAPER

__all__ = ["schema"]

ANY = {"description": "a value, or an expression for one"}
DATA = {"description": "plain data: settings hold no expressions"}
CHAIN = {"$ref": "#/$defs/chain"}
NAME = {"type": ["string", "integer"], "description": "a word, with expressions in {braces}"}


def schema() -> dict[str, Any]:
    """The schema, JSON Schema draft 2020-12: structure, operators, and their attributes."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "archlens spec",
        "type": "object",
        "anyOf": [{"required": ["input", "network"]}, {"required": ["extends"]}],
        "additionalProperties": False,
        "properties": {
            "extends": {"type": "string", "description": "a spec or a network whose parts these are"},
            "family": {"type": "string"},
            "title": {"type": "string"},
            "paper": {
                "type": "object",
                "properties": {key: {"type": ["string", "integer"]} for key in PAPER},
                "additionalProperties": False,
            },
            "input": {"type": "array", "items": {"type": "integer", "minimum": 1}, "minItems": 1},
            "settings": {"type": "object", "additionalProperties": {"$ref": "#/$defs/setting"}},
            "variants": {"type": "object", "additionalProperties": {"type": ["object", "null"]}},
            "aliases": {"type": "object", "additionalProperties": {"type": "string"}},
            "accuracy": {
                "type": "array",
                "items": _object(
                    {
                        "variant": {"type": "string"},
                        "top1": {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 100},
                        "where": {"type": "string"},
                    },
                    ["variant", "top1", "where"],
                ),
                "description": "what is printed of trained networks: ImageNet top-1 in percent, and where",
            },
            "claims": {"type": "array", "items": {"$ref": "#/$defs/claim"}},
            "blocks": {"type": "object", "additionalProperties": {"$ref": "#/$defs/block"}},
            "network": CHAIN,
            "replace": {
                "type": "object",
                "additionalProperties": CHAIN,
                "description": "parts of the network that is extended, by path",
            },
        },
        "$defs": {
            "chain": {
                "anyOf": [{"type": "array", "items": {"$ref": "#/$defs/item"}}, {"$ref": "#/$defs/item"}]
            },
            "item": {"anyOf": [_bare(), *_structure(), *_operators(), _block_call(), CHAIN_LIST]},
            "block": _object({"arguments": _open(), "inline": {"type": "boolean"}, "do": CHAIN}, ["do"]),
            "claim": _claim(),
            "setting": {"anyOf": [{**DATA, "not": {"type": "object"}}, _setting()]},
        },
    }


CHAIN_LIST = {"type": "array", "items": {"$ref": "#/$defs/item"}}


def _open() -> dict[str, Any]:
    return {"type": ["object", "null"], "additionalProperties": ANY}


def _object(properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _bare() -> dict[str, Any]:
    """An operator or block by its name alone; the known operators first, so that editors offer them."""
    ready = sorted(kind for kind, op in CALLABLE.items() if not any(op.parameters().values()))
    return {"anyOf": [{"enum": ready}, {"type": "string"}]}


def _structure() -> list[dict[str, Any]]:
    joins = [
        _object({join: {"type": "array", "items": CHAIN, "minItems": 2}, "split": ANY}, [join])
        for join in JOINS
    ]
    return [
        _object({"name": NAME, "do": CHAIN}, ["name", "do"]),
        _object({"each": _open(), "name": NAME, "do": CHAIN}, ["each", "do"]),
        _object({"let": _open(), "do": CHAIN}, ["let", "do"]),
        _object({"if": ANY, "then": CHAIN, "else": CHAIN}, ["if", "then"]),
        _object({"use": ANY, "with": _open(), "name": NAME}, ["use"]),
        _object({"require": ANY, "message": NAME}, ["require", "message"]),
        _object({"tap": NAME}, ["tap"]),
        _object({"from": NAME}, ["from"]),
        *joins,
    ]


def _operators() -> list[dict[str, Any]]:
    return [_object({kind: _attributes(op), "name": NAME}, [kind]) for kind, op in sorted(CALLABLE.items())]


def _attributes(op: type[Op]) -> dict[str, Any]:
    properties = {}
    for field in fields(op):  # type: ignore[arg-type]  # every operator is a dataclass
        properties[field.name] = dict(ANY) if field.default is MISSING else {**ANY, "default": field.default}
    required = [name for name, needed in op.parameters().items() if needed]
    return {
        "type": "object" if required else ["object", "null"],
        "description": (op.__doc__ or "").split("\n")[0],
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def _block_call() -> dict[str, Any]:
    """Any other single key is the call of a block, whose arguments the file itself declares."""
    taken = [
        *CALLABLE,
        *JOINS,
        "do",
        "each",
        "let",
        "if",
        "then",
        "else",
        "split",
        "use",
        "with",
        "tap",
        "from",
        "require",
        "message",
    ]
    return {
        "type": "object",
        "properties": {"name": NAME},
        "propertyNames": {"not": {"enum": taken}},
        "additionalProperties": _open(),
        "minProperties": 1,
        "maxProperties": 2,
    }


def _setting() -> dict[str, Any]:
    """A setting with what it may be; a list's elements are meant where it is a list."""
    kind: dict[str, Any] = {"enum": [*KINDS, ANYTHING], "description": "of one value"}
    bound = {"type": ["number", "null"]}
    return _object(
        {
            "default": DATA,
            "about": {"type": "string", "description": "a line on what it does"},
            "choices": {"type": "array", "minItems": 1, "description": "the only values it may have"},
            "type": {"anyOf": [kind, {"type": "array", "minItems": 1, "maxItems": 1}]},
            "range": {"type": "array", "items": bound, "minItems": 2, "maxItems": 2},
            "length": {"type": "integer", "minimum": 0, "description": "elements of a list"},
        },
        ["default"],
    )


def _claim() -> dict[str, Any]:
    figure = {"type": ["string", "integer"], "examples": ["2.3M", 25557032]}
    figures = dict.fromkeys(METRICS, figure)
    text = {"type": "string"}
    return _object(
        {
            "variant": text,
            "row": text,
            **figures,
            "counted": {"type": "object", "properties": figures, "additionalProperties": False},
            "where": {"type": ["string", "integer"]},
            "why": text,
            "open": text,
        },
        ["variant"],
    )
