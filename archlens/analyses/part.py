"""What the axes of a tensor are made of: the batch, channels, and places along axes of the network's input.

A convolutional network keeps them apart: axis 0 is the batch, axis 1 the channels, the others are places.
Elsewhere channels come last, a map is cut into windows, or lies in a row of tokens. An axis is then made of
several parts, the slowest first, like a number of its digits.
"""

from collections.abc import Sequence
from typing import NamedTuple

from archlens.ops import Shape

__all__ = ["BATCH", "INDEX", "Axes", "Part", "merged", "raw", "replaced"]

BATCH, INDEX = -2, -1


class Part(NamedTuple):
    """A part of an axis.

    of      an axis of the network's input, whose places it counts; INDEX of channels; BATCH
    weight  how many places lie between neighbours, where other parts count those between
    """

    length: int
    of: int
    weight: int = 1


Axes = tuple[tuple[Part, ...], ...]


def raw(shape: Shape) -> Axes:
    """The parts of an input's axes, of which nobody knows yet what is place and what is channel."""
    return tuple((Part(length, axis or BATCH),) for axis, length in enumerate(shape))


def merged(parts: Sequence[Part]) -> tuple[Part, ...]:
    """The parts of an axis, two neighbours made one where together they count what one part would.

    Such are the tens and the ones of the same number: 3 rows of 4 places in order are 12 places.
    """
    result: list[Part] = []
    for part in parts:
        if (
            result
            and result[-1].of == part.of
            and (part.of < 0 or result[-1].weight == part.weight * part.length)
        ):
            result[-1] = part._replace(length=result[-1].length * part.length)
        else:
            result.append(part)
    return tuple(result)


def replaced(axes: Axes, axis: int, parts: tuple[Part, ...]) -> Axes:
    """The parts of all axes, with those of one axis exchanged."""
    return (*axes[:axis], parts, *axes[axis + 1 :])
