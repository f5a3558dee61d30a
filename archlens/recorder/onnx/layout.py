"""Operators that move, join, cut or rename elements. What can be read in place costs nothing."""

from dataclasses import replace
from math import prod

from archlens import ops
from archlens.errors import OperatorError
from archlens.ops import Span
from archlens.ops.interpolation import interpolation
from archlens.ops.operator import shown
from archlens.ops.rearrangement import (
    Along,
    Laid,
    Picked,
    Rearrangement,
    depth_to_space,
    expanded,
    repeated,
    space_to_depth,
)
from archlens.ops.span import HERE
from archlens.recorder.onnx.call import Call, Rules
from archlens.recorder.onnx.tensors import QUANTISED
from archlens.recorder.onnx.trouble import OnnxError
from archlens.recorder.onnx.values import Value
from archlens.recorder.operators import Computed, Copied, Viewed

__all__ = ["RULES"]


def identity(call: Call) -> Value:
    """Identity and its kin: the output is the input."""
    return call.add(ops.Identity(), call.x)


def dropout(call: Call) -> list[Value]:
    """Dropout at inference; the mask, where it is asked for, is all ones."""
    ratio = call.operand(1)
    probability = ratio.number if ratio is not None else call.attributes.get("ratio", 0.5)
    y = call.add(ops.Dropout(0.5 if probability is None else probability), call.x)
    return [y] if len(call.shapes) < 2 else [y, Value(call.shape_of(0), call.dtypes[1])]


def reshape(call: Call) -> Value:
    """Reshape, Flatten, Squeeze, Unsqueeze: the elements under the shape that ONNX infers."""
    shape, x = call.shape, call.shape_of(0)
    if prod(shape) != prod(x):
        raise OnnxError(f"{call.path}: {shown(x)} cannot become {shown(shape)}")
    if call.kind == "Flatten" and x[:1] == shape[:1] and len(shape) == 2:
        return call.add(ops.Flatten(1) if len(x) > 1 else ops.Reshape(shape), call.x)
    if not shape or 0 in shape:
        return call.add(Viewed(call.name, shape), call.x)
    return call.add(ops.Reshape(shape), call.x)


def transpose(call: Call) -> Value:
    """The axes in another order, the reverse one unless given."""
    rank = len(call.shape_of(0))
    order = tuple(call.attributes.get("perm") or reversed(range(rank)))
    return call.add(ops.Transpose(order) if rank else ops.Identity(), call.x)


def concat(call: Call) -> Value:
    """Tensors joined along an axis."""
    if len(call.inputs) == 1:
        return call.add(ops.Identity(), call.x)
    return call.add(ops.Concat(call.attributes["axis"]), *call.inputs)


def split(call: Call) -> list[Value]:
    """Parts of an axis, read in place."""
    x = call.shape_of(0)
    axis = call.attributes.get("axis", 0) % len(x)
    if any(shape is None for shape in call.shapes):
        raise OperatorError("the parts are only known in a run")
    lengths = [shape[axis] for shape in call.shapes if shape is not None]
    equal = len(set(lengths)) == 1 and sum(lengths) == x[axis]
    made, start = [], 0
    for index, length in enumerate(lengths):
        if not length:
            made.append(call.add(Viewed(call.name, call.shapes[index] or ()), call.x))
            continue
        part = ops.Split(len(lengths), index, axis) if equal else ops.Slice(start, start + length, axis)
        made.append(call.add(part, call.x))
        start += length
    return made


def cut(call: Call) -> Value:
    """Slice: from a start up to a stop along some axes, with steps."""
    x, y = call.shape_of(0), call.shape
    if any(value is not None and value.integers is None for value in call.operands[1:]):
        return call.add(Viewed(call.name, y), call.x)  # only a run tells which part it is
    steps = parts(call)
    if 0 in y:
        return call.add(Viewed(call.name, y), call.x)
    changed = [step for step in steps or () if step.span != HERE or x[step.axis] != y[step.axis]]
    if steps is not None and len(changed) == 1 and changed[0].span.advance == 1:
        ((axis, span, _),) = changed
        return call.add(ops.Slice(span.lows[0], span.lows[0] + y[axis], axis), call.x)
    return call.add(Viewed(call.name, y, steps), call.x)


