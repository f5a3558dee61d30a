"""Tensors that a node makes by itself: constants of a computed shape, random numbers, windows of signals."""

from archlens.recorder.onnx.call import Call, Rules
from archlens.recorder.onnx.values import Value
from archlens.recorder.operators import Made

__all__ = ["RULES"]


def filled(call: Call) -> Value:
    """ConstantOfShape, EyeLike, Range and windows: written, and nothing read."""
    return call.add(Made(call.name, call.shape), *call.inputs)


def drawn(call: Call) -> Value:
    """Random numbers; each element of the output is computed."""
    return call.add(Made(call.name, call.shape, drawn=True), *call.inputs)


RULES: Rules = {
    **dict.fromkeys(
        ("BlackmanWindow", "ConstantOfShape", "EyeLike", "HammingWindow", "HannWindow",
         "MelWeightMatrix", "Range"), filled
    ),
    **dict.fromkeys(
        (
            "Bernoulli", "Multinomial", "RandomNormal", "RandomNormalLike", "RandomUniform",
            "RandomUniformLike",
        ),
        drawn,
    ),
}  # fmt: skip
