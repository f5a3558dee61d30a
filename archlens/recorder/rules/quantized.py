"""Layers with packed weights of few bits, as `torch.ao.quantization` makes them.

The weights are no parameters to PyTorch once they are packed, and are to us.
"""

from collections.abc import Sequence
from math import prod
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from archlens import ops
from archlens.ops import Shape
from archlens.recorder.arguments import tensors_in
from archlens.recorder.dynamic import Embedding
from archlens.recorder.fake_tensor import FakeTensor, contiguous
from archlens.recorder.operators import Computed, Copied, Pointwise
from archlens.recorder.recurrent import Recurrent
from archlens.recorder.rules.convolution import short
from archlens.recorder.rules.recurrent import ending, state_of
from archlens.recorder.rules.table import aten
from archlens.recorder.strides import packed as in_order
from archlens.recorder.value import Learnable, Weight

if TYPE_CHECKING:
    from archlens.recorder.call import Call

__all__: list[str] = []


def learnt(packed: Any, elements: int) -> Weight:
    """The weights in a packed object, which Python may wrap anew at each call: its hash stays."""
    return Weight(Learnable("", f"packed{hash(packed)}", elements), 0, elements)


def counted(weight: Tensor, bias: Tensor | None) -> int:
    """How many weights were packed."""
    return weight.numel() + (0 if bias is None else bias.numel())


def activated(call: "Call", node: int, like: Tensor) -> Any:
    """What comes out, of an activation that is part of the operator where there is one."""
    if "relu" in call.name:
        node = call.tape.emit(ops.ReLU(), [call.tape.value(node)])
    return call.tensor(node, like)


@aten(
    "quantized::linear_dynamic", "quantized::linear_relu_dynamic", "quantized::linear_dynamic_fp16",
    "quantized::linear_relu_dynamic_fp16", "quantized::linear", "quantized::linear_relu",
)  # fmt: skip
def linear(call: "Call", x: Tensor, packed: Any, *args: Any, **kwargs: Any) -> Any:
    """A linear layer."""
    weight, bias = torch.ops.quantized.linear_unpack(packed)
    op = ops.Linear(weight.shape[0], bias is not None)
    node = call.tape.emit(op, [call.value(x)], [learnt(packed, counted(weight, bias))])
    return activated(call, node, x)


@aten(
    "quantized::conv1d", "quantized::conv2d", "quantized::conv3d", "quantized::conv1d_relu",
    "quantized::conv2d_relu", "quantized::conv3d_relu", "quantized::conv1d_dynamic",
    "quantized::conv2d_dynamic", "quantized::conv3d_dynamic",
)  # fmt: skip
def convolution(call: "Call", x: Tensor, packed: Any, *args: Any, **kwargs: Any) -> Any:
    """A convolution. One axis is packed as two, of which the first is 1 long."""
    axes = x.dim() - 2
    weight, bias = (torch.ops.quantized.conv3d_unpack if axes == 3 else torch.ops.quantized.conv2d_unpack)(
        packed
    )
    stride, padding, dilation = (
        short(list(values)[-axes:]) for values in (packed.stride(), packed.padding(), packed.dilation())
    )
    kernel = short(tuple(weight.shape[2:])[-axes:])
    op = ops.Conv(weight.shape[0], kernel, stride, padding, dilation, packed.groups(), bias is not None)
    node = call.tape.emit(op, [call.value(x)], [learnt(packed, counted(weight, bias))])
    return activated(call, node, x)


@aten("quantized::add", "quantized::add_relu", "quantized::mul", "quantized::mul_relu")
def pairwise(call: "Call", a: Any, b: Any, *args: Any, **kwargs: Any) -> Any:
    """A sum or a product of two tensors, or of one and a number."""
    both = [x for x in (a, b) if isinstance(x, Tensor)]
    op = ops.Add() if "::add" in call.name else ops.Multiply()
    name = call.name.removeprefix("quantized::")
    node = call.emit(op if len(both) == 2 else Pointwise(name, tuple(both[0].shape)), both)
    return activated(call, node, both[0])


@aten("quantized::cat", "quantized::cat_relu")
def joined(call: "Call", parts: Sequence[Tensor], axis: int, *args: Any, **kwargs: Any) -> Any:
    """One behind the other along an axis."""
    return activated(call, call.emit(ops.Concat(axis), parts), parts[0])


@aten(
    "quantized::hardswish", "quantized::leaky_relu", "quantized::sigmoid", "quantized::relu6",
    "quantized::clamp", "quantized::elu", "quantized::celu", "quantized::add_scalar", "quantized::mul_scalar",
)  # fmt: skip
def function(call: "Call", x: Tensor, *args: Any, **kwargs: Any) -> Any:
    """A function of each element."""
    name = call.name.removeprefix("quantized::")
    return call.tensor(call.emit(Pointwise(name, tuple(x.shape)), (x,)), x)


