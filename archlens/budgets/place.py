"""Where a network is written down: the file and the line that a message points at."""

import ast
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archlens.budgets.config import Budget, Config

__all__ = ["Place", "anchored", "file_of", "place_of"]

FILE = re.compile(r"(?P<path>.+?\.(?:ya?ml|py|onnx|pt2))(?P<rest>:[^/\\]*)?(?P<settings>\[.*)?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file; line 0 is the whole file."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


def anchored(model: str, folder: Path) -> str:
    """A model whose file is told from a folder, told from the current one: `nets/small.yaml:wide`."""
    found = FILE.fullmatch(model)
    if not found or folder == Path():
        return model
    return f"{folder / found['path']}{found['rest'] or ''}{found['settings'] or ''}"


def file_of(model: str) -> str:
    """The file that a model names; "" for one that names none, such as a network of the catalogue."""
    found = FILE.fullmatch(model)
    return found["path"] if found else ""


def place_of(budget: "Budget", config: "Config") -> Place:
    """Where a budget's network is written: the line of its variant, its class or its first layer.

    For what is written nowhere near, such as a network of the catalogue, the line of the budget itself.
    """
    found = FILE.fullmatch(budget.model)
    if not found:
        return Place(str(config.file), budget.line)
    path = config.folder / found["path"]
    name = (found["rest"] or "")[1:]
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return Place(str(path), 0)
    if path.suffix == ".py":
        return Place(str(path), _line_of_definition(text, name))
    if path.suffix in (".yaml", ".yml"):
        return Place(str(path), _line_of_key(text, name) or _line_of_key(text, "network"))
    return Place(str(path), 0)


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
