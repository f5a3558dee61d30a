"""Where the elements of an operator's output lie in memory, by the rules of PyTorch's kernels for the CPU.

Whether what follows is a view or a copy depends on it. A kernel for another device may lay out its output
differently; a recording does not depend on the device.
"""

from collections.abc import Callable, Sequence

from torch import Tensor

from archlens.ops import Shape
from archlens.recorder.fake_tensor import contiguous, dense

__all__ = [
    "Layout",
    "channels_last",
    "elementwise",
    "in_format",
    "in_format_of_a_plane",
    "is_channels_last",
    "like",
    "matches",
    "packed",
]

Strides = Sequence[int]
Layout = Callable[[Shape, Sequence[Tensor]], Strides]
"""The strides of an output, from its shape and the operands that it is made of."""


def packed(shape: Shape, operands: Sequence[Tensor]) -> Strides:
    """The strides of a tensor in the order of its axes, for matrix products, layer norms and softmax."""
    return contiguous(shape)


def in_format(shape: Shape, operands: Sequence[Tensor]) -> Strides:
    """The strides of an output that has its channels last if the first operand has: poolings, paddings."""
    first = operands[0]
    if len(shape) == first.dim() and is_channels_last(tuple(first.shape), first.stride()):
        return channels_last(shape)
    return contiguous(shape)


def in_format_of_a_plane(shape: Shape, operands: Sequence[Tensor]) -> Strides:
    """The strides of `in_format`, for a map with one spatial axis that PyTorch runs as a map with two."""
    (n, c, places), (own, strides) = shape, (operands[0].shape, operands[0].stride())
    plane = (own[0], own[1], 1, own[2])
    if not is_channels_last(plane, (strides[0], strides[1], own[2] * strides[2], strides[2])):
        return contiguous(shape)
    return in_order((n, c, places), [1, 2, 0])


def like(shape: Shape, operands: Sequence[Tensor]) -> Strides:
    """The strides that `torch.empty_like` gives: the first operand's order of axes, without gaps."""
    first = operands[0]
    strides = first.stride()
    if dense(shape, strides):
        return strides
    order = sorted_axes(shape, [strides])
    return in_order(shape, order)


def elementwise(shape: Shape, operands: Sequence[Tensor]) -> Strides:
    """The strides of a function of single elements, whose operands may be broadcast.

    Operands of one shape whose elements lie alike are followed to the letter. Else axes are sorted by the
    strides of the first operand, ties are broken by those that follow, and gaps are closed.

    PyTorch: aten/src/ATen/TensorIterator.cpp, compute_fast_setup_type and reorder_dimensions.
    """
    if all(tuple(x.shape) == shape for x in operands):
        if all(x.is_contiguous() for x in operands):
            return contiguous(shape)
        first = operands[0].stride()
        if len(shape) in (4, 5):
            rows = channels_last(shape)
            if all(matches(shape, x.stride(), rows) for x in operands):
                return rows
        if dense(shape, first) and all(x.stride() == first for x in operands[1:]):
            return first
    rank = len(shape)
    aligned = []
    for x in operands:
        missing = rank - x.dim()
        own = zip(x.shape, x.stride(), shape[missing:], strict=True)
        aligned.append(
            [0] * missing + [0 if length == 1 != wanted else stride for length, stride, wanted in own]
        )
    return in_order(shape, sorted_axes(shape, aligned))


def sorted_axes(shape: Shape, operands: Sequence[Strides]) -> list[int]:
    """The axes from the one whose neighbours lie closest to the one whose neighbours lie farthest apart.

    An axis along which an operand broadcasts says nothing, so that the order is not always told by
    comparisons: it is what insertion leaves.
    """
    order = list(range(len(shape)))[::-1]
    for position in range(1, len(order)):
        later = position
        for earlier in range(position - 1, -1, -1):
            compared = closer(shape, operands, order[earlier], order[later])
            if compared > 0:
                order[earlier], order[later] = order[later], order[earlier]
                later = earlier
            elif compared < 0:
                break
    return order


def closer(shape: Shape, operands: Sequence[Strides], one: int, other: int) -> int:
    """Compare two axes: below 0 if neighbours along the first lie closer in memory, above 0 if farther."""
    for strides in operands:
        a, b = strides[one], strides[other]
        if a == 0 or b == 0:
            continue
        if a != b:
            return a - b
        if shape[one] > shape[other]:
            return 1
    return 0


def in_order(shape: Shape, order: Sequence[int]) -> list[int]:
    """The strides of a tensor without gaps, from the order of its axes with the closest neighbours first."""
    strides, elements = [1] * len(shape), 1
    for axis in order:
        strides[axis] = elements
        elements *= max(shape[axis], 1)
    return strides


def channels_last(shape: Shape) -> list[int]:
    """The strides of a map whose channels lie closest together."""
    return in_order(shape, [1, *range(len(shape) - 1, 1, -1), 0])


def matches(shape: Shape, strides: Strides, wanted: Strides) -> bool:
    """Whether two lists of strides are the same; along axes of length 1 strides mean nothing."""
    return all(a == b or length == 1 for length, a, b in zip(shape, strides, wanted, strict=True))


def is_channels_last(shape: Shape, strides: Strides) -> bool:
    """Whether PyTorch takes a map's channels to lie closest together: of two spatial axes, or of three.

    Strides along axes of length 1 decide where nothing else does.

    PyTorch: c10/core/MemoryFormat.h, is_channels_last_strides_2d_s4.
    """
    if len(shape) not in (4, 5) or strides[1] == 0:
        return False
    if strides[-1] < strides[1] * max(shape[1], 1):
        return False  # as the loop would find in its second step, for most maps
    least = 0
    for axis in (1, *range(len(shape) - 1, 1, -1), 0):
        if shape[axis] == 0 or strides[axis] < least or (axis == 0 and least == strides[1]):
            return False
        least = strides[axis] * max(shape[axis], 1)
    return True
