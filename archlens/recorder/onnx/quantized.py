"""Numbers in fewer bits, and back."""

from archlens.recorder.onnx.call import Call, Rules
from archlens.recorder.onnx.values import Value
from archlens.recorder.operators import Pointwise

__all__ = ["RULES"]


def quantize(call: Call) -> Value:
    """QuantizeLinear: every element divided by the scale and rounded."""
    return call.add(Pointwise(call.name, call.shape_of(0)), call.x)


def dequantize(call: Call) -> Value:
    """DequantizeLinear of what the network computes; of stored weights it is the weights."""
    return call.add(Pointwise(call.name, call.shape_of(0)), call.x)


RULES: Rules = {"DequantizeLinear": dequantize, "QuantizeLinear": quantize}
