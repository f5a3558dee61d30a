"""A network known as sections, cut where a single tensor goes on: what is asked of each piece by itself.

Sections repeat, within a network and from variant to variant, so that what is told of one is kept. An answer
has to be the same as that of the whole network: where a cut would change it, the piece goes on.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic, TypeVar

from archlens.cost import Cost
from archlens.graph import Graph, Node
from archlens.ops import Input, Shape
from archlens.spec.section import Applied, Entry, Operation, Section, nodes_behind

__all__ = ["Boundary", "Piece", "Question", "Segments", "anywhere", "folds_apart"]

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Boundary:
    """A tensor that is all that goes on from one piece of a network to the next.

    before   the piece that this is the end of
    behind   what may read it, and `place` what stands for it there
    """

    before: "Piece"
    behind: tuple[Entry, ...]
    place: int

    @property
    def maker(self) -> Applied:
        """The operator that makes it."""
        entry = self.before.entries[-1]
        while not isinstance(entry, Operation):
            section = entry.section
            entry = section.entries[section.end - 1]
        return entry.work

    @property
    def readers(self) -> list[Applied]:
        """The operators that it feeds, one that reads it twice being there twice."""
        return [*readers(self.behind, self.place)]


@dataclass(frozen=True, slots=True)
class Piece:
    """Entries of a section between two boundaries.

    start    the place of what feeds them, of this shape
    """

    entries: tuple[Entry, ...]
    start: int
    shape: Shape

    @property
    def section(self) -> Section | None:
        """The section that it is, where it is a single one."""
        only = self.entries[0] if len(self.entries) == 1 else None
        return None if only is None or isinstance(only, Operation) else only.section

    @property
    def key(self) -> Hashable:
        """What it is told apart by: what its entries are, and how they feed each other."""
        return tuple(
            (each.work, *(i - self.start for i in each.inputs))
            if isinstance(each, Operation)
            else (each.section, each.at - self.start)
            for each in self.entries
        )

    def graph(self) -> Graph:
        """Its operators as a network, fed by an input; nothing in it has a name."""
        first = Node("", Input(self.shape), (), self.shape, Cost())
        nodes, end = nodes_behind(first, self.entries, self.start)
        fed = {feeding for node in nodes for feeding in node.inputs}
        rest = (position for position in range(1, len(nodes)) if position not in fed and position != end)
        return Graph("", "", tuple(nodes), (end, *rest))


@dataclass(frozen=True, slots=True, eq=False)
class Question(Generic[Answer]):
    """What is asked of a network, and how its pieces answer it.

    of        the answer of a network that is not cut
    together  the answer of pieces one after the other, from theirs
    cuts      whether a network may be cut at a boundary without another answer
    """

    of: Callable[[Graph], Answer]
    together: Callable[[Sequence[Answer]], Answer]
    cuts: Callable[["Segments", Boundary], bool]


MOST = 200_000
"""So many answers are new, then they are the old ones, and those that were old are forgotten."""


class Segments:
    """Answers questions about networks, those about a section or a piece once."""

    def __init__(self) -> None:
        self._known: dict[tuple[object, Hashable], object] = {}
        self._old: dict[tuple[object, Hashable], object] = {}

    def ask(self, question: Question[Answer], section: Section) -> Answer:
        """What a section answers, which stands alone or behind a boundary where it may be cut."""
        return question.together([self.tell(question, piece) for piece in self.pieces(question, section)])

    def tell(self, question: Question[Answer], piece: Piece) -> Answer:
        """The answer of a piece, worked out once."""
        known: dict[tuple[object, Hashable], Answer] = self._known  # type: ignore[assignment]  # as was put in
        section = piece.section
        key = question, section or piece.key
        if (found := known.get(key)) is not None:
            return found
        if (kept := self._old.get(key)) is not None:
            found = kept  # type: ignore[assignment]  # as was put in
        elif section is None or len(section.entries) == 1 == section.count:
            found = question.of(piece.graph())
        else:
            found = self.ask(question, section)
        if len(self._known) >= MOST:
            self._old, self._known = self._known, {}
        self._known[key] = found
        return found  # type: ignore[return-value]  # as mypy cannot see, it is never None

    def pieces(self, question: Question[Answer], section: Section) -> list[Piece]:
        """The pieces that a section may be cut into for a question."""
        entries, shapes = section.entries, shapes_of(section)
        found: list[Piece] = []
        start = 0
        edges = [*bottlenecks(section), len(entries)]
        for at, end in pairwise(edges):
            piece = Piece(entries[start:at], start, shapes[start])
            if question.cuts(self, Boundary(piece, entries[at:end], at)):
                found.append(piece)
                start = at
        found.append(Piece(entries[start:], start, shapes[start]))
        return found


def anywhere(segments: Segments, boundary: Boundary) -> bool:
    """Allow a cut at every boundary, for what is added up operator by operator."""
    return True


def folds_apart(segments: Segments, boundary: Boundary) -> bool:
    """Allow a cut where `fold` would join nothing across it.

    The boundary's reader must not be a single one that works element by element or scales channels: that
    would become a part of the operator before the cut.
    """
    reading = boundary.readers
    first = reading[0]
    alone = len(reading) == 1 == len(first.inputs)
    return not (alone and (first.op.pointwise or first.op.scales_channels))


def shapes_of(section: Section) -> list[Shape]:
    """The shape of the tensor at each place of a section."""
    return [
        section.input,
        *(each.work.shape if isinstance(each, Operation) else each.section.shape for each in section.entries),
    ]


def bottlenecks(section: Section) -> list[int]:
    """The places, but for the first and the last, that all before them leads to and all after comes from."""
    entries = section.entries
    end = len(entries) + 1
    last = [end] * end  # an entry that nothing reads is an output
    for place, entry in enumerate(entries, 1):
        for i in entry.inputs if isinstance(entry, Operation) else (entry.at,):
            last[i] = place
    found = []
    furthest = last[0]
    for place in range(1, end - 1):
        if furthest <= place:
            found.append(place)
        furthest = max(furthest, last[place])
    return found


def readers(entries: Sequence[Entry], place: int) -> Iterator[Applied]:
    """The operators that read the tensor at a place, each as often as it reads it."""
    for entry in entries:
        if isinstance(entry, Operation):
            yield from (entry.work for i in entry.inputs if i == place)
        elif entry.at == place:
            yield from readers(entry.section.entries, 0)
