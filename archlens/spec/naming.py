"""Names for nodes: dotted paths, each used once."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

__all__ = ["MAX_PATH", "RefusalError", "Scope", "word"]

MAX_PATH = 200

NAME = re.compile(r"\w+", re.ASCII)


class RefusalError(Exception):
    """Something does not fit: what, and which item under the current path."""

    def __init__(self, message: str, what: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.what = what


def word(name: str, what: str) -> str:
    """The name of a node, a group or a tapped tensor. Raises a RefusalError for what is no word."""
    if len(name) > MAX_PATH:
        raise RefusalError(f"the name {name[:40]}… is longer than {MAX_PATH} characters", what)
    if not NAME.fullmatch(name):
        raise RefusalError(f"the name {name!r} is not made of letters, digits and _", what)
    return name


@dataclass(slots=True)
class Scope:
    """A dotted prefix and the names already given under it.

    asked  how each of them was asked for, in order: what draws the same names for the same part elsewhere
    """

    prefix: str
    taken: set[str] = field(default_factory=set)
    counts: dict[str, int] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)

    def numbered(self, kind: str) -> str:
        """The next free name for an operator: conv1, conv2, …; relu6_1 where the kind ends in a digit."""
        stem = f"{kind}_" if kind[-1].isdigit() else kind
        number = self.counts.get(kind, 0) + 1
        while (name := f"{stem}{number}") in self.taken:
            number += 1
        self.counts[kind] = number
        self.taken.add(name)  # `take`, spelled out where most names are given
        self.names.append(name)
        self.asked.append(("numbered", kind))
        return name

    def iteration(self) -> str:
        """The next free number for a pass through a loop: 0, 1, …"""
        number = self.counts.get("", 0)
        while str(number) in self.taken:
            number += 1
        self.counts[""] = number + 1
        return self.take(str(number), "iteration")

    def block(self, name: str) -> str:
        """The name of a block, with a number from its second use on: shortcut, shortcut2, …"""
        if name in self.taken or name in self.counts:
            again = self.numbered(name)
            self.asked[-1] = ("block", name)
            return again
        self.counts[name] = 1
        return self.take(name, "block")

    def take(self, name: str, how: str) -> str:
        self.taken.add(name)
        self.names.append(name)
        self.asked.append((how, name))
        return name

    def named(self, name: str) -> str:
        """A name that the spec gives, which must be free."""
        if word(name, self.prefix) in self.taken:
            raise RefusalError(
                f"the name {name} is taken here: choose another, in a loop such as {name}{{i}}", self.prefix
            )
        return self.take(name, "named")

    def draw(self, asked: Iterable[tuple[str, str]]) -> None:
        """Take the names of a part that was worked out elsewhere, none of which the spec gives."""
        for how, what in asked:
            if how == "numbered":
                self.numbered(what)
            elif how == "block":
                self.block(what)
            else:
                self.iteration()

    def path(self, name: str) -> str:
        """The full name of a part: its own, behind those of all that it stands in."""
        path = f"{self.prefix}.{name}" if self.prefix else name
        if len(path) > MAX_PATH:
            raise RefusalError(f"the name {path[:40]}… is longer than {MAX_PATH} characters")
        return path

    def item(self, what: str) -> str:
        """An item under this path, as messages call it: `stage2.0 (concat)`."""
        return f"{self.prefix} ({what})" if self.prefix else f"({what})"
