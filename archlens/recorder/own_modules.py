"""Modules of ours that PyTorch runs as several operators, where a graph has one.

PyTorch cannot pad a convolution unevenly, average over the inside of a map, or standardise weights in
one operator, so the modules that `archlens.build` makes for these run several. What they ran is
recognised here by the pattern of its operators and becomes the one operator again; what follows from
the operators' own arguments is taken from them, the rest from the module. Anything else, of whoever's,
is recorded as it ran.
"""

from collections.abc import Callable, Sequence
from typing import Any

from torch import nn

from archlens import ops
from archlens.errors import OperatorError
from archlens.ops import Op
from archlens.recorder.dynamic import DynamicConv
from archlens.recorder.entry import Entry
from archlens.recorder.mode import Recorder
from archlens.recorder.naming import is_view
from archlens.recorder.operators import Computed, Parameter
from archlens.recorder.wrappers import main_tensor

__all__ = ["recognised", "recogniser_for"]

Entries = Sequence[Entry]
Recogniser = Callable[[Any, Entries], Op | None]
Sides = tuple[tuple[int, int], ...]


def recogniser_for(module: nn.Module) -> Recogniser | None:
    """The function that recognises what a module of this class ran; None for modules that are not ours."""
    cls = type(module)
    return RECOGNISERS.get(f"{cls.__module__}.{cls.__qualname__}")


def recognised(recorder: Recorder, recogniser: Recogniser, module: nn.Module, start: int, output: Any) -> Any:
    """Put one node in the place of those that the module ran, if they have the pattern of its class."""
    tape = recorder.tape
    ran = tape.entries[start:]
    op = recogniser(module, [entry for entry in ran if not is_view(entry.op)])
    if op is None:
        return output
    inputs = dict.fromkeys(i for entry in ran for i in entry.inputs if i < start)
    fed = [origin(tape.entries, i, start) for i in ran[-1].inputs] if op.arity == 2 else inputs
    weights = dict.fromkeys(weight for entry in ran for weight in entry.weights)
    for _, value in recorder.outside.values():
        if value.node is not None and value.node >= start:
            value.node = None
    recorder.attach(main_tensor(output), tape.value(tape.replace_from(start, op, tuple(fed), tuple(weights))))
    return output


def origin(entries: Entries, position: int, start: int) -> int:
    """The node from outside the module that a node inside was viewed or copied from."""
    while position >= start:
        position = entries[position].inputs[0]
    return position


def kinds(ran: Entries) -> list[str]:
    """The names of the operators that ran, in order."""
    return [entry.op.label(()) if isinstance(entry.op, Computed) else entry.op.kind for entry in ran]


def padded(module: Any, ran: Entries) -> Op | None:
    """A pad before a convolution or a pooling: their padding, which need not be even."""
    if len(ran) != 2 or not isinstance(ran[0].op, ops.Pad):
        return None
    return with_padding(ran[1], ran[0].op.padding)


def with_padding(entry: Entry, sides: Sides) -> Op | None:
    """A convolution or a pooling with more padding than it has."""
    op = entry.op
    if isinstance(op, ops.Conv):
        padding = more(op.padding, sides)
        return ops.Conv(op.out, op.kernel, op.stride, padding, op.dilation, op.groups, op.bias)
    try:
        if isinstance(op, ops.MaxPool):
            return ops.MaxPool(op.kernel, op.stride, more(op.padding, sides), op.dilation, op.ceil_mode)
        if isinstance(op, ops.AveragePool):
            return ops.AveragePool(op.kernel, op.stride, more(op.padding, sides), op.ceil_mode, False)
    except OperatorError:
        return None
    return op if isinstance(op, Computed) else None


def more(padding: Any, sides: Sides) -> Sides:
    """The padding of a window once a pad before it is added to its own."""
    each = padding if isinstance(padding, tuple) else (padding,) * len(sides)
    own = [side if isinstance(side, tuple) else (side, side) for side in each]
    return tuple((b + c, a + d) for (b, a), (c, d) in zip(own, sides, strict=True))


def mean_of_inside(module: Any, ran: Entries) -> Op | None:
    """An average pooling that leaves the padding out: sums of windows, divided by how much lies inside."""
    if kinds(ran) != ["made", "pad", "average_pool", "pad", "average_pool", "div"]:
        return None
    pad = ran[1].op
    assert isinstance(pad, ops.Pad)
    return with_padding(ran[2], pad.padding)


def weight_standardized(module: Any, ran: Entries) -> Op | None:
    """A convolution with weights that were shifted and scaled."""
    conv = ran[-1].op
    expected = ["var_mean", "sub", "multiply", "scale", "clamp", "rsqrt", "multiply"]
    between = [kind for kind in kinds(ran[:-1]) if kind not in ("parameter", "pad")]
    if not isinstance(conv, DynamicConv) or between != expected:
        return None
    pads = [entry.op.padding for entry in ran if isinstance(entry.op, ops.Pad)]
    padding = more(conv.padding, pads[0]) if pads else conv.padding
    bias = sum(isinstance(entry.op, Parameter) for entry in ran) == 3
    return ops.WeightStandardizedConv(
        ran[-1].shape[1], conv.kernel, conv.stride, padding, conv.dilation, conv.groups, bias
    )


