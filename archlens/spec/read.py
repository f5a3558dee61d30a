"""YAML text → a tree that remembers its lines.

Only the plain part of YAML is taken: mappings, lists and scalars. Anchors, aliases, tags and several
documents in a file are refused, and so is anything too deep or too large, before it costs anything.
The parser's events are read in a loop: a hostile file cannot exhaust the stack.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from archlens.errors import Problem, SpecError
from archlens.file import contents
from archlens.spec.scalar import RefusedError, resolve

__all__ = ["Data", "Mapping", "Scalar", "Sequence", "Value", "plain", "read", "read_file"]

MAX_BYTES = 1_000_000
MAX_DEPTH = 64
MAX_ENTRIES = 1_000
MAX_KEY = 100
MAX_EVENTS = 50_000

Value = int | float | bool | str | None | tuple["Value", ...]

FOREIGN = re.compile(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What YAML text does not hold: control characters and halves of characters."""
DASHES = re.compile(r"[-?\s]*")
"""What opens collections at the start of a line, one within the other."""
NESTED = f"is nested more than {MAX_DEPTH} deep"
FOREIGN_REFERENCE = "the {} is not part of the language: make it a block or a setting"
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


def read_file(path: Path, name: str | None = None, *, until: str | None = None) -> Mapping:
    """Read a spec file; `name` is what errors call it, and `until` as for `read`."""
    shown = name or str(path)
    try:
        raw = contents(path, MAX_BYTES + 1)
    except (OSError, ValueError) as error:  # such as a path with a null byte
        reason = error.strerror if isinstance(error, OSError) else error
        raise SpecError([Problem(shown, 0, "", f"cannot be read: {reason}")]) from error
    if len(raw) > MAX_BYTES:
        raise SpecError([_too_large(shown)])
    try:
        return read(raw.decode("utf-8-sig"), shown, until=until)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise SpecError(
            [Problem(shown, line, "", f"is not UTF-8 text: byte 0x{raw[error.start]:02x}")]
        ) from error


def read(text: str, file: str = "<text>", *, until: str | None = None) -> Mapping:
    """Read YAML text whose top level is a mapping. Raises a SpecError with file and line.

    until  a key of the top level at which reading ends: neither it nor what follows is looked at
    """
    data = _read(text, file, until)
    if not isinstance(data, Mapping):
        raise SpecError([Problem(file, data.line, "", "a spec is a mapping: at least input and network")])
    return data


def plain(data: Data) -> Value:
    """The value of scalars and lists, without their lines. A mapping or a huge list raises a ValueError."""
    if isinstance(data, Scalar):
        return data.value
    elements = 0

    def value(data: Data) -> Value:
        nonlocal elements
        elements += 1
        if elements > MAX_ENTRIES:
            raise ValueError(f"a list of more than {MAX_ENTRIES} elements")
        if isinstance(data, Scalar):
            return data.value
        if isinstance(data, Sequence):
            return tuple(value(item) for item in data.items)
        raise ValueError("a mapping is not a value")

    return value(data)


@dataclass(slots=True)
class _Open:
    """A collection whose end is still to come; `key` waits for its value."""

    line: int
    items: list[Data] | None
    entries: dict[str, Data]
    lines: dict[str, int]
    key: str | None = None

    def close(self) -> Data:
        if self.items is not None:
            return Sequence(tuple(self.items), self.line)
        return Mapping(self.entries, self.lines, self.line)

    def add(self, data: Data) -> None:
        if self.items is not None:
            self.items.append(data)
        elif self.key is not None:
            self.entries[self.key] = data
            self.key = None
        else:
            raise RefusedError(data.line, "a key must be a word")

    def name(self, key: str, line: int) -> None:
        """Take the key of the next entry."""
        if key in self.lines:
            raise RefusedError(line, f"{key} stands here a second time, after line {self.lines[key]}")
        if len(key) > MAX_KEY:
            raise RefusedError(line, f"the key {key[:40]}… is longer than {MAX_KEY} characters")
        if key == "<<":
            raise RefusedError(line, "the merge key << is not part of the language")
        if key in ("", "~", "null"):
            raise RefusedError(line, "a key must be a word")
        self.key = key
        self.lines[key] = line
        if len(self.lines) > MAX_ENTRIES:
            raise RefusedError(line, f"a mapping of more than {MAX_ENTRIES} entries")