@aten(
    "fake_quantize_per_tensor_affine_cachemask", "fake_quantize_per_channel_affine_cachemask",
    "_fake_quantize_per_tensor_affine_cachemask_tensor_qparams", "_fused_moving_avg_obs_fq_helper",
)  # fmt: skip
def rounded(call: "Call", x: Tensor, *args: Any, **kwargs: Any) -> Any:
    """What training for few bits does: each number rounded to one of theirs. Its mask is for gradients."""
    shape = tuple(x.shape)
    node = call.emit(Pointwise("fake_quantize", shape), (x,))
    if call.real:
        return call.tensors(node, call.result())
    return call.tensors(node, (blank(shape, x), FakeTensor(shape, contiguous(shape), torch.bool, x.device)))


@aten("dequantize")
def dequantize(call: "Call", x: Tensor, *args: Any, **kwargs: Any) -> Any:
    """Back to floating point."""
    return call.tensor(call.emit(Copied("dequantize", tuple(x.shape)), (x,)), x, dtype=torch.float32)


@aten("quantized::embedding_byte", "quantized::embedding_4bit")
def embedding(call: "Call", packed: Any, indices: Tensor, *args: Any, **kwargs: Any) -> Any:
    """Rows of a table."""
    rows, features = torch.ops.quantized.embedding_bag_unpack(packed).shape
    op = Embedding("embedding", (*indices.shape, features), rows, features)
    node = call.emit(op, (indices,), [learnt(packed, rows * features)])
    return call.tensor(node, indices, in_order, dtype=torch.float32)


@aten("quantized::embedding_bag_byte", "quantized::embedding_bag_4bit")
def bags(call: "Call", packed: Any, indices: Tensor, *args: Any, **kwargs: Any) -> Any:
    """Rows of a table, added up or averaged: as many as the result has, where offsets tell."""
    rows, features = torch.ops.quantized.embedding_bag_unpack(packed).shape
    op = Embedding("embedding", (indices.numel(), features), rows, features)
    picked = call.emit(op, (indices,), [learnt(packed, rows * features)])
    shape = tuple(call.result().shape)
    others = [call.value(each) for each in tensors_in((args, kwargs))]  # as in bags that are not quantised
    return call.tensor(call.tape.emit(Computed("bag", shape), [call.tape.value(picked), *others]))


@aten("quantized_lstm", "quantized_gru")
def layers(call: "Call", x: Tensor, *args: Any, **kwargs: Any) -> Any:
    """All layers of a recurrent network, a node each. Sequences of different lengths come packed."""
    named = dict(zip((argument.name for argument in call.func._schema.arguments[1:]), args, strict=False))
    given = named["hx"] if isinstance(named["hx"], list | tuple) else [named["hx"]]
    directions = 1 + bool(named["bidirectional"])
    batch_first = bool(named.get("batch_first"))
    steps = named["batch_sizes"].shape[0] if "batch_sizes" in named else x.shape[1 if batch_first else 0]
    value = call.value(x)
    for layer in range(0, len(named["params"]), directions):
        cells = named["params"][layer : layer + directions]
        unpacked = [unpacked_cell(cell) for cell in cells]
        hidden = given[0].shape[-1]
        bias = sum(second.numel() for weights in unpacked for _, second in weights if second is not None)
        states = [state_of(call, state, directions) for state in given]
        op = Recurrent(
            call.name.removeprefix("quantized_"), (*value.shape[:-1], directions * hidden), hidden,
            directions, bias, steps=steps,
        )  # fmt: skip
        owned = [
            learnt(cell, sum(counted(*pair) for pair in weights))
            for cell, weights in zip(cells, unpacked, strict=True)
        ]
        node = call.tape.emit(op, [value, *states], owned)
        value = call.tape.value(node)
    return ending(call, value, given, like=x, batch_first=batch_first)


def unpacked_cell(cell: Any) -> list[Any]:
    """The weights and biases of a cell: for what comes in, and for the state."""
    (_, _, _, _, packed), _ = cell.__getstate__()
    return [torch.ops.quantized.linear_unpack(each) for each in packed]


def blank(shape: Sequence[int], like: Tensor) -> FakeTensor:
    """A tensor without elements, of the type of another."""
    return FakeTensor(shape, contiguous(shape), like.dtype, like.device)


@aten(
    "quantized::quantized_lstm_cell_dynamic", "quantized::quantized_gru_cell_dynamic",
    "quantized::quantized_rnn_tanh_cell_dynamic", "quantized::quantized_rnn_relu_cell_dynamic",
)  # fmt: skip
def cell(call: "Call", x: Tensor, given: Any, w_x: Any, w_h: Any, b_x: Tensor, b_h: Tensor) -> Any:
    """One step of a recurrent layer."""
    states = given if isinstance(given, list | tuple) else [given]
    shape: Shape = tuple(states[0].shape)
    owned = [
        learnt(packed, torch.ops.quantized.linear_unpack(packed)[0].numel() + bias.numel())
        for packed, bias in ((w_x, b_x), (w_h, b_h))
    ]
    name = call.name.removeprefix("quantized::quantized_").partition("_")[0]
    op = Recurrent(name, shape, shape[-1], bias=prod(b_x.shape) + prod(b_h.shape))
    node = call.tape.emit(op, [call.value(each) for each in (x, *states)], owned)
    if len(states) == 1:
        return call.tensor(node, x)
    return call.tensors(node, call.result() if call.real else [blank(shape, x) for _ in states])
