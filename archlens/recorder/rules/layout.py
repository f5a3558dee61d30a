"""Views, copies and joins."""

from collections.abc import Sequence
from math import prod
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from archlens import ops
from archlens.ops import Op, Shape, Span
from archlens.ops.rearrangement import (
    Along,
    Laid,
    Rearrangement,
    depth_to_space,
    expanded,
    repeated,
    space_to_depth,
)
from archlens.recorder.fake_tensor import FakeTensor, contiguous
from archlens.recorder.operators import Copied, Viewed
from archlens.recorder.rules.table import aten
from archlens.recorder.strides import channels_last, in_format, is_channels_last, like
from archlens.recorder.value import Value, Weight

if TYPE_CHECKING:
    from archlens.recorder.call import Call

__all__ = ["seen"]

RESHAPING = {"view", "_unsafe_view", "_reshape_alias", "squeeze", "unsqueeze", "flatten", "unflatten"}
UNCHANGED = {"detach", "alias", "lift_fresh", "lift", "view_as", "_conj", "_neg_view"}


@aten("view", "_unsafe_view", "unsafe_split", "unsafe_split_with_sizes", "unsafe_chunk", "lift_fresh", "lift")
def view(call: "Call", x: Tensor, *args: Any, **kwargs: Any) -> Any:
    """The same elements, or some of them, read in place. An operator that gives several parts gives a view
    each.
    """
    made = call.result()
    if isinstance(made, Tensor):
        return seen(call, x, made, operator(call, x, made, args, kwargs))
    for position, part in enumerate(made):
        seen(call, x, part, division(call, x, part, position, len(made), args, kwargs))
    return made


def seen(call: "Call", x: Tensor, made: Tensor, op: Op | None) -> Tensor:
    """Note that one tensor is a view of another, and how."""
    value = call.value(x)
    if made is x:
        return x
    weight = part_of(value, x, made) if value.weight is not None else None
    call.recorder.attach(made, call.tape.view(value, op, tuple(made.shape), weight))
    return made


def part_of(value: Value, x: Tensor, made: Tensor) -> Weight | None:
    """The part of a parameter that a view of it shows, unless it shows an element twice."""
    whole = value.weight
    if whole is None or any(
        stride == 0 and length > 1 for stride, length in zip(made.stride(), made.shape, strict=True)
    ):
        return None
    if made.numel() == whole.elements:
        return whole
    moved = made.offset if type(made) is FakeTensor else made.storage_offset() - x.storage_offset()
    return Weight(whole.parameter, whole.offset + int(moved), made.numel())


def operator(call: "Call", x: Tensor, made: Tensor, args: Sequence[Any], kwargs: dict[str, Any]) -> Op | None:
    """The operator that specs have for this view, or a recorded one under PyTorch's own name."""
    name, shape = call.name, tuple(made.shape)
    if name in UNCHANGED or (name == "expand" and shape == tuple(x.shape)):
        return None
    if name in RESHAPING and made.numel() == x.numel() and shape and x.dim() and 0 not in shape:
        return ops.Reshape(shape)
    if name == "t" and x.dim() == 2:
        return ops.Transpose((1, 0))
    if name == "permute" and x.dim():
        return ops.Transpose(tuple(axis % x.dim() for axis in args[0]))
    if name == "transpose" and x.dim():
        order = list(range(x.dim()))
        a, b = args
        order[a], order[b] = order[b], order[a]
        return ops.Transpose(tuple(order))
    if name == "slice":
        return sliced(x, made, *args, **kwargs)
    return Viewed(name.removeprefix("aten::"), shape, steps(call, x, shape, args))


def steps(call: "Call", x: Tensor, shape: Shape, args: Sequence[Any]) -> Rearrangement | None:
    """How a view's elements come from those of its input, along the axes where that can be told."""
    if call.name == "select" and len(args) == 2:
        axis, index = args[0] % x.dim(), int(args[1])
        return (Along(axis, Span.every(1, index % x.shape[axis]), 1), Laid(shape))
    return expanded(tuple(x.shape), shape) if call.name == "expand" else None


def sliced(
    x: Tensor, made: Tensor, axis: int = 0, start: int | None = None, end: int | None = None, step: int = 1
) -> Op | None:
    """A slice along an axis: all of it, a run of elements, or every n-th one."""
    length = x.shape[axis]
    if made.shape[axis] == length:
        return None
    first = start or 0
    first = max(0, first + length) if first < 0 else first
    if step != 1 or made.shape[axis] == 0:
        return Viewed("slice", tuple(made.shape), (Along(axis % x.dim(), Span.every(step, first)),))
    return ops.Slice(first, first + made.shape[axis], axis % x.dim())


