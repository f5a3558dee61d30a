"""Operators that pick elements by their order or their places, and those that put elements in places."""

from math import prod

from archlens.errors import OperatorError
from archlens.recorder.onnx.call import Call, Rules
from archlens.recorder.onnx.values import Value
from archlens.recorder.operators import Computed, Copied, Viewed

__all__ = ["RULES"]


def top_k(call: Call) -> list[Value]:
    """TopK: the largest elements of an axis, and where they stand."""
    shape = call.shape
    values = call.add(Computed(call.name, shape, others=prod(shape)), call.x)
    return [values, call.add(Viewed("places", shape), values)]


def running(call: Call) -> Value:
    """CumSum and CumProd: every element with those before it."""
    return call.add(Computed(call.name, call.shape_of(0)), call.x)


def one_hot(call: Call) -> Value:
    """OneHot: places are read, and all of the output is written."""
    return call.add(Copied(call.name, call.shape, indices=prod(call.shape_of(0)), found=0), call.x)


def unpool(call: Call) -> Value:
    """MaxUnpool: elements and their places are read; the rest of the output is zeros."""
    places = call.needed(1)
    found = prod(call.shape_of(0))
    op = Copied(call.name, call.shape, indices=prod(places.shape or ()), found=found)
    return call.add(op, call.x, places)


def scatter(call: Call) -> Value:
    """Scatter, as ScatterElements was called, and TensorScatter."""
    others = sum(prod(value.shape or ()) for value in call.inputs[1:])
    return call.add(Copied(call.name, call.shape_of(0), indices=others), *call.inputs)


def cropped(call: Call) -> Value:
    """CenterCropPad: a part of the middle, or zeros around."""
    x, y = call.shape_of(0), call.shape
    if all(after <= before for before, after in zip(x, y, strict=True)):
        return call.add(Viewed(call.name, y), call.x)
    return call.add(Copied(call.name, y, found=min(prod(x), prod(y))), call.x)


def summed(call: Call) -> Value:
    """Col2Im: overlapping blocks, added up."""
    return call.add(Computed(call.name, call.shape), call.x)


def loss(call: Call) -> list[Value]:
    """Losses: one number, or one for each sample, and what the logarithm was taken of."""
    made = call.add(Computed(call.name, call.shape), *call.inputs)
    others = [shape for shape in call.shapes[1:] if shape is not None]
    if len(others) != len(call.shapes) - 1:
        raise OperatorError("the shape of an output is only known in a run")
    return [made, *(call.add(Computed("log_softmax", shape), call.x) for shape in others)]


def reinterpreted(call: Call) -> Value:
    """BitCast: the same bits, read as another type of the same width."""
    return call.add(Viewed(call.name, call.shape_of(0)), call.x)


def determinant(call: Call) -> Value:
    """Det: one number for each matrix."""
    return call.add(Computed(call.name, call.shape_of(0)[:-2]), call.x)


RULES: Rules = {
    "BitCast": reinterpreted,
    "CenterCropPad": cropped,
    "Col2Im": summed,
    "CumProd": running,
    "CumSum": running,
    "Det": determinant,
    "MaxUnpool": unpool,
    "NegativeLogLikelihoodLoss": loss,
    "OneHot": one_hot,
    "Scatter": scatter,
    "SoftmaxCrossEntropyLoss": loss,
    "TensorScatter": scatter,
    "TopK": top_k,
}
