"""Where a network is written down: the file and the line that a message points at."""

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from archlens.models.loading import overridden
from archlens.spec.catalog import find
from archlens.spec.read import Value
from archlens.spec.reference import Kind, kind_of, split_file

__all__ = ["Place", "place_of", "places_of_nodes"]


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file; line 0 is the whole file."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


def place_of(model: str, folder: Path = Path()) -> Place | None:
    """Where a model is written: the line of its variant, its class or its first layer.

    folder  from which its file is told

    None for what is written in no file that is named, such as a network of the catalogue.
    """
    found = split_file(model)
    if found is None:
        return None
    path, name = folder / found[0], found[1]
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return Place(str(path), 0)
    if path.suffix == ".py":
        return Place(str(path), _line_of_definition(text, name))
    if path.suffix in (".yaml", ".yml"):
        return Place(str(path), _line_of_key(text, name) or _line_of_key(text, "network"))
    return Place(str(path), 0)


def places_of_nodes(model: str, settings: Mapping[str, Value], input: str | None = None) -> dict[str, str]:
    """By the name of each node, the file and the line of the spec; nothing for what has no spec."""
    if kind_of(model) is not Kind.spec:
        return {}
    from archlens.spec.lines import lines

    reference = find(model)
    found = lines(reference, overridden(reference, settings, input))
    return {name: f"{reference.spec.file}:{line}" for name, line in found.items() if line}


def _line_of_definition(text: str, name: str) -> int:
    """The line of a class or a function of that name at the top level; 0 where there is none."""
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError):
        return 0
    named = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return next((node.lineno for node in body if isinstance(node, named) and node.name == name), 0)


def _line_of_key(text: str, key: str) -> int:
    """The first line that a key starts; 0 where none does."""
    if not key:
        return 0
    start = re.compile(rf"\s*{re.escape(key)}\s*:")
    return next((number for number, line in enumerate(text.splitlines(), 1) if start.match(line)), 0)