def division(
    call: "Call",
    x: Tensor,
    part: Tensor,
    position: int,
    parts: int,
    args: Sequence[Any],
    kwargs: dict[str, Any],
) -> Op | None:
    """One of the parts that `chunk`, `split` or `unbind` cuts a tensor into."""
    shape = tuple(part.shape)
    if "split" not in call.name and "chunk" not in call.name:
        along = (args[0] if args else kwargs.get("dim", 0)) % x.dim()
        unbound = (Along(along, Span.every(1, position), 1), Laid(shape)) if call.name == "unbind" else None
        return Viewed(call.name, shape, unbound)
    axis = (args[1] if len(args) > 1 else kwargs.get("dim", 0)) % x.dim()
    if parts == 1:
        return None
    if part.shape[axis] * parts == x.shape[axis] and isinstance(args[0], int):
        return ops.Split(parts, position, axis)
    sizes = args[0] if isinstance(args[0], list | tuple) else [args[0]] * position
    start = sum(sizes[:position])
    return ops.Slice(start, start + shape[axis], axis) if shape[axis] else Viewed("split", shape)


@aten("unsqueeze_", "squeeze_", "transpose_", "t_", "as_strided_", "resize_", "set_", "swapaxes_")
def renamed(call: "Call", x: Tensor, *args: Any, **kwargs: Any) -> Tensor:
    """A view that replaces the tensor itself, such as `unsqueeze_`."""
    value = call.value(x)
    before = Value(
        value.shape, value.scope, value.storage, value.version, value.node, value.source,
        value.parent, value.view, value.weight,
    )  # fmt: skip
    with torch._C._DisableTorchDispatch():
        call.func(x, *args, **kwargs)
    shape = tuple(x.shape)
    value.shape, value.node, value.source = shape, None, None
    value.parent, value.view = before, Viewed(call.name, shape)
    return x


@aten(
    "clone", "_to_copy", "repeat", "flip", "pixel_shuffle", "pixel_unshuffle", "im2col",
    "rot90", "repeat_interleave", "expand_copy", "_pin_memory",
    "tile", "to_mkldnn", "to_dense", "take_along_dim", "diagonal_copy", "unfold_copy",
    "view_copy", "slice_copy", "select_copy", "permute_copy", "transpose_copy", "t_copy", "squeeze_copy",
    "unsqueeze_copy", "as_strided_copy", "alias_copy", "detach_copy", "_reshape_copy",
)  # fmt: skip
def copy(call: "Call", x: Tensor, *args: Any, **kwargs: Any) -> Any:
    """An operator that copies: each element of the output is read once and written once."""
    shape = tuple(call.result().shape)
    op = Copied(call.name.strip("_"), shape, steps=moves(call.name, tuple(x.shape), shape, args))
    return call.tensor(call.emit(op, (x,)))


def moves(name: str, x: Shape, y: Shape, args: Sequence[Any]) -> Rearrangement | None:
    """How the elements of a copy come from its input's, where that is known."""
    if name == "flip":
        return tuple(Along(axis % len(x), Span.every(-1, x[axis] - 1)) for axis in args[0])
    if name == "pixel_shuffle" and len(x) == 4:
        return depth_to_space(x, args[0])
    if name == "pixel_unshuffle" and len(x) == 4:
        return space_to_depth(x, args[0])
    if name == "repeat":
        return repeated(x, tuple(args[0])) if 0 not in y else None
    return None


