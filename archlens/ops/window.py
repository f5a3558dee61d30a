"""Sliding windows along one axis: what convolutions and poolings have in common."""

from dataclasses import dataclass

from archlens.errors import OperatorError
from archlens.ops.attribute import written

__all__ = ["Padding", "Window", "slide", "windows"]

Padding = int | tuple[int | tuple[int, int], ...] | str

PADDING_WORDS = frozenset({"same", "valid", "tensorflow_same"})


@dataclass(frozen=True, slots=True)
class Window:
    """A window of `kernel` taps, `dilation` apart, moved by `stride` over a padded axis."""

    kernel: int
    stride: int
    dilation: int
    before: int
    after: int

    @property
    def extent(self) -> int:
        """From the first tap to the last, both included: d·(k − 1) + 1."""
        return self.dilation * (self.kernel - 1) + 1

    def positions(self, size: int, *, ceil_mode: bool = False) -> int:
        """How many places the window takes on an axis of `size` elements.

        floor mode    ⌊(size + before + after − extent) / stride⌋ + 1
        ceil mode     the quotient rounded up, less the last window if it would start beyond the
                      input and its leading padding (as PyTorch does)

        0 or less when the window does not fit.
        """
        room = size + self.before + self.after - self.extent
        if not ceil_mode:
            return room // self.stride + 1
        positions = -(-room // self.stride) + 1
        if (positions - 1) * self.stride >= size + self.before:
            positions -= 1
        return positions


def per_axis(name: str, value: int | tuple[int, ...], axes: int, *, at_least: int = 1) -> tuple[int, ...]:
    """One integer an axis, from one integer for all or a list of them."""
    values = value if isinstance(value, tuple) else (value,) * axes
    if len(values) != axes or min(values) < at_least:
        raise OperatorError(
            f"{name}={written(value)}: expected an integer of at least {at_least}, "
            f"or a list of {axes}, one an axis"
        )
    return values


def windows(
    spatial: tuple[int, ...],
    kernel: int | tuple[int, ...],
    stride: int | tuple[int, ...],
    dilation: int | tuple[int, ...],
    padding: Padding,
) -> tuple[Window, ...]:
    """The window of each spatial axis, with its padding worked out.

    Padding is a number for every side, a list with a number or a (before, after) pair an axis,
    or a word:

    valid             none
    same              extent − 1 in all, the smaller half before: size kept at stride 1
    tensorflow_same   max((⌈size / stride⌉ − 1)·stride + extent − size, 0) in all, the smaller half
                      before: the output is ⌈size / stride⌉, whatever the stride
    """
    axes = len(spatial)
    kernels = per_axis("kernel", kernel, axes)
    strides = per_axis("stride", stride, axes)
    dilations = per_axis("dilation", dilation, axes)
    result = []
    for axis, (size, k, s, d) in enumerate(zip(spatial, kernels, strides, dilations, strict=True)):
        extent = d * (k - 1) + 1
        if padding == "same":
            total = extent - 1
            before, after = total // 2, total - total // 2
        elif padding == "valid":
            before = after = 0
        elif padding == "tensorflow_same":
            total = max((-(-size // s) - 1) * s + extent - size, 0)
            before, after = total // 2, total - total // 2
        else:
            before, after = _explicit(padding, axis, axes)
        result.append(Window(k, s, d, before, after))
    return tuple(result)


def _explicit(padding: Padding, axis: int, axes: int) -> tuple[int, int]:
    sides = padding if isinstance(padding, tuple) else (padding,) * axes
    side = sides[axis] if len(sides) == axes else -1
    before, after = side if isinstance(side, tuple) else (side, side)
    if isinstance(before, str) or isinstance(after, str) or min(before, after) < 0:
        raise OperatorError(
            f"padding={written(padding)}: expected an integer of at least 0, or a list of {axes} integers "
            f"or (before, after) pairs, one an axis, or one of {', '.join(sorted(PADDING_WORDS))}"
        )
    return before, after


def slide(
    spatial: tuple[int, ...], sliding: tuple[Window, ...], *, ceil_mode: bool = False
) -> tuple[int, ...]:
    """The spatial output of windows that slide over a spatial input."""
    result = tuple(
        window.positions(size, ceil_mode=ceil_mode) for size, window in zip(spatial, sliding, strict=True)
    )
    if any(size < 1 for size in result):
        kernel = "×".join(str(window.kernel) for window in sliding)
        extent = "×".join(str(window.extent) for window in sliding)
        padded = "×".join(
            str(size + window.before + window.after) for size, window in zip(spatial, sliding, strict=True)
        )
        shape = "×".join(map(str, spatial))
        reach = f" (reaching {extent})" if extent != kernel else ""
        raise OperatorError(
            f"the {kernel} window{reach} does not fit into the {shape} map, {padded} with its padding: "
            "a larger input or fewer strides are needed"
        )
    return result
