"""Inputs that fit: what to give a network that does not take the one that was given."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from archlens.errors import SpecError
from archlens.graph import Graph
from archlens.spec.catalog import Reference
from archlens.spec.read import Value
from archlens.spec.settings import is_input
from archlens.spec.values import show

__all__ = ["fitted", "fitting"]

UNITS = (32, 4, 1)
"""Lengths that are tried are multiples of these, the largest first: of what networks shrink their maps by."""
TRIES = 8
"""How many multiples are tried on either side of the length that was given."""

Shape = tuple[int, ...]
Fits = Callable[[Shape], bool]


def fitted(reference: Reference, overrides: Mapping[str, Value], *, batch: int = 1) -> Graph:
    """The graph of a network under these settings.

    Raises a SpecError that also tells inputs that fit, where it is the input that does not.
    """
    try:
        return reference.lower(overrides, batch=batch)
    except SpecError as error:
        if not (shapes := fitting(reference, overrides)):
            raise
        listed = " and ".join("x".join(map(show, shape)) for shape in shapes)
        last = error.problems[-1]
        told = replace(last, message=f"{last.message}; what fits: {listed}")
        raise SpecError([*error.problems[:-1], told]) from None


def fitting(reference: Reference, overrides: Mapping[str, Value]) -> tuple[Shape, ...]:
    """Inputs near the one that is asked for that the network takes, the smaller one first.

    Those of round lengths go before nearer ones. None where the network's own input does not fit either:
    then something else is wrong.

    MobileViT-XXS halves its maps five times and cuts the last three into patches of 2×2 pixels:

    >>> from archlens.spec.catalog import find
    >>> fitting(find("mobilevit_xxs"), {"input": (3, 289, 289)})
    ((3, 256, 256), (3, 320, 320))
    """

    def fits(shape: Shape) -> bool:
        try:
            reference.lower({**overrides, "input": shape})
        except SpecError:
            return False
        return True

    asked = reference.settings(overrides)["input"]
    usual = next((shape for shape in _own(reference, asked) if fits(shape)), None)
    if usual is None or not is_input(asked):
        return ()
    found = tuple(dict.fromkeys(shape for shape in _neighbours(asked, usual, fits) if fits(shape)))
    return found or (usual,)


def _own(reference: Reference, asked: Value) -> Iterator[Shape]:
    """A network's own input, in its brackets and in its spec, with the channels that are asked for."""
    for own in (reference, Reference(reference.spec, reference.variant)):
        shape = own.settings({})["input"]
        if is_input(shape) and is_input(asked) and len(shape) == len(asked) > 1:
            usual = (asked[0], *shape[1:])
            if usual != asked:
                yield usual


def _neighbours(asked: Shape, usual: Shape, fits: Fits) -> Iterator[Shape]:
    """Shapes whose lengths are next to those asked for, each found while the other axes are as usual.

    A square stays one: its axes are tried together.
    """
    square = len(set(asked[1:])) == len(set(usual[1:])) == 1

    def along(axis: int, length: int) -> Shape:
        if square:
            return (asked[0], *[length] * (len(asked) - 1))
        return (*usual[:axis], length, *usual[axis + 1 :])

    def beside(axis: int, way: int) -> int:
        return _nearest(asked[axis], way, lambda length: fits(along(axis, length)))

    for way in (-1, 1):
        lengths = [beside(axis, way) for axis in range(1, 2 if square else len(asked))]
        if all(lengths):
            yield along(1, lengths[0]) if square else (asked[0], *lengths)


def _nearest(length: int, way: int, fits: Callable[[int], bool]) -> int:
    """The length, or the nearest multiple on one side of the largest unit that fits; 0 where none does."""
    if fits(length):
        return length
    for unit in UNITS:
        first = length // unit * unit + (unit if way > 0 else 0)
        for step in range(TRIES):
            tried = first + way * step * unit
            if tried >= 1 and fits(tried):
                return tried
    return 0