@aten(
    "reflection_pad1d",
    "reflection_pad2d",
    "reflection_pad3d",
    "replication_pad1d",
    "replication_pad2d",
    "replication_pad3d",
)
def mirrored(call: "Call", x: Tensor, padding: Sequence[int]) -> Any:
    """A padding that fills the border with copies of what is inside."""
    shape = list(x.shape)
    for place, side in enumerate(padding):
        shape[-1 - place // 2] += side
    first = [padding[2 * place] for place in range(len(padding) // 2)][::-1]
    beyond = tuple(Along(axis, Span.every(1, -side)) for axis, side in enumerate(first, x.dim() - len(first)))
    return call.tensor(call.emit(Copied(call.name, tuple(shape), steps=beyond), (x,)), x, in_format)


@aten("copy")
def overwrite(call: "Call", x: Tensor, source: Tensor, *args: Any) -> Any:
    """A tensor that is copied into another one, `x.copy_(y)`."""
    return call.tensor(call.emit(Copied("copy", tuple(x.shape)), (source,)))


@aten("cat", "concat")
def cat(call: "Call", parts: Sequence[Tensor], axis: int = 0) -> Any:
    """One behind the other along an axis; parts without elements do not count."""
    filled = [x for x in parts if x.numel() or x.dim() > 1]
    if len(filled) < 2:
        return call.tensor(call.emit(Copied("cat", tuple(call.result().shape)), filled))
    op = ops.Concat(axis)
    first = filled[0]
    alike = all(x.dtype is first.dtype for x in filled)
    return call.tensor(call.emit(op, filled), first if alike else None, joined, operands=filled)


def joined(shape: Shape, operands: Sequence[Tensor]) -> Sequence[int]:
    """The output's strides of a concatenation: channels last where all parts have them so."""
    if all(is_channels_last(tuple(x.shape), x.stride()) for x in operands):
        return channels_last(shape)
    return contiguous(shape)


@aten("stack")
def stack(call: "Call", parts: Sequence[Tensor], axis: int = 0) -> Any:
    """One beside the other along a new axis."""
    return call.tensor(call.emit(Copied("stack", tuple(call.result().shape)), parts))


@aten("block_diag")
def blocks(call: "Call", parts: Sequence[Tensor]) -> Any:
    """`torch.block_diag`: matrices along the diagonal of a larger one."""
    return filled(call, parts)


@aten("diag_embed", "max_unpool2d", "max_unpool3d")
def spread(call: "Call", x: Tensor, *args: Any, **kwargs: Any) -> Any:
    """Elements written along a diagonal, or where `max_unpool` is told that the maximum was."""
    return filled(call, [x], [each for each in args if isinstance(each, Tensor)])


def filled(call: "Call", parts: Sequence[Tensor], numbers: Sequence[Tensor] = ()) -> Any:
    """Elements written somewhere into an output that is constant elsewhere."""
    op = Copied(
        call.name,
        tuple(call.result().shape),
        indices=sum(each.numel() for each in numbers),
        found=sum(part.numel() for part in parts),
    )
    return call.tensor(call.emit(op, [*parts, *numbers]))


@aten("channel_shuffle", "native_channel_shuffle")
def channel_shuffle(call: "Call", x: Tensor, groups: int) -> Any:
    """The operator that specs have for a channel shuffle."""
    return call.tensor(call.emit(ops.ChannelShuffle(groups), (x,)), x, in_format)


@aten("constant_pad_nd")
def pad(call: "Call", x: Tensor, padding: Sequence[int], *args: Any) -> Any:
    """A constant padding. PyTorch lists the sides of the last axis first; a negative side crops."""
    pairs = tuple(zip(padding[::2], padding[1::2], strict=True))[::-1]
    if len(pairs) >= x.dim():
        shape = tuple(call.result().shape)
        return call.tensor(call.emit(Copied("pad", shape, found=min(x.numel(), prod(shape))), (x,)))
    value = cropped(call, x, pairs) if min(padding) < 0 else call.value(x)
    grown = tuple((max(0, before), max(0, after)) for before, after in pairs)
    layout = like if max(padding) <= 0 else in_format  # what is only cropped is a copy of a part
    return call.tensor(call.tape.emit(ops.Pad(grown), [value]), x, layout)


def cropped(call: "Call", x: Tensor, pairs: Sequence[tuple[int, int]]) -> Value:
    """The part of a tensor that is left where sides of its padding are negative."""
    value, shape = call.value(x), [*x.shape]
    for axis, (before, after) in enumerate(pairs, x.dim() - len(pairs)):
        start, stop = max(0, -before), shape[axis] + min(0, after)
        if stop - start < shape[axis]:
            shape[axis] = stop - start
            value = call.tape.view(value, ops.Slice(start, stop, axis), tuple(shape))
    return value


@aten("roll")
def roll(call: "Call", x: Tensor, shifts: Sequence[int], axes: Sequence[int] = ()) -> Any:
    """A shift of the elements along axes; what leaves at one end comes in at the other."""
    if not axes or len(axes) != len(shifts):
        return copy(call, x)
    return call.tensor(call.emit(ops.Roll(tuple(shifts), tuple(axes)), (x,)), x, in_format)
