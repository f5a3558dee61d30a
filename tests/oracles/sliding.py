"""Windows pushed along a padded axis, place by place, until they no longer fit."""

from itertools import product

__all__ = [
    "AFTER",
    "BEFORE",
    "Place",
    "pad_like_tensorflow",
    "pad_to_keep",
    "padded",
    "places",
    "window_places",
]

BEFORE, AFTER = "before", "after"
Axis = list[int | str]
Place = tuple[int | str, ...]
"""What lies under each tap of a window: an element's position, or padding."""


def padded(size: int, before: int, after: int) -> Axis:
    """An axis, written out with its padding."""
    return [*[BEFORE] * before, *range(size), *[AFTER] * after]


def places(axis: Axis, kernel: int, stride: int = 1, dilation: int = 1, *, ceil: bool = False) -> list[Place]:
    """What lies under the taps, for each place that the window takes.

    In ceil mode a window may hang over the end by less than a stride, if it starts inside the
    input or the padding before it (the rule of torch.nn.MaxPool2d).
    """
    found: list[Place] = []
    start = 0
    while start < len(axis):
        taps = [start + dilation * tap for tap in range(kernel)]
        overhang = taps[-1] - (len(axis) - 1)
        if overhang > 0 and not (ceil and overhang < stride and axis[start] != AFTER):
            break
        found.append(tuple(axis[tap] if tap < len(axis) else AFTER for tap in taps))
        start += stride
    return found


def pad_to_keep(size: int, kernel: int, dilation: int = 1) -> tuple[int, int]:
    """The padding with which a window, moved by 1, takes one place for each element.

    Added one by one, the first behind the axis, the next before it, and so on.
    """
    return _pad_until(size, size, kernel, 1, dilation)


def pad_like_tensorflow(size: int, kernel: int, stride: int, dilation: int = 1) -> tuple[int, int]:
    """The padding with which a window takes one place for each element that the stride steps on."""
    return _pad_until(len(range(0, size, stride)), size, kernel, stride, dilation)


def _pad_until(wanted: int, size: int, kernel: int, stride: int, dilation: int) -> tuple[int, int]:
    before = after = 0
    while len(places(padded(size, before, after), kernel, stride, dilation)) < wanted:
        if after > before:
            before += 1
        else:
            after += 1
    return before, after


def window_places(along_axes: list[list[Place]]) -> dict[tuple[int, ...], list[tuple[int | str, ...]]]:
    """Windows over several axes: by output position, what lies under each of their taps."""
    return {
        tuple(index for index, _ in chosen): list(product(*(taps for _, taps in chosen)))
        for chosen in product(*(list(enumerate(along)) for along in along_axes))
    }
