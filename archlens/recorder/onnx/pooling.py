"""Pools and reductions: one output for many elements."""

from math import prod

from archlens import ops
from archlens.errors import OperatorError
from archlens.ops import Span
from archlens.ops.rearrangement import Along, Rearrangement
from archlens.ops.window import windows
from archlens.recorder.onnx.call import Call, Rules
from archlens.recorder.onnx.convolution import one, padding_of, per_axis
from archlens.recorder.onnx.values import Value
from archlens.recorder.operators import Computed, Viewed

__all__ = ["RULES"]

REDUCTIONS = {"ReduceMean": ops.Mean, "ReduceSum": ops.Sum, "ReduceMax": ops.Maximum}


def windowed(call: Call) -> Value:
    """MaxPool, AveragePool, LpPool. Forms that no spec has are general operators of the same cost."""
    kernel = tuple(call.attributes["kernel_shape"])
    axes = len(kernel)
    stride, dilation = per_axis(call, "strides", axes), per_axis(call, "dilations", axes)
    ceil = bool(call.attributes.get("ceil_mode", 0))
    try:
        padding = padding_of(call, kernel)
        pool: ops.Op
        if call.kind == "MaxPool":
            pool = ops.MaxPool(one(kernel), one(stride), padding, one(dilation), ceil)
        elif call.kind == "AveragePool" and set(dilation) == {1}:
            included = bool(call.attributes.get("count_include_pad", 0))
            pool = ops.AveragePool(one(kernel), one(stride), padding, ceil, included)
        else:
            raise OperatorError("no spec has it")
        if pool.output((call.shape_of(0),)) == call.shape:
            return call.add(pool, call.x)
    except OperatorError:
        pass
    return call.add(Computed(call.name, call.shape, steps=slid(call, kernel, stride, dilation)), call.x)


def max_pool(call: Call) -> list[Value]:
    """MaxPool, and where the maxima stand if that is asked for."""
    if len(call.shapes) < 2:
        return [windowed(call)]
    shape, kernel = call.shape, tuple(call.attributes["kernel_shape"])
    stride, dilation = per_axis(call, "strides", len(kernel)), per_axis(call, "dilations", len(kernel))
    steps = slid(call, kernel, stride, dilation)
    made = call.add(Computed(call.name, shape, others=prod(shape), steps=steps), call.x)
    return [made, call.add(Viewed("places", shape), made)]


def slid(
    call: Call, kernel: tuple[int, ...], stride: tuple[int, ...], dilation: tuple[int, ...]
) -> Rearrangement | None:
    """The windows of a pooling that no spec has: what each output sees along each axis."""
    try:
        found = windows(call.shape_of(0)[2:], kernel, stride, dilation, padding_of(call, kernel))
    except OperatorError:
        return None
    return tuple(Along(axis, Span.of_window(window)) for axis, window in enumerate(found, 2))


def global_average(call: Call) -> Value:
    """A global average pooling, which keeps the axes with length 1."""
    return call.add(ops.GlobalAveragePool(keep_axes=True), call.x)


def global_max(call: Call) -> Value:
    """A global maximum pooling, which keeps the axes with length 1."""
    return call.add(ops.GlobalMaxPool(keep_axes=True), call.x)


def reduction(call: Call) -> Value:
    """ReduceMean and its kin: along all axes unless they are given."""
    x = call.x
    keep = bool(call.attributes.get("keepdims", 1))
    if (given := call.operand(1)) is not None and given.integers is None:
        return computed(call)  # only a run tells along which axes, but the file states what comes out
    axes = call.integers(1, "axes") or ()
    if not axes and call.attributes.get("noop_with_empty_axes"):
        return call.add(ops.Identity(), x)
    axes = axes or tuple(range(len(call.shape_of(0))))
    if not axes:
        return call.add(ops.Identity(), x)
    if call.kind in REDUCTIONS:
        return call.add(REDUCTIONS[call.kind](axes, keep), x)
    return computed(call)


def computed(call: Call) -> Value:
    """Any other reduction: each output is computed from several elements of the input."""
    return call.add(Computed(call.name, call.shape), call.x)


RULES: Rules = {
    "ArgMax": computed,
    "ArgMin": computed,
    "AveragePool": windowed,
    "GlobalAveragePool": global_average,
    "GlobalLpPool": computed,
    "GlobalMaxPool": global_max,
    "LpPool": windowed,
    "MaxPool": max_pool,
    **{
        f"Reduce{name}": reduction
        for name in ("L1", "L2", "LogSum", "LogSumExp", "Max", "Mean", "Min", "Prod", "Sum", "SumSquare")
    },
}
