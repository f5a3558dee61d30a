"""The weights of a module that no operator of a pass read, and where they are."""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass

from archlens.recorder.mode import Owned

__all__ = ["Unread", "unread"]


@dataclass(frozen=True, slots=True)
class Unread:
    """Weights that no operator read.

    elements  how many
    places    the largest modules of which nothing was read, or a parameter by itself where others of its
              module were
    """

    elements: int
    places: tuple[str, ...]


def unread(owned: Iterable[Owned], read: Set[tuple[str, str]]) -> Unread:
    """What is left of all learnable weights.

    read  paths of modules and names there of the parameters that operators read
    """
    learnable = [(x.numel(), scope, name) for x, scope, name, learnt in owned if learnt]
    left = [(many, scope, name) for many, scope, name in learnable if (scope, name) not in read]
    if not left:
        return Unread(0, ())
    used = {above for _, scope, name in learnable if (scope, name) in read for above in upwards(scope)}
    places = (highest(scope, name, used) for _, scope, name in left)
    return Unread(sum(many for many, *_ in left), tuple(dict.fromkeys(places)))


def highest(scope: str, name: str, used: Set[str]) -> str:
    """The module highest up of which nothing was read; the parameter itself where there is none."""
    untouched = [above for above in upwards(scope) if above and above not in used]
    return untouched[-1] if untouched else ".".join(part for part in (scope, name) if part)


def upwards(scope: str) -> Sequence[str]:
    """A path, then those above it, to the whole module.

    >>> upwards("a.b")
    ['a.b', 'a', '']
    """
    parts = scope.split(".") if scope else []
    return [".".join(parts[:many]) for many in range(len(parts), -1, -1)]
