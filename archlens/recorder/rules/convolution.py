"""Convolutions."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from torch import Tensor

from archlens import ops
from archlens.errors import OperatorError
from archlens.ops.operator import Shape, shown
from archlens.recorder.dynamic import DynamicConv
from archlens.recorder.fake_tensor import contiguous
from archlens.recorder.rules.table import aten
from archlens.recorder.rules.unknown import composite
from archlens.recorder.strides import channels_last, is_channels_last

if TYPE_CHECKING:
    from archlens.recorder.call import Call

__all__: list[str] = []


@aten("convolution", "_convolution", "cudnn_convolution")
def convolution(
    call: "Call",
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None,
    stride: Sequence[int],
    padding: Sequence[int],
    dilation: Sequence[int],
    transposed: bool,
    output_padding: Sequence[int],
    groups: int,
    *args: Any,
) -> Tensor:
    """A convolution with weights of its own, or one whose weights were computed."""
    axes = x.dim() - 2
    out = weight.shape[1] * groups if transposed else weight.shape[0]
    expected = weight.shape[0] if transposed else weight.shape[1] * groups
    if x.shape[1] != expected:
        raise OperatorError(
            f"{shown(tuple(x.shape))} has {x.shape[1]} channels, its weights are for {expected}"
        )
    kernel = tuple(weight.shape[2:])
    learnt = [call.weight(weight), call.weight(bias)]
    if learnt[0] is None or (bias is not None and learnt[1] is None):
        inputs = [x, weight] if bias is None else [x, weight, bias]
        shape = tuple(call.result().shape)
        dynamic = DynamicConv(
            "conv", shape, kernel, spread(stride, axes), spread(padding, axes), spread(dilation, axes),
            groups, transposed,
        )  # fmt: skip
        return call.tensor(call.emit(dynamic, inputs), x, convolved, operands=(x, weight))
    op: ops.Op
    biased = bias is not None
    if transposed:
        op = ops.TransposedConv(
            out, short(kernel), short(stride), short(padding), short(output_padding), short(dilation), groups,
            biased,
        )  # fmt: skip
    else:
        op = ops.Conv(out, short(kernel), short(stride), short(padding), short(dilation), groups, biased)
    return call.tensor(call.emit(op, (x,), learnt), x, convolved, operands=(x, weight))


@aten("conv1d", "conv2d", "conv3d")
def of_complex(
    call: "Call",
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Sequence[int] = (1,),
    padding: Any = (0,),
    dilation: Sequence[int] = (1,),
    groups: int = 1,
) -> Any:
    """One convolution of complex numbers, which PyTorch runs as three of real ones."""
    axes = weight.dim() - 2
    steps = spread(dilation, axes)
    if isinstance(padding, str):
        sides = [each * (length - 1) for each, length in zip(steps, weight.shape[2:], strict=True)]
        padding = (0,) * axes if padding == "valid" else None if odd(sides) else [side // 2 for side in sides]
    if not x.is_complex() or padding is None or x.dim() != weight.dim():
        return composite(call, *call.args, **call.kwargs)
    return convolution(call, x, weight, bias, stride, padding, dilation, False, (0,), groups)


@aten("conv_transpose1d", "conv_transpose2d", "conv_transpose3d")
def transposed_of_complex(
    call: "Call",
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Sequence[int] = (1,),
    padding: Sequence[int] = (0,),
    output_padding: Sequence[int] = (0,),
    groups: int = 1,
    dilation: Sequence[int] = (1,),
) -> Any:
    """The same, transposed."""
    if not x.is_complex() or x.dim() != weight.dim():
        return composite(call, *call.args, **call.kwargs)
    return convolution(call, x, weight, bias, stride, padding, dilation, True, output_padding, groups)


def odd(lengths: Sequence[int]) -> bool:
    """Whether one of some lengths cannot be halved."""
    return any(length % 2 for length in lengths)


@aten("mkldnn_convolution")
def mkldnn(
    call: "Call",
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None,
    padding: Sequence[int],
    stride: Sequence[int],
    dilation: Sequence[int],
    groups: int,
) -> Tensor:
    """A convolution that PyTorch runs in oneDNN, whose arguments come in another order."""
    made: Tensor = convolution(call, x, weight, bias, stride, padding, dilation, False, (0,), groups)
    return made


def convolved(shape: Shape, operands: Sequence[Tensor]) -> Sequence[int]:
    """The output's strides: channels last where the map's or the weights' are, in two or three dimensions."""
    for x in operands:
        if is_channels_last(tuple(x.shape), x.stride()):
            return channels_last(shape)
    return contiguous(shape)


def short(values: Sequence[int]) -> int | tuple[int, ...]:
    """One number where all axes have the same, as a spec would say it.

    >>> short((3, 3)), short((1, 7))
    (3, (1, 7))
    """
    first = values[0]
    return first if values.count(first) == len(values) else tuple(values)


def spread(values: Sequence[int], axes: int) -> tuple[int, ...]:
    """A list with one number for each spatial axis."""
    return tuple(values) if len(values) == axes else (values[0],) * axes
