"""A standard operator in the place of one of onnxruntime's that does the same."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from onnx import TensorProto, helper

from archlens.errors import OperatorError
from archlens.recorder.onnx.call import Call, attributes_of
from archlens.recorder.onnx.inference import inferred, known_type
from archlens.recorder.onnx.standard import RULES as STANDARD
from archlens.recorder.onnx.tensors import QUANTISED
from archlens.recorder.onnx.trouble import OnnxError
from archlens.recorder.onnx.values import Value

__all__ = ["kept", "standard"]

VERSION = 21

WHOLE = QUANTISED | {TensorProto.INT32}
"""What tensors hold in eight bits, and their biases."""

HIDDEN = ("activation", "activation_alpha", "activation_beta", "activation_params", "channels_last")
"""Attributes that the standard operators do not have."""


def standard(call: Call, kind: str, operands: Sequence[Value | None], **attributes: Any) -> Value:
    """The first output of a standard operator, applied to some of what this one is applied to."""
    names = [f"t{place}" if value is not None else "" for place, value in enumerate(operands)]
    node = helper.make_node(kind, names, ["y"], **attributes)
    # the standard has many of them for floats alone
    floats = [
        replace(value, dtype=TensorProto.FLOAT) if value is not None and value.dtype in WHOLE else value
        for value in operands
    ]
    try:
        types = inferred(node, floats, {"": VERSION}, "", call.path)
    except OnnxError as error:
        raise OperatorError(str(error)) from error
    shape, dtype = known_type(types.get("y"))
    rule = STANDARD[kind]
    made = rule(
        replace(
            call, kind=kind, operands=tuple(operands), shapes=(shape,), dtypes=(dtype,),
            attributes=attributes_of(node), version=VERSION,
        )
    )  # fmt: skip
    return made[0] if isinstance(made, list) else made


def kept(call: Call) -> dict[str, Any]:
    """The attributes of a contributed operator that the standard one has as well."""
    return {name: value for name, value in call.attributes.items() if name not in HIDDEN}
