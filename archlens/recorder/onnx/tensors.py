"""Tensors that a file holds: their shapes, whether their data are there, and small values."""

from math import prod
from typing import Any

import numpy
from onnx import TensorProto, numpy_helper

from archlens.ops import Shape
from archlens.recorder.onnx.trouble import OnnxError, quoted

__all__ = ["FLOATS", "MAX_AXES", "MAX_ELEMENTS", "QUANTISED", "bounded", "check_held", "small_value"]

MAX_AXES = 64
MAX_ELEMENTS = 2**50
"""No tensor that anybody runs has as many elements."""

FLOATS = frozenset(
    value for name, value in TensorProto.DataType.items() if name.startswith(("FLOAT", "DOUBLE", "BFLOAT"))
)
"""The element types of weights, eight bits to 64."""

QUANTISED = frozenset({TensorProto.INT8, TensorProto.UINT8, TensorProto.INT4, TensorProto.UINT4})
"""The element types of weights in few bits."""

BITS = {
    name: bits
    for bits, names in {
        2: ("UINT2", "INT2"),
        4: ("UINT4", "INT4", "FLOAT4E2M1"),
        8: (
            "UINT8", "INT8", "BOOL", "FLOAT8E4M3FN", "FLOAT8E4M3FNUZ", "FLOAT8E5M2", "FLOAT8E5M2FNUZ",
            "FLOAT8E8M0",
        ),
        16: ("UINT16", "INT16", "FLOAT16", "BFLOAT16"),
        32: ("UINT32", "INT32", "FLOAT"),
        64: ("UINT64", "INT64", "DOUBLE", "COMPLEX64"),
        128: ("COMPLEX128",),
    }.items()
    for name in names
}  # fmt: skip
"""Bits that an element takes, by the name of its type."""


def bounded(shape: Shape, what: str) -> Shape:
    """A shape, once it is known to be no absurdly large one."""
    if len(shape) > MAX_AXES:
        raise OnnxError(f"{what} has {len(shape)} axes, more than {MAX_AXES}")
    if any(length < 0 for length in shape) or prod(shape) > MAX_ELEMENTS:
        lengths = quoted("×".join(map(str, shape)))
        raise OnnxError(f"{what} is {lengths}: more than 2^50 elements, or a negative length")
    return shape


def check_held(tensor: TensorProto, *, raw: int | None = None, typed: int = 0) -> None:
    """Raise an OnnxError unless a tensor holds the elements that it declares.

    raw, typed  bytes of its data that were passed over; typed data take a byte an element at least
    """
    name = quoted(tensor.name) or "a constant"
    elements = prod(bounded(tuple(tensor.dims), f"the tensor {name}"))
    kind = dict(map(reversed, TensorProto.DataType.items())).get(tensor.data_type, "")
    if tensor.data_location == TensorProto.EXTERNAL or kind == "STRING":
        return
    if kind not in BITS:
        raise OnnxError(f"the tensor {name} has elements of an unknown type, {tensor.data_type}")
    bits = elements * BITS[kind]
    held = len(tensor.raw_data) if raw is None else raw
    if held:
        fits = held == -(-bits // 8)
    else:
        lists = (
            tensor.float_data,
            tensor.int32_data,
            tensor.int64_data,
            tensor.double_data,
            tensor.uint64_data,
        )
        held = typed or sum(map(len, lists))
        fits = held * 8 // min(BITS[kind], 8) >= elements
    if not fits:
        shape = "×".join(map(str, tensor.dims)) or "scalar"
        raise OnnxError(f"the tensor {name} declares {shape} elements and does not hold as many")


def small_value(tensor: TensorProto) -> "numpy.ndarray[Any, Any] | None":
    """The elements of a small tensor; None if they were not kept."""
    if tensor.data_location == TensorProto.EXTERNAL or tensor.data_type == TensorProto.STRING:
        return None
    try:
        return numpy_helper.to_array(tensor)
    except Exception as error:
        raise OnnxError(f"the tensor {quoted(tensor.name)} cannot be read") from error
