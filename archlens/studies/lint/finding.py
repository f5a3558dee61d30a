"""What lint finds: places that break a guideline, what could stand there, and what that would save."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from archlens.errors import UsageError, nearest
from archlens.graph import Graph

__all__ = [
    "GUIDELINES", "Finding", "Guideline", "Pair", "Place", "grouped", "guideline_named", "guidelines_named",
]  # fmt: skip

Guideline = Literal["g1", "g2", "g3", "g4"]

GUIDELINES: Mapping[Guideline, str] = {
    "g1": "equal channel widths minimise memory access",
    "g2": "group convolutions raise memory access",
    "g3": "fragments side by side cost parallelism",
    "g4": "element-wise operators are not free",
}
"""ShuffleNet V2's, each in a line (Ma et al., arXiv 1807.11164, §2)."""


def guideline_named(name: str, option: str) -> Guideline:
    """The guideline of that name. Raises a UsageError that says where it was asked for."""
    for guideline in GUIDELINES:
        if name == guideline:
            return guideline
    raise UsageError(f"{option}: {name!r} is not one of {', '.join(GUIDELINES)}{nearest(name, GUIDELINES)}")


def guidelines_named(names: Iterable[str]) -> tuple[Guideline, ...]:
    """The guidelines of these names, in the order of the paper; all four for none. Raises a UsageError."""
    asked = {guideline_named(name.strip(), "--guideline") for name in names} or {*GUIDELINES}
    return tuple(guideline for guideline in GUIDELINES if guideline in asked)


@dataclass(frozen=True, slots=True)
class Pair:
    """What stands somewhere, and what could, each as a network by itself at its real shapes: to be timed.

    whole  whether their difference is what is saved. An operator that is to be left out is timed with and
           without it, which is more than is saved where another goes on to do its work
    """

    now: Graph
    instead: Graph
    whole: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One place that breaks a guideline.

    path           of its node, or of the part of the network
    position       of its node in the folded graph, the first one of a part
    now            what is there: 24 → 144 channels
    instead        what could be: 59 → 59 channels; nothing where the advice says it all
    multiply_adds  of the alternative over those of what is there; None where none are concerned
    memory_access  of what is there, in elements
    saved          how much of it the alternative does without: more than 0
    kernels        launches that the alternative does without
    pair           both as networks by themselves; None for an operator that nothing but inputs feed
    """

    path: str
    position: int
    now: str
    instead: str
    multiply_adds: float | None
    memory_access: int
    saved: int
    kernels: int
    pair: Pair | None = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Finding:
    """Places that break a guideline in the same way.

    guideline  which one
    subject    what they have in common: conv 1×1, channels 1:6
    advice     what to do about it
    places     those that would save most first
    """

    guideline: Guideline
    subject: str
    advice: str
    places: tuple[Place, ...]

    @property
    def memory_access(self) -> int:
        """Elements that all of them move."""
        return sum(place.memory_access for place in self.places)

    @property
    def saved(self) -> int:
        """Elements that all of the alternatives do without."""
        return sum(place.saved for place in self.places)

    @property
    def kernels(self) -> int:
        """Launches that all of the alternatives do without."""
        return sum(place.kernels for place in self.places)

    @property
    def worst(self) -> Place:
        """The place that would save most."""
        return self.places[0]


def grouped(guideline: Guideline, advice: str, places: Iterable[tuple[str, Place]]) -> tuple[Finding, ...]:
    """A finding for each subject, its places by what they would save."""
    by_subject: dict[str, list[Place]] = {}
    for subject, place in places:
        by_subject.setdefault(subject, []).append(place)
    return tuple(
        Finding(guideline, subject, advice, tuple(sorted(alike, key=lambda p: (-p.saved, p.position))))
        for subject, alike in by_subject.items()
    )
