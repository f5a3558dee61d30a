"""Fourier transforms of ONNX."""

from archlens.errors import OperatorError
from archlens.recorder.onnx.call import Call, Rules
from archlens.recorder.onnx.values import Value
from archlens.recorder.operators import Pointwise, Viewed
from archlens.recorder.transform import FourierTransform

__all__ = ["RULES"]


def transform(call: Call) -> Value:
    """DFT along one axis; the last one holds the real and the imaginary part."""
    x, axis = call.shape_of(0), call.attributes.get("axis", -2 if call.version >= 20 else 1)
    if (given := call.operand(2)) is not None:
        if given.number is None:
            raise OperatorError("the axis is only known in a run")
        axis = int(given.number)
    return call.add(FourierTransform("dft", call.shape, (axis % len(x),), x[-1] == 1), call.x)


def short_time(call: Call) -> Value:
    """STFT: frames of a signal, each under a window, and their transforms."""
    x, y = call.shape_of(0), call.shape
    window, length = call.operand(2), call.operand(3)
    points = window.shape[0] if window is not None and window.shape else None
    if length is not None:
        points = None if length.number is None else int(length.number)
    if points is None or len(y) != 4:
        raise OperatorError("the length of a frame is only known in a run")
    parts = x[2] if len(x) == 3 else 1
    frames = call.add(Viewed("frames", (*y[:2], points, parts)), call.x)
    if window is not None:
        frames = call.add(Pointwise("window", (*y[:2], points, parts)), frames)
    return call.add(FourierTransform("stft", y, (2,), parts == 1), frames)


RULES: Rules = {"DFT": transform, "STFT": short_time}
