"""Normalisations, whose scale and shift are parameters where the file stores them as weights."""

from math import prod

from archlens import ops
from archlens.errors import OperatorError
from archlens.recorder.dynamic import DynamicNorm
from archlens.recorder.onnx.call import Call, Rules
from archlens.recorder.onnx.values import Value
from archlens.recorder.operators import Viewed

__all__ = ["RULES"]


def general(call: Call, *factors: Value | None) -> Value:
    """A normalisation whose scale or shift is missing, or comes in as a tensor."""
    given = [value for value in factors if value is not None]
    return call.add(DynamicNorm(call.name, call.shape_of(0)), call.x, *given)


def whole(*values: Value | None, size: int) -> bool:
    """Whether all of these are learnt weights with so many elements."""
    return all(value is not None and own(value) and prod(value.shape or ()) == size for value in values)


def own(value: Value) -> bool:
    """Whether a scale or a shift is a weight of the layer; a single number is one where there is
    one channel.
    """
    return value.learnt or bool(value.weight and prod(value.shape or ()) == 1)


def batch_norm(call: Call) -> Value | list[Value]:
    """BatchNormalization: x, scale, shift, and the running mean and variance, which are buffers."""
    scale, shift = call.needed(1), call.needed(2)
    factors = (scale, shift, call.needed(3), call.needed(4))
    if not all(value.fixed for value in factors) or len(call.shapes) > 1:
        y = general(call, *(value for value in factors if value.learnt or not value.fixed))
        return [y, *(call.add(Viewed("statistics", call.shape_of(3)), y) for _ in call.shapes[1:])]
    channels = call.shape_of(0)[1]
    if any(prod(value.shape or ()) != channels for value in (scale, shift)):
        raise OperatorError(f"scale and shift are not {channels} numbers each")
    affine = own(scale) or own(shift)
    op = ops.BatchNorm(affine, call.attributes.get("epsilon", 1e-5))
    return call.add(op, call.x, weights=(scale, shift))


def layer_norm(call: Call) -> list[Value]:
    """LayerNormalization over the axes from the given one on, and its statistics where they are asked for."""
    y = normalised(call)
    return [y, *(call.add(Viewed("statistics", shape), y) for shape in call.shapes[1:] if shape is not None)]


def normalised(call: Call) -> Value:
    """The normalised tensor, without the statistics that may come out beside it."""
    x = call.shape_of(0)
    first = call.attributes.get("axis", -1) % len(x)
    scale, shift = call.operand(1), call.operand(2)
    if first > 0 and whole(scale, shift, size=prod(x[first:])):
        axes = tuple(range(first - len(x), 0))
        op = ops.LayerNorm(axes, True, call.attributes.get("epsilon", 1e-5))
        return call.add(op, call.x, weights=(scale, shift))
    return general(call, scale, shift)


def group_norm(call: Call) -> Value:
    """GroupNormalization, and InstanceNormalization: as many groups as channels."""
    x = call.shape_of(0)
    scale, shift = call.operand(1), call.operand(2)
    groups = x[1] if call.kind == "InstanceNormalization" else call.attributes["num_groups"]
    epsilon = call.attributes.get("epsilon", 1e-5)
    if whole(scale, shift, size=x[1]):
        return call.add(ops.GroupNorm(groups, True, epsilon), call.x, weights=(scale, shift))
    if all(value is not None and value.constant for value in (scale, shift)):
        return call.add(ops.GroupNorm(groups, False, epsilon), call.x)
    return general(call, scale, shift)


def rms_norm(call: Call) -> Value:
    """RMSNormalization: a scale and no shift."""
    return general(call, call.operand(1))


def mean_variance(call: Call) -> Value:
    """MeanVarianceNormalization, without weights."""
    return general(call)


def unit_norm(call: Call) -> Value:
    """LpNormalization: the Euclidean one is what specs call a unit norm."""
    if call.attributes.get("p", 2) == 2:
        return call.add(ops.UnitNorm(call.attributes.get("axis", -1)), call.x)
    return general(call)


def local_response(call: Call) -> Value:
    """LRN over neighbouring channels, whose alpha is spread over them where AlexNet's is not."""
    given = call.attributes
    alpha = given.get("alpha", 1e-4) / given["size"]
    op = ops.LocalResponseNorm(given["size"], alpha, given.get("beta", 0.75), given.get("bias", 1.0))
    return call.add(op, call.x)


RULES: Rules = {
    "BatchNormalization": batch_norm,
    "GroupNormalization": group_norm,
    "InstanceNormalization": group_norm,
    "LRN": local_response,
    "LayerNormalization": layer_norm,
    "LpNormalization": unit_norm,
    "MeanVarianceNormalization": mean_variance,
    "RMSNormalization": rms_norm,
}
