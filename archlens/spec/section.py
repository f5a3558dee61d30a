"""What a part of a network comes to, without names: operators at work, and further parts.

A block that is called twice with the same arguments, on maps of the same shape, comes to the same section,
which is worked out once and stands in two places. Its names are drawn where it stands: see `naming`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from archlens.cost import Cost
from archlens.graph import Node
from archlens.ops import Op, Shape, Shapes

__all__ = ["Applied", "Entry", "Operation", "Placed", "Section", "nodes_behind", "nodes_of"]


@dataclass(frozen=True, slots=True, eq=False)
class Applied:
    """An operator on tensors of given shapes: what comes out, and what it costs. Told apart by identity."""

    op: Op
    inputs: Shapes
    shape: Shape
    cost: Cost


class Operation(NamedTuple):
    """An operator at its place in a section.

    inputs  places in the section of what feeds it
    name    the number of its name among those that the section draws; or the name itself
    """

    work: Applied
    inputs: tuple[int, ...]
    name: int | str


class Placed(NamedTuple):
    """A section at its place in another one.

    at      the place of what feeds it
    under   the name that it stands under, as for an operation; None: its names are drawn where it stands
    names   what they are drawn from where that is not what the surrounding section draws from
    shift   how much higher the numbers of its names are here than where it was worked out
    """

    section: "Section"
    at: int
    under: int | str | None
    names: Sequence[str] | None
    shift: int


@dataclass(slots=True, eq=False)  # frozen but for the time that it takes to make thousands of them
class Section:
    """A part of a network that is fed one tensor and gives one. Told apart by identity; nothing changes it.

    entries  what it is made of, in order; their places are counted from 1, and 0 is what feeds it
    end      the place of what it gives
    input    the shape that it is fed, and `shape` that it gives
    count    operators in all
    steps    that it took to work it out
    reach    no path in it is longer than that
    height   how many blocks deep it goes
    calls    the blocks that it was made of
    asked    the names that it draws where it stands, in order: how, and for what
    names    those of the scope in which it was worked out, of which it drew its own from number `start` on
    """

    entries: tuple[Operation | Placed, ...]
    end: int
    input: Shape
    shape: Shape
    count: int
    steps: int
    reach: int
    height: int
    calls: frozenset[str]
    asked: tuple[tuple[str, str], ...] = ()
    names: Sequence[str] = ()
    start: int = 0


Entry = Operation | Placed


def nodes_of(section: Section, first: Node, names: Sequence[str]) -> tuple[list[Node], int]:
    """The nodes that a section stands for, behind the one that feeds it, and the position of its end.

    names  those that the section draws
    """
    nodes = [first]
    end = _add(section, 0, "", names, 0, nodes)
    return nodes, end


def nodes_behind(first: Node, entries: Sequence[Entry], start: int) -> tuple[list[Node], int]:
    """The nodes that some entries of a section stand for, without names, and the position of the last's end.

    first  the node that feeds them, which stands at place `start` of the section
    """
    nodes = [first]
    positions = {start: 0}
    for place, entry in enumerate(entries, start + 1):
        if isinstance(entry, Operation):
            positions[place] = len(nodes)
            work = entry.work
            nodes.append(
                Node("", work.op, tuple([positions[i] for i in entry.inputs]), work.shape, work.cost)
            )
        else:
            positions[place] = _add(entry.section, positions[entry.at], "", NAMELESS, 0, nodes)
    return nodes, positions[start + len(entries)]


class _Nameless(Sequence[str]):
    """An endless supply of empty names, for operators whose names nobody asks for."""

    def __len__(self) -> int:
        return 0

    def __getitem__(self, number: object) -> str:
        return ""


NAMELESS = _Nameless()


def _add(
    section: Section, start: int, prefix: str, names: Sequence[str], shift: int, nodes: list[Node]
) -> int:
    """Append the nodes of a section that stands under a prefix; the position of its end."""
    positions = [start]
    for entry in section.entries:
        if isinstance(entry, Operation):
            work, inputs, name = entry
            path = prefix + (names[name + shift] if isinstance(name, int) else name)
            fed = (positions[inputs[0]],) if len(inputs) == 1 else tuple([positions[i] for i in inputs])
            positions.append(len(nodes))
            nodes.append(Node(path, work.op, fed, work.shape, work.cost))
            continue
        inner, at, under, others, more = entry
        if under is None:
            end = _add(inner, positions[at], prefix, names, shift + more, nodes)
        else:
            below = names[under + shift] if isinstance(under, int) else under
            at_below = f"{prefix}{below}." if below else prefix
            drawn = inner.names if others is None else others
            end = _add(inner, positions[at], at_below, drawn, more, nodes)
        positions.append(end)
    return positions[section.end]