def parts(call: Call) -> tuple[Along, ...] | None:
    """Where a slice begins along each axis that it names, and its steps; None where only a run would tell."""
    x = call.shape_of(0)
    starts = call.integers(1, "starts")
    if starts is None:
        return None
    axes = call.integers(3, "axes") or tuple(range(len(starts)))
    steps = call.integers(4, "steps") or (1,) * len(starts)
    found = []
    for start, along, step in zip(starts, axes, steps, strict=True):
        length = x[along % len(x)]
        first = max(0, start + length) if start < 0 else start
        found.append(Along(along % len(x), Span.every(step, min(first, length - 1 if step < 0 else length))))
    return tuple(found)


def pad(call: Call) -> Value:
    """Pad: zeros, or what mirrors the border."""
    x, y = call.shape_of(0), call.shape
    if any(value is not None and value.integers is None for value in (call.operand(1), call.operand(3))):
        return call.add(Copied(call.name, y, found=min(prod(x), prod(y))), call.x)
    pads = call.integers(1, "pads") or call.integers(1, "paddings") or ()
    if call.operand(3) is None and len(pads) == 2 * len(x) and min(pads, default=0) >= 0:
        pairs = list(zip(pads[: len(x)], pads[len(x) :], strict=True))
        if not any(pads):
            return call.add(ops.Identity(), call.x)
        while pairs[0] == (0, 0):
            pairs.pop(0)
        if len(pairs) < len(x):
            return call.add(ops.Pad(tuple(pairs)), call.x)
    axes = call.integers(3, "axes") or tuple(range(len(x)))
    known = len(pads) == 2 * len(axes)
    before = zip(axes, pads[: len(axes)], strict=known)
    steps = tuple(Along(axis % len(x), Span.every(1, -side)) for axis, side in before) if known else None
    return call.add(Copied(call.name, y, steps=steps), call.x)


def expand(call: Call) -> Value:
    """Expand: axes of 1 stretched, read in place."""
    if prod(call.shape) == prod(call.shape_of(0)):
        return reshape(call)
    return call.add(Viewed(call.name, call.shape, expanded(call.shape_of(0), call.shape)), call.x)


def gather(call: Call) -> Value:
    """Gather: one place of an axis is read in place, several are copied."""
    x, places = call.x, call.needed(1)
    if x.fixed and x.weight and x.dtype in QUANTISED and not places.fixed:
        x = replace(x, learnt=True)  # a table in few bits, of which a run picks rows
    if places.constant and places.shape == ():
        return call.add(Viewed(call.name, call.shape, picked(call)), x)
    if places.constant:
        return call.add(Copied(call.name, call.shape, steps=picked(call)), x)
    return call.add(Copied(call.name, call.shape, indices=prod(places.shape or ())), x, places)


def picked(call: Call) -> Rearrangement | None:
    """Which elements along an axis constants pick; None where they are not known."""
    x, numbers = call.shape_of(0), call.integers(1, "")
    if not numbers or 0 in x:
        return None
    axis = call.attributes.get("axis", 0) % len(x)
    places = [number % x[axis] for number in numbers]
    step = places[1] - places[0] if len(places) > 1 else 1
    if places != [places[0] + step * at for at in range(len(places))]:
        return (Picked(axis, tuple(places)), Laid(call.shape))
    return (Along(axis, Span.every(step, places[0]), len(places)), Laid(call.shape))


def moved(call: Call) -> Value:
    """Tile, DepthToSpace and others: elements copied to other places."""
    return call.add(Copied(call.name, call.shape, steps=moves(call)), call.x)


