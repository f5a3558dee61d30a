"""Convolutions: plain, transposed, quantised, and by weights that the network computes."""

from archlens import ops
from archlens.errors import OperatorError
from archlens.ops.window import Padding, Window
from archlens.recorder.dynamic import DynamicConv
from archlens.recorder.onnx.call import Call, Rules
from archlens.recorder.onnx.values import Value

__all__ = ["RULES", "padding_of", "pairs_of", "per_axis"]

Extent = int | tuple[int, ...]


def per_axis(call: Call, name: str, axes: int) -> tuple[int, ...]:
    """An attribute with an integer for each spatial axis: 1 where it is left out."""
    return tuple(call.attributes.get(name) or (1,) * axes)


def one(lengths: tuple[int, ...]) -> Extent:
    """One integer in the place of a list of equal ones."""
    return lengths[0] if lengths and len(set(lengths)) == 1 else lengths


def pairs_of(call: Call, axes: int) -> tuple[tuple[int, int], ...]:
    """The explicit padding: ONNX lists all that is before, then all that is behind."""
    pads = tuple(call.attributes.get("pads") or (0,) * (2 * axes))
    if len(pads) != 2 * axes:
        raise OperatorError(f"{len(pads)} paddings for {axes} axes")
    return tuple(zip(pads[:axes], pads[axes:], strict=True))


def padding_of(call: Call, kernel: tuple[int, ...]) -> Padding:
    """The padding of a window: one number where all sides are the same."""
    axes = len(kernel)
    automatic = call.attributes.get("auto_pad", "NOTSET")
    if automatic == "VALID":
        return 0
    if automatic == "SAME_UPPER":
        return "tensorflow_same"
    if automatic == "SAME_LOWER":
        return larger_before(call, kernel)
    pairs = pairs_of(call, axes)
    if any(before != after for before, after in pairs):
        return pairs
    return one(tuple(before for before, _ in pairs))


def larger_before(call: Call, kernel: tuple[int, ...]) -> Padding:
    """The padding that keeps ⌈size / stride⌉ places, the larger half before."""
    axes = len(kernel)
    steps = zip(
        call.shape_of(0)[2:], kernel, per_axis(call, "strides", axes), per_axis(call, "dilations", axes),
        strict=True,
    )  # fmt: skip
    pairs = []
    for size, k, s, d in steps:
        extent = Window(k, s, d, 0, 0).extent
        total = max((-(-size // s) - 1) * s + extent - size, 0)
        pairs.append((total - total // 2, total // 2))
    return tuple(pairs)


def convolved(call: Call, x: Value, weights: Value, bias: Value | None) -> Value:
    """A convolution of x, its parameters counted where the file stores them."""
    shape = weights.shape
    if shape is None or len(shape) < 3:
        raise OperatorError("the weights have no spatial axes")
    kernel = shape[2:]
    axes = len(kernel)
    groups = call.attributes.get("group", 1)
    stride, dilation = per_axis(call, "strides", axes), per_axis(call, "dilations", axes)
    padding = padding_of(call, kernel)
    own = bias is not None and bool(bias.weight)
    if not weights.weight or (bias is not None and not own and not bias.constant):
        op = DynamicConv(call.name, call.shape, kernel, stride, padding, dilation, groups)
        return call.add(op, x, weights, *(() if bias is None else (bias,)))
    conv = ops.Conv(shape[0], one(kernel), one(stride), padding, one(dilation), groups, own)
    if (x.shape or ())[1:2] != (shape[1] * groups,):
        raise OperatorError(f"weights for {shape[1]} channels in each of {groups} groups")
    return call.add(conv, x, weights=(weights, bias))  # a constant bias is zeros that an exporter filled in


def conv(call: Call) -> Value:
    """Conv: x, weights, bias."""
    return convolved(call, call.x, call.needed(1), call.operand(2))


def conv_integer(call: Call) -> Value:
    """ConvInteger: x, weights, and where their zeros are."""
    return convolved(call, call.x, call.needed(1), None)


def quantized_conv(call: Call) -> Value:
    """QLinearConv: x, weights and output, each with its scale and zero, and a bias."""
    return convolved(call, call.x, call.needed(3), call.operand(8))


def transposed(call: Call) -> Value:
    """ConvTranspose: its output is what the file asks for, however that is said."""
    x, weights, bias = call.x, call.needed(1), call.operand(2)
    shape = call.shape_of(1)
    if len(shape) < 3 or call.shape_of(0)[1:2] != shape[:1]:
        raise OperatorError("the weights do not fit")
    own = bias is not None and bool(bias.weight)
    if not weights.weight or (bias is not None and not own and not bias.constant):
        axes = len(shape) - 2
        op = DynamicConv(
            call.name, call.shape, shape[2:], per_axis(call, "strides", axes), 0,
            per_axis(call, "dilations", axes), call.attributes.get("group", 1), transposed=True,
        )  # fmt: skip
        return call.add(op, x, weights, *(() if bias is None else (bias,)))
    kernel, groups = shape[2:], call.attributes.get("group", 1)
    axes = len(kernel)
    stride, dilation = per_axis(call, "strides", axes), per_axis(call, "dilations", axes)
    padding, extra = [], []
    for length, out, k, s, d in zip(
        call.shape_of(0)[2:], call.shape[2:], kernel, stride, dilation, strict=True
    ):
        cropped = (length - 1) * s + d * (k - 1) + 1 - out
        padding.append(max(0, -(-cropped // 2)))
        extra.append(2 * padding[-1] - cropped)
    conv = ops.TransposedConv(
        shape[1] * groups, one(kernel), one(stride), one(tuple(padding)), one(tuple(extra)), one(dilation),
        groups, own,
    )  # fmt: skip
    return call.add(conv, x, weights=(weights, bias))


RULES: Rules = {
    "Conv": conv,
    "ConvInteger": conv_integer,
    "ConvTranspose": transposed,
    "QLinearConv": quantized_conv,
}
