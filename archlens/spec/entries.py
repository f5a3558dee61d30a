"""Typed access to a tree of YAML that collects problems instead of stopping at the first."""

from collections.abc import Iterable
from collections.abc import Mapping as Dictionary
from keyword import iskeyword

from archlens.errors import Problem, SpecError, nearest
from archlens.spec.items import Broken
from archlens.spec.read import Data, Mapping, Scalar, Value, plain

__all__ = ["Entries"]

MAX_PROBLEMS = 50


class Entries:
    """One file on its way to a spec, and what was wrong with it so far."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def problem(self, line: int, message: str, path: str = "") -> None:
        """Note something wrong. Raises a SpecError when there is too much of it to go on."""
        self.problems.append(Problem(self.file, line, path, message))
        if len(self.problems) >= MAX_PROBLEMS:
            self.problems.append(
                Problem(self.file, line, "", f"{MAX_PROBLEMS} mistakes: the rest was not read")
            )
            raise SpecError(sorted(self.problems, key=lambda problem: problem.line))

    def broken(self, line: int, message: str, path: str) -> Broken:
        """Note an item that is wrong, and give what stands in its place so that reading can go on."""
        self.problem(line, message, path)
        return Broken(line)

    def keys(self, data: Mapping, known: Iterable[str], what: str) -> None:
        for key in data.entries:
            if key not in known:
                self.problem(data.lines[key], f"{what} has no key {key}{nearest(key, known)}")

    def mapping(self, data: Data | None, what: str) -> Dictionary[str, Data]:
        if isinstance(data, Mapping):
            return data.entries
        if data is not None and not (isinstance(data, Scalar) and data.value is None):
            self.problem(data.line, f"{what}: expected a mapping, such as {{name: …}}")
        return {}

    def values(self, data: Data | None, what: str) -> dict[str, Value]:
        entries = self.mapping(data, what)
        return {key: self.value(item, f"{what}: {key}") for key, item in entries.items()}

    def value(self, data: Data, what: str) -> Value:
        try:
            return plain(data)
        except ValueError as error:
            self.problem(data.line, f"{what}: {error}")
            return None

    def text(self, data: Data | None, what: str) -> str:
        if data is None:
            return ""
        if not isinstance(data, Scalar) or data.value is None:
            self.problem(data.line, f"{what}: expected text")
            return ""
        return str(data.value)

    def name_free(self, name: str, line: int, what: str) -> None:
        """Note a name that an expression could not hold, or that has a meaning already."""
        if not name.isidentifier() or not name.isascii():
            self.problem(line, f"{what}: a name is made of letters, digits and _, and starts with no digit")
        elif iskeyword(name):
            self.problem(line, f"{what}: {name} is a word of the language")
        elif name in ("in_channels", "in_height", "in_width"):
            self.problem(line, f"{what}: {name} always means the incoming tensor")