def _read(text: str, file: str, until: str | None) -> Data:
    if len(text) > MAX_BYTES:
        raise SpecError([_too_large(file)])
    if foreign := FOREIGN.search(text):
        line = text.count("\n", 0, foreign.start()) + 1
        character = f"the character U+{ord(foreign[0]):04X} is not part of YAML text"
        raise SpecError([Problem(file, line, "", character)])
    try:
        return _tree(iter(LOADER(text).get_event, None), until)
    except RefusedError as refusal:
        raise SpecError([Problem(file, refusal.line, "", str(refusal))]) from refusal
    except yaml.MarkedYAMLError as error:
        raise SpecError([_no_yaml(error, text, file)]) from error
    except yaml.YAMLError as error:
        raise SpecError([Problem(file, 0, "", f"is not YAML: {error}")]) from error


def _too_large(file: str) -> Problem:
    return Problem(file, 0, "", f"is larger than {MAX_BYTES} bytes, too large for a spec")


def _no_yaml(error: yaml.MarkedYAMLError, text: str, file: str) -> Problem:
    """What is wrong with text that the parser refuses, and the way out.

    Both are found in the text itself: the parser's words differ from version to version, and only describe.
    """
    mark, start = error.problem_mark, error.context_mark
    if mark is None:
        return Problem(file, 0, "", f"is not YAML: {error.problem}")
    lines = text.split("\n")
    before = lines[mark.line][: mark.column + 1] if mark.line < len(lines) else ""
    if "\t" in before:
        return Problem(file, mark.line + 1, "", "a tab: YAML is indented with spaces")
    if _depth(lines[: mark.line], before) > MAX_DEPTH:
        return Problem(file, mark.line + 1, "", NESTED)
    reason = f"is not YAML: {error.problem}"
    if start and start.line != mark.line:
        reason += f" ({error.context} from line {start.line + 1})"
    if start and lines[start.line][start.column : start.column + 1] in ("[", "{"):
        reason += "; quote an expression that has brackets or commas in it"
    return Problem(file, mark.line + 1, "", reason)


def _depth(lines: list[str], last: str) -> int:
    """How many collections are open at the end of the line `last`: brackets, or dashes before its first word.

    The parser looks ahead within a line, and refuses deep nesting there before it reports any of it.
    """
    text = "\n".join((*lines, last))
    brackets = sum(map(text.count, "[{")) - sum(map(text.count, "]}"))
    return max(brackets, len(DASHES.match(last)[0].split()))  # type: ignore[index] # matches any text


def _tree(events: Iterable[Any], until: str | None) -> Data:
    """The tree of one document from the parser's events, built without recursion, so that depth is
    no danger.
    """
    open_collections: list[_Open] = []
    root: Data | None = None
    innermost: _Open | None = None
    for count, event in enumerate(events):
        kind = type(event)
        line = event.start_mark.line + 1
        if count > MAX_EVENTS:
            raise RefusedError(line, f"holds more than {MAX_EVENTS} words and brackets, too many for a spec")
        if kind is yaml.ScalarEvent:
            if event.anchor is not None or event.tag is not None:
                _no_reference(event, line)
            if innermost is not None and innermost.items is None and innermost.key is None:
                if event.value == until and len(open_collections) == 1:
                    return innermost.close()
                innermost.name(event.value, line)
                continue
            data: Data = Scalar(resolve(event, line), line)
        elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            _no_reference(event, line)
            if len(open_collections) >= MAX_DEPTH:
                raise RefusedError(line, NESTED)
            innermost = _Open(line, [] if kind is yaml.SequenceStartEvent else None, {}, {})
            open_collections.append(innermost)
            continue
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            data = open_collections.pop().close()
            innermost = open_collections[-1] if open_collections else None
        elif kind is yaml.AliasEvent:
            raise RefusedError(line, FOREIGN_REFERENCE.format(f"alias *{event.anchor}"))
        elif kind is yaml.DocumentStartEvent and root is not None:
            raise RefusedError(line, "starts a second document: one spec a file")
        else:
            continue
        if innermost is not None:
            innermost.add(data)
        else:
            root = data
    if root is None:
        raise RefusedError(0, "is empty: a spec holds at least input and network")
    return root


def _no_reference(event: Any, line: int) -> None:
    """Refuse anchors, aliases and tags, which YAML may add to a plain value."""
    if event.anchor is not None:
        raise RefusedError(line, FOREIGN_REFERENCE.format(f"anchor &{event.anchor}"))
    if event.tag is not None:
        raise RefusedError(line, f"tags such as {event.tag} are not part of the language")
