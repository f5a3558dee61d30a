"""The shapes that a network is given: those of the file, its open axes filled in."""

from collections.abc import Mapping

import numpy
from onnx import GraphProto, TypeProto, ValueInfoProto, helper

from archlens.errors import UsageError
from archlens.ops import Shape
from archlens.recorder.onnx.trouble import OnnxError, quoted
from archlens.recorder.onnx.values import Value

__all__ = ["Bindings", "declared", "empty", "input_shapes", "resized"]

Bindings = dict[str, int]
"""What the named axes of a file, such as `batch`, are bound to."""


def input_shapes(
    graph: GraphProto, given: Mapping[str, Shape], batch: int
) -> tuple[dict[str, Shape], Bindings]:
    """The shape of each input, and the lengths of the named axes.

    A length that the file fixes may be given anew: whether the graph allows it shows when its nodes are read.

    given  shapes by the name of the input, with or without the batch; under "" that of the only input
    batch  what an open first axis is where no shape says otherwise

    Raises a UsageError for shapes that do not fit and for axes that stay open.
    """
    weights = {tensor.name for tensor in graph.initializer}
    inputs = [entry for entry in graph.input if entry.name not in weights]
    given = named(inputs, given)
    bound: Bindings = {}
    shapes: dict[str, Shape] = {}
    for entry in sorted(inputs, key=lambda entry: entry.name not in given):  # those given bind the others
        wanted = given.get(entry.name)
        axes = axes_of(entry, wanted)
        if wanted is not None and len(wanted) == len(axes) - 1:
            first = axes[0]
            wanted = (first if isinstance(first, int) else batch, *wanted)
        if wanted is not None and len(wanted) != len(axes):
            raise UsageError(f"--input {entry.name}={shown(wanted)}: it is {shown(axes)} in the file")
        shapes[entry.name] = filled(entry.name, axes, wanted, batch, bound)
    return {entry.name: shapes[entry.name] for entry in inputs}, bound


def named(inputs: list[ValueInfoProto], given: Mapping[str, Shape]) -> dict[str, Shape]:
    """The given shapes by the names of inputs. Raises a UsageError for a name that no input has."""
    names = [entry.name for entry in inputs]
    shapes = dict(given)
    if "" in shapes:
        if len(names) != 1:
            listed = ", ".join(map(quoted, names[:8])) or "none"
            raise UsageError(
                f"--input {shown(shapes[''])}: the file has the inputs {listed}: say which, "
                f"--input {quoted(names[0]) if names else 'name'}={shown(shapes[''])}"
            )
        shapes[names[0]] = shapes.pop("")
    for name in shapes:
        if name not in names:
            listed = ", ".join(map(quoted, names[:8])) or "none"
            raise UsageError(f"--input {quoted(name)}=…: the file has the inputs {listed}")
    return shapes


def resized(graph: GraphProto, shapes: Mapping[str, Shape]) -> str:
    """The first input that has another shape than the file fixes, as both are written; "" if none has."""
    for entry in graph.input:
        if (shape := shapes.get(entry.name)) is None:
            continue
        axes = axes_of(entry, shape)
        if any(isinstance(axis, int) and axis != length for axis, length in zip(axes, shape, strict=True)):
            return f"{quoted(entry.name)}={shown(shape)}: the file fixes {shown(axes)}"
    return ""


def axes_of(entry: ValueInfoProto, wanted: Shape | None = None) -> tuple[int | str, ...]:
    """The axes of an input: a length, or the name of an open one, "?" where it has none.

    wanted  the shape that it is given, which tells how many axes there are where the file does not
    """
    known = entry.type.HasField("tensor_type") and entry.type.tensor_type.HasField("shape")
    if not known and wanted is not None and entry.type.HasField("tensor_type"):
        return ("?",) * len(wanted)
    if not known:
        kind = entry.type.WhichOneof("value") or "nothing known"
        what = "a tensor of unknown rank" if kind == "tensor_type" else f"no tensor ({kind})"
        raise OnnxError(f"takes {quoted(entry.name)}, which is {what}")
    dims = entry.type.tensor_type.shape.dim
    names = (dim.dim_param if isinstance(dim.dim_param, str) else "" for dim in dims)
    return tuple(
        dim.dim_value if dim.dim_value > 0 else name or "?" for dim, name in zip(dims, names, strict=True)
    )


def filled(
    name: str, axes: tuple[int | str, ...], wanted: Shape | None, batch: int, bound: Bindings
) -> Shape:
    """The shape of an input with a length for each of its open axes."""
    lengths = []
    for place, axis in enumerate(axes):
        length = wanted[place] if wanted is not None else None
        if isinstance(axis, str):
            fixed = bound.get(axis)
            if length is None:
                length = fixed if fixed is not None else batch if place == 0 else None
        else:
            fixed = None
            length = axis if length is None else length
        if length is None:
            example = shown(
                tuple(1 if isinstance(axis, str) and not at else axis for at, axis in enumerate(axes))
            )
            raise UsageError(
                f"the input {quoted(name)} is {shown(axes)}, with axes that the file leaves open: give them, "
                f"--input {quoted(name)}={example} with numbers for names"
            )
        if fixed is not None and fixed != length:
            what = f"{quoted(axis)} is {fixed}"
            raise UsageError(f"--input: axis {place} of {quoted(name)} cannot be {length}: {what}")
        if isinstance(axis, str) and axis != "?":
            bound[axis] = length
        lengths.append(length)
    if axes and isinstance(axes[0], int) and wanted is None and batch not in (1, axes[0]):
        way = shown((batch, *axes[1:]))
        raise UsageError(
            f"--batch {batch}: the file fixes {quoted(name)} to {shown(axes)}; "
            f"--input {quoted(name)}={way} tries another length"
        )
    return tuple(lengths)


def declared(type_of: TypeProto, bound: Bindings) -> Shape | None:
    """The shape that the file states for a tensor; None unless it states all of it."""
    if not type_of.HasField("tensor_type") or not type_of.tensor_type.HasField("shape"):
        return None
    lengths = []
    for dim in type_of.tensor_type.shape.dim:
        length = dim.dim_value if dim.HasField("dim_value") else bound.get(dim.dim_param)
        if length is None or length < 0:
            return None
        lengths.append(length)
    return tuple(lengths)


def shown(axes: tuple[int | str, ...]) -> str:
    """A shape as `--input` takes it: 1x3x224x224."""
    return quoted("x".join(map(str, axes))) or "a scalar"


def empty(shape: Shape, dtype: int) -> Value:
    """An input without elements, such as the keys of tokens before the first: all of it is known."""
    try:
        return Value(shape, dtype, data=numpy.empty(shape, helper.tensor_dtype_to_np_dtype(dtype)))
    except (KeyError, TypeError, ValueError):
        return Value(shape, dtype)