def moves(call: Call) -> Rearrangement | None:
    """How the elements move from the input to the output, where that is known."""
    x, y, block = call.shape_of(0), call.shape, call.attributes.get("blocksize", 0)
    if call.kind == "DepthToSpace" and len(x) == 4:
        mode = call.attributes.get("mode", b"DCR")
        return depth_to_space(x, block, columns_first=mode in ("CRD", b"CRD"))
    if call.kind == "SpaceToDepth" and len(x) == 4:
        return space_to_depth(x, block, columns_first=False)
    if call.kind == "Tile" and len(x) == len(y) and 0 not in y:
        return repeated(x, tuple(after // before for before, after in zip(x, y, strict=True)))
    return None


def placed(call: Call) -> Value:
    """GatherND, ScatterElements and others: elements copied from or to places that a tensor names."""
    others = sum(prod(value.shape or ()) for value in call.inputs[1:])
    return call.add(Copied(call.name, call.shape, indices=others), *call.inputs)


def resize(call: Call) -> Value:
    """Resize and Upsample: nearest copies, linear and cubic compute."""
    x, y = call.shape_of(0), call.shape
    mode = call.attributes.get("mode", "nearest")
    places = call.attributes.get("coordinate_transformation_mode", "half_pixel")
    if call.kind == "Upsample":
        places = "asymmetric"
    plain = places in ("half_pixel", "pytorch_half_pixel") and not call.attributes.get("antialias")
    if len(x) > 2 and x[:2] == y[:2]:
        below = (
            call.attributes.get("nearest_mode", "round_prefer_floor") == "floor" or call.kind == "Upsample"
        )
        if mode == "nearest" and ((places == "asymmetric" and below) or doubled(x, y)):
            return call.add(ops.Upsample(size=y[2:]), call.x)
        if mode in ("linear", "bilinear") and len(x) == 4 and (plain or places == "align_corners"):
            return call.add(ops.Upsample(None, y[2:], "bilinear", not plain), call.x)
    steps = resized(call, mode, places)
    made = Copied(call.name, y, steps=steps) if mode == "nearest" else Computed(call.name, y, steps=steps)
    return call.add(made, call.x)


def doubled(x: tuple[int, ...], y: tuple[int, ...]) -> bool:
    """Whether every axis is as long as before or a multiple: the nearest neighbour is the one below."""
    return all(after % before == 0 for before, after in zip(x, y, strict=True))


NEAREST = {
    "floor": "floor",
    "ceil": "ceil",
    "round_prefer_ceil": "nearest",
    "round_prefer_floor": "nearest_down",
}
"""What the neighbour of a place is called where ONNX rounds so."""


def resized(call: Call, mode: str, places: str) -> Rearrangement | None:
    """What each place is computed from, along the axes that change."""
    known = {"half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric"}
    kernel = NEAREST.get(call.attributes.get("nearest_mode", "round_prefer_floor"), "")
    if mode != "nearest":
        kernel = {"linear": "linear", "bilinear": "linear", "cubic": "cubic"}.get(mode, "")
    if call.kind == "Upsample":
        kernel = "floor" if mode == "nearest" else kernel
    x, y = call.shape_of(0), call.shape
    if places not in known or not kernel or len(x) != len(y):
        return None
    places = places.removeprefix("pytorch_")
    smooth = bool(call.attributes.get("antialias"))
    return tuple(
        Along(axis, interpolation(before, after, kernel, places, antialias=smooth))
        for axis, (before, after) in enumerate(zip(x, y, strict=True))
        if before != after
    )


def sample(call: Call) -> Value:
    """GridSample: a map at the places of a grid."""
    mode = call.attributes.get("mode", "linear")
    modes = {"bilinear": "bilinear", "linear": "bilinear", "nearest": "nearest"}
    if len(call.shape_of(0)) != 4 or mode not in modes:
        return call.add(Computed(call.name, call.shape), call.x, call.needed(1))
    return call.add(ops.GridSample(modes[mode]), call.x, call.needed(1))


def grid(call: Call) -> Value:
    """AffineGrid: the places that n 2×3 matrices send a regular grid to."""
    n, *matrix = call.shape_of(0)
    if matrix != [2, 3] or len(call.shape) != 4:
        raise OperatorError("no rule for grids in space")
    rows = call.add(ops.Reshape((n, 6)), call.x)
    return call.add(ops.AffineGrid(call.shape[1:3]), rows)


def shape(call: Call) -> Value:
    """Shape and Size of what only a run would tell: they read no element."""
    return call.add(Viewed(call.name, call.shape), call.x)


RULES: Rules = {
    **dict.fromkeys(("Flatten", "Reshape", "Squeeze", "Unsqueeze"), reshape),
    **dict.fromkeys(("DepthToSpace", "ReverseSequence", "SpaceToDepth", "Tile", "Trilu"), moved),
    **dict.fromkeys(("GatherElements", "GatherND", "ScatterElements", "ScatterND"), placed),
    "AffineGrid": grid,
    "Concat": concat,
    "Dropout": dropout,
    "Expand": expand,
    "Gather": gather,
    "GridSample": sample,
    "Identity": identity,
    "Pad": pad,
    "Resize": resize,
    "Shape": shape,
    "Size": shape,
    "Slice": cut,
    "Split": split,
    "Transpose": transpose,
    "Upsample": resize,
}
