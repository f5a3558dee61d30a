"""Where the elements of an output that was cut, turned, padded or laid out anew come from."""

from typing import NamedTuple

from archlens.ops.span import Span

__all__ = [
    "Along",
    "Laid",
    "Picked",
    "Rearrangement",
    "Turned",
    "depth_to_space",
    "expanded",
    "repeated",
    "space_to_depth",
]


class Along(NamedTuple):
    """A step of a rearrangement along one axis: which places each place comes from. A slice, a pad,
    a pooling.

    length  of the axis afterwards; None for that of the output
    """

    axis: int
    span: Span
    length: int | None = None


class Turned(NamedTuple):
    """A step that puts the axes into another order: axis i of the output was axis `order[i]`."""

    order: tuple[int, ...]


class Laid(NamedTuple):
    """A step that lays the elements out under another shape, in row-major order."""

    shape: tuple[int, ...]


class Picked(NamedTuple):
    """A step that picks places along one axis in any order, as a channel shuffle does."""

    axis: int
    places: tuple[int, ...]


Rearrangement = tuple[Along | Turned | Laid | Picked, ...]
"""What was done to a tensor, step by step. None at all: every element kept its place."""


def depth_to_space(x: tuple[int, ...], block: int, *, columns_first: bool = True) -> Rearrangement:
    """n×(c·b·b)×h×w as n×c×(h·b)×(w·b): places from channels (Shi et al., arXiv 1609.05158, Eq. 4).

    columns_first  whether c is the slowest part of the channels, as PyTorch's pixel shuffle has it
    """
    n, channels, h, w = x
    c = channels // block**2
    parts = (n, c, block, block, h, w) if columns_first else (n, block, block, c, h, w)
    order = (0, 1, 4, 2, 5, 3) if columns_first else (0, 3, 4, 1, 5, 2)
    return (Laid(parts), Turned(order), Laid((n, c, h * block, w * block)))


def space_to_depth(x: tuple[int, ...], block: int, *, columns_first: bool = True) -> Rearrangement:
    """n×c×h×w as n×(c·b·b)×(h/b)×(w/b): the other way round."""
    n, c, h, w = x
    rows, columns = h // block, w // block
    order = (0, 1, 3, 5, 2, 4) if columns_first else (0, 3, 5, 1, 2, 4)
    return (
        Laid((n, c, rows, block, columns, block)),
        Turned(order),
        Laid((n, c * block**2, rows, columns)),
    )


def repeated(x: tuple[int, ...], times: tuple[int, ...]) -> Rearrangement:
    """Each axis so many times as long, its elements one whole after the other: a tile."""
    whole = (1,) * (len(times) - len(x)) + x
    apart = tuple(length for pair in zip([1] * len(times), whole, strict=True) for length in pair)
    wider = [Along(2 * axis, Span(0, (0,), (0,)), count) for axis, count in enumerate(times) if count > 1]
    lengths = tuple(count * length for count, length in zip(times, whole, strict=True))
    return (Laid(apart), *wider, Laid(lengths)) if wider else (Laid(lengths),)


def expanded(x: tuple[int, ...], y: tuple[int, ...]) -> Rearrangement:
    """Axes of length 1 repeated, others put before them."""
    whole = (1,) * (len(y) - len(x)) + x
    wider = [
        Along(axis, Span(0, (0,), (0,)), length)
        for axis, (own, length) in enumerate(zip(whole, y, strict=True))
        if own != length
    ]
    return (Laid(whole), *wider)
