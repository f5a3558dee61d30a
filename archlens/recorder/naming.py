"""The names of recorded nodes: the paths of the modules that ran them."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from archlens.ops import Op, View
from archlens.recorder.entry import Entry
from archlens.recorder.operators import Recorded, Viewed

__all__ = ["names", "path"]

SIGNS = re.compile(r"\W", re.ASCII)


def path(name: str) -> str:
    """A module's path as a graph takes it: letters, digits and underscores between the dots.

    >>> path("block-1.größe")
    'block_1.gr__e'
    """
    return ".".join(SIGNS.sub("_", part) or "_" for part in name.split("."))


def names(entries: Sequence[Entry]) -> Iterator[str]:
    """A name for each node: the path of its module if nothing else ran there, else a path below it.

    A module that ran one operator gives it its own name, `layer1.0.conv1`, and views beside it are
    named under the parent. Others give numbered ones: `layer1.0.add1`. No name is the parent of
    another.
    """
    scopes = list(placed(entries))
    alone = Counter(scopes)
    above = parents(alone)
    taken = {scope for scope in alone if scope} | above
    numbers: Counter[str] = Counter()
    for entry, scope in zip(entries, scopes, strict=True):
        if scope and alone[scope] == 1 and scope not in above:
            yield scope
            continue
        stem = f"{scope}.{noun(entry)}" if scope else noun(entry)
        name = stem
        while name in taken or (name == stem and not entry.name):
            numbers[stem] += 1
            name = f"{stem}{'_' if entry.name else ''}{numbers[stem]}"
        taken.add(name)
        yield name


def placed(entries: Sequence[Entry]) -> Iterator[str]:
    """The path under which each entry is named: a view beside a module's only operator goes to the parent."""
    others = Counter(entry.scope for entry in entries if not is_view(entry.op))
    above = parents({entry.scope for entry in entries})
    for entry in entries:
        scope = entry.scope
        if is_view(entry.op) and others[scope] == 1 and scope not in above:
            scope = scope.rpartition(".")[0]
        yield scope


def parents(scopes: Iterable[str]) -> set[str]:
    """The paths above some paths: of a.b.c, a and a.b."""
    found: set[str] = set()
    for scope in scopes:
        while (scope := scope.rpartition(".")[0]) and scope not in found:
            found.add(scope)
    return found


def is_view(op: Op) -> bool:
    """Whether an operator moves nothing: its output is the same elements, seen differently."""
    return isinstance(op, View | Viewed)


def noun(entry: Entry) -> str:
    """The last part of a node's name, such as `conv` or `add`."""
    if entry.name:
        return SIGNS.sub("_", entry.name)
    op = entry.op
    return SIGNS.sub("_", op.name) if isinstance(op, Recorded) else op.kind or "operator"