def unit_norm(module: Any, ran: Entries) -> Op | None:
    """Division by the length along an axis."""
    return ops.UnitNorm(module.axis) if kinds(ran) == ["linalg_vector_norm", "clamp_min", "div"] else None


def local_response_norm(module: Any, ran: Entries) -> Op | None:
    """PyTorch's own module, which runs seven operators."""
    if kinds(ran) != ["multiply", "pad", "average_pool", "scale", "add", "pow", "div"]:
        return None
    return ops.LocalResponseNorm(
        module.size, float(module.alpha / module.size), float(module.beta), float(module.k)
    )


def position_bias(module: Any, ran: Entries) -> Op | None:
    """A table, its rows picked, and a sum."""
    kept = [kind for kind in kinds(ran) if kind != "constant"]
    if kept != ["parameter", "copy", "add"]:
        return None
    return ops.RelativePositionBias(module.window, mirrored=module.mirrored)


def window_mask(module: Any, ran: Entries) -> Op | None:
    """The mask of shifted windows: a constant that is added."""
    if [kind for kind in kinds(ran) if kind != "constant"] != ["add"]:
        return None
    return ops.WindowMask(module.size, module.window, module.shift)


def class_token(module: Any, ran: Entries) -> Op | None:
    """Weights joined with what comes in."""
    return ops.ClassToken(ran[0].shape[1]) if kinds(ran) == ["parameter", "concat"] else None


def position_embedding(module: Any, ran: Entries) -> Op | None:
    """A sum with weights."""
    if kinds(ran) != ["parameter", "add"]:
        return None
    shape = ran[0].shape
    axes = tuple(axis for axis, length in enumerate(shape) if length == ran[1].shape[axis] and axis)
    return ops.PositionEmbedding(axes)


def gain(module: Any, ran: Entries) -> Op | None:
    """A product with one learnt weight for each channel."""
    return ops.Gain(ran[0].shape != ()) if kinds(ran) == ["parameter", "multiply"] else None


def affine_grid(module: Any, ran: Entries) -> Op | None:
    """The grid of places that an affine map sends a regular grid to: a product with a constant."""
    return ops.AffineGrid(module.size, module.scale) if kinds(ran)[-1:] == ["matrix_product"] else None


def reshape(module: Any, ran: Entries) -> Op | None:
    """A reshape that PyTorch had to copy for, as the old strides do not allow the new shape.

    A reshape of a spec never copies.
    """
    return ops.Reshape(module.shape) if kinds(ran) == ["copy"] else None


def matrix_product(module: Any, ran: Entries) -> Op | None:
    """A product whose operands PyTorch copied first, to have their axes in another order in memory."""
    found = kinds(ran)
    return ops.MatrixProduct() if found[-1:] == ["matrix_product"] and {*found[:-1]} <= {"copy"} else None


def linear(module: Any, ran: Entries) -> Op | None:
    """PyTorch's own module, which adds its bias apart where the input is not in one piece."""
    if kinds(ran) != ["linear", "parameter", "add"]:
        return None
    return ops.Linear(module.out_features)


def norm_over_axes(module: Any, ran: Entries) -> Op | None:
    """A layer norm over axes that are not the last ones, with the transpositions that PyTorch needs."""
    if kinds(ran) != ["layer_norm"]:
        return None
    return ops.LayerNorm(module.axes, module.elementwise_affine, module.eps)


def group_norm(module: Any, ran: Entries) -> Op | None:
    """PyTorch's own module, which copies an input whose elements lie otherwise than its kernel wants them."""
    if kinds(ran) != ["copy", "group_norm"] or not isinstance(ran[1].op, ops.GroupNorm):
        return None
    return ran[1].op


RECOGNISERS: dict[str, Recogniser] = {
    "archlens.builder.padding.PaddedInput": padded,
    "archlens.builder.pooling.MeanOfInside": mean_of_inside,
    "archlens.builder.convolution.WeightStandardizedConv": weight_standardized,
    "archlens.builder.normalization.UnitNorm": unit_norm,
    "archlens.builder.normalization.LayerNormOverAxes": norm_over_axes,
    "archlens.builder.attention.RelativePositionBias": position_bias,
    "archlens.builder.attention.WindowMask": window_mask,
    "archlens.builder.attention.ClassToken": class_token,
    "archlens.builder.attention.PositionEmbedding": position_embedding,
    "archlens.builder.arithmetic.Gain": gain,
    "archlens.builder.arithmetic.MatrixProduct": matrix_product,
    "archlens.builder.sampling.AffineGrid": affine_grid,
    "archlens.builder.layout.Reshape": reshape,
    "torch.nn.modules.linear.Linear": linear,
    "torch.nn.modules.normalization.LocalResponseNorm": local_response_norm,
    "torch.nn.modules.normalization.GroupNorm": group_norm,
}
"""By name, as these modules belong to a part that stands below this one."""
