"""YAML text → a tree that remembers its lines.

Only the plain part of YAML is taken: mappings, lists and scalars. Aliases, tags and several
documents in a file are refused, and so is anything too deep or too large, before it costs anything.
The parser's events are read in a loop: a hostile file cannot exhaust the stack.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import yaml

from archlens.errors import Problem, SpecError

__all__ = ["Data", "Mapping", "Scalar", "Sequence", "Value", "plain", "read", "read_file"]

MAX_BYTES = 1_000_000
MAX_DEPTH = 64
MAX_DIGITS = 15

Value = int | float | bool | str | None | tuple["Value", ...]

INTEGER = re.compile(r"[-+]?[0-9]+")
NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
WORDS = {"": None, "~": None, "null": None, "true": True, "false": False, "True": True, "False": False}
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Scalar:
    """A string, number, boolean or null."""

    value: int | float | bool | str | None
    line: int


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list."""

    items: tuple["Data", ...]
    line: int


@dataclass(frozen=True, slots=True)
class Mapping:
    """A mapping, in the order of the text; `lines` holds the line of each key."""

    entries: dict[str, "Data"]
    lines: dict[str, int]
    line: int


Data = Scalar | Sequence | Mapping


def read_file(path: Path, name: str | None = None) -> Mapping:
    """Read a spec file; `name` is what errors call it."""
    shown = name or str(path)
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise SpecError([Problem(shown, 0, "", f"cannot be read: {error.strerror}")]) from error
    try:
        return read(raw.decode("utf-8-sig"), shown)
    except UnicodeDecodeError as error:
        raise SpecError([Problem(shown, 0, "", f"is not UTF-8 text (byte {error.start})")]) from error


def read(text: str, file: str = "<text>") -> Mapping:
    """Read YAML text whose top level is a mapping. Raises a SpecError with file and line."""
    data = _read(text, file)
    if not isinstance(data, Mapping):
        raise SpecError([Problem(file, data.line, "", "a spec is a mapping with a network in it")])
    return data


def plain(data: Data) -> Value:
    """The value of scalars and lists, without their lines. A mapping raises a ValueError."""
    if isinstance(data, Scalar):
        return data.value
    if isinstance(data, Sequence):
        return tuple(plain(item) for item in data.items)
    raise ValueError("a mapping is not a value")


def _read(text: str, file: str) -> Data:
    def refuse(line: int, message: str) -> SpecError:
        return SpecError([Problem(file, line, "", message)])

    if len(text) > MAX_BYTES:
        raise refuse(0, f"is larger than {MAX_BYTES} bytes, too large for a spec")
    # Each open collection: its children, for a mapping its keys' lines, the key in waiting, its line.
    open_collections: list[tuple[list[Data] | dict[str, Data], dict[str, int], list[str], int]] = []
    root: Data | None = None
    try:
        for event in yaml.parse(text, Loader=LOADER):
            kind = type(event)
            if kind is yaml.ScalarEvent:
                data: Data = Scalar(_resolve(event), event.start_mark.line + 1)
            elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
                line = event.start_mark.line + 1
                if event.tag is not None:
                    raise refuse(line, f"tags such as {event.tag} are not part of the language")
                if len(open_collections) >= MAX_DEPTH:
                    raise refuse(line, f"is nested more than {MAX_DEPTH} deep")
                open_collections.append(({} if kind is yaml.MappingStartEvent else [], {}, [], line))
                continue
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                children, lines, _, line = open_collections.pop()
                if isinstance(children, dict):
                    data = Mapping(children, lines, line)
                else:
                    data = Sequence(tuple(children), line)
            elif kind is yaml.AliasEvent:
                line = event.start_mark.line + 1
                raise refuse(line, f"the alias *{event.anchor} is not part of the language: write a block")
            elif kind is yaml.DocumentStartEvent and root is not None:
                raise refuse(event.start_mark.line + 1, "starts a second document: one spec a file")
            else:
                continue
            if not open_collections:
                root = data
                continue
            children, lines, waiting, _ = open_collections[-1]
            if isinstance(children, list):
                children.append(data)
            elif waiting:
                children[waiting.pop()] = data
            else:
                key = data.value if isinstance(data, Scalar) else None
                if key is None:
                    raise refuse(data.line, "a key must be a word")
                name = key if isinstance(key, str) else str(key)
                if name in children:
                    raise refuse(data.line, f"{name} stands here a second time, after line {lines[name]}")
                waiting.append(name)
                lines[name] = data.line
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise refuse(mark.line + 1 if mark else 0, f"is not YAML: {error.problem}") from error
    except yaml.YAMLError as error:
        raise refuse(0, f"is not YAML: {' '.join(str(error).split())}") from error
    except ValueError as error:
        raise refuse(event.start_mark.line + 1, str(error)) from error
    if root is None:
        raise refuse(0, "is empty")
    return root


def _resolve(event: yaml.ScalarEvent) -> int | float | bool | str | None:
    """The value of a scalar under YAML 1.2's core rules: `no`, `on` and `1:30` are plain words."""
    if event.tag is not None:
        raise ValueError(f"tags such as {event.tag} are not part of the language")
    text: str = event.value
    if event.style:
        return text
    if text in WORDS:
        return WORDS[text]
    if INTEGER.fullmatch(text):
        if len(text) > MAX_DIGITS:
            raise ValueError(f"{text[:20]}… has more than {MAX_DIGITS} digits")
        return int(text)
    if NUMBER.fullmatch(text):
        if not abs(number := float(text)) < 10**MAX_DIGITS:
            raise ValueError(f"{text[:20]} is too large a number")
        return number
    return text
