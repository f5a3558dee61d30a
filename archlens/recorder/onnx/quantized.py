"""Numbers in fewer bits, and back."""

from archlens.recorder.onnx.call import Call, Rules
from archlens.recorder.onnx.values import Value
from archlens.recorder.operators import Computed, Pointwise, Viewed

__all__ = ["RULES"]


def quantize(call: Call) -> Value:
    """QuantizeLinear: every element divided by the scale and rounded."""
    return call.add(Pointwise(call.name, call.shape_of(0)), call.x)


def dequantize(call: Call) -> Value:
    """DequantizeLinear of what the network computes; of stored weights it is the weights."""
    return call.add(Pointwise(call.name, call.shape_of(0)), call.x)


def by_range(call: Call) -> list[Value]:
    """DynamicQuantizeLinear: the range is looked for, then every element is scaled and rounded."""
    x = call.shape_of(0)
    extremes = call.add(Computed("range", ()), call.x)
    y = call.add(Pointwise(call.name, x), call.x, extremes)
    return [y, extremes, call.add(Viewed("zero", ()), extremes)]


RULES: Rules = {"DynamicQuantizeLinear": by_range, "DequantizeLinear": dequantize, "QuantizeLinear": quantize}
