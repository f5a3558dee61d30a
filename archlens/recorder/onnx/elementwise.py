"""Element by element: activations, arithmetic, comparisons."""

from collections.abc import Callable
from dataclasses import replace
from math import isfinite, prod

from archlens import ops
from archlens.recorder.onnx.call import Call, Rules
from archlens.recorder.onnx.tensors import FLOATS
from archlens.recorder.onnx.values import Value
from archlens.recorder.operators import Computed, Copied, Pointwise

__all__ = ["RULES"]

ACTIVATIONS: dict[str, ops.Activation] = {
    "Elu": ops.ELU(),
    "Gelu": ops.GELU(),
    "HardSigmoid": ops.HardSigmoid(),
    "HardSwish": ops.HardSwish(),
    "Relu": ops.ReLU(),
    "Sigmoid": ops.Sigmoid(),
    "Swish": ops.SiLU(),
    "Tanh": ops.Tanh(),
}

FUNCTIONS = (
    "Abs", "Acos", "Acosh", "Asin", "Asinh", "Atan", "Atanh", "BitwiseNot", "Ceil", "Celu", "Cos",
    "Cosh", "Erf", "Exp", "Floor", "IsInf", "IsNaN", "LeakyRelu", "Log", "Mish", "Neg", "Not",
    "Reciprocal", "Round", "Selu", "Shrink", "Sign", "Sin", "Sinh", "Softplus", "Softsign", "Sqrt",
    "Tan", "ThresholdedRelu",
)  # fmt: skip

PAIRWISE = {
    "Add": ops.Add(), "Div": ops.Divide(), "Mul": ops.Multiply(), "Sub": ops.Subtract(), "Sum": ops.Add(),
}  # fmt: skip

WITH_NUMBER: dict[str, Callable[[float], ops.Op]] = {"Add": ops.Shift, "Mul": ops.Scale}
"""What a sum and a product with one constant number are."""

PAIRS = (
    "And", "BitShift", "BitwiseAnd", "BitwiseOr", "BitwiseXor", "Equal", "Greater",
    "GreaterOrEqual", "Less", "LessOrEqual", "Max", "Mean", "Min", "Mod", "Or", "Pow", "Where",
    "Xor",
)  # fmt: skip


def activation(call: Call) -> Value:
    """An activation that specs have."""
    return call.add(ACTIVATIONS[call.kind], call.x)


def function(call: Call) -> Value:
    """Any other function of one element."""
    return call.add(Pointwise(call.name, call.shape_of(0)), call.x)


def clip(call: Call) -> Value:
    """Clip: between 0 and 6 it is a ReLU6, from 0 on a ReLU."""
    lowest, highest = bound(call, 1, "min"), bound(call, 2, "max")
    if lowest == 0 and highest == 6:
        return call.add(ops.ReLU6(), call.x)
    open_above = call.operand(2) is None and "max" not in call.attributes
    return call.add(ops.ReLU(), call.x) if lowest == 0 and open_above else function(call)


def bound(call: Call, place: int, name: str) -> float | None:
    """A limit, which was an attribute before version 11."""
    value = call.operand(place)
    return value.number if value is not None else call.attributes.get(name)


def pointwise(call: Call) -> Value:
    """Several tensors, broadcast. A single constant number is part of the operator."""
    operands = [value for value in biased(call) if not single(value)]
    if not operands:
        operands = list(call.inputs)
    if call.kind in WITH_NUMBER and len(operands) == 1 and len(call.inputs) == 2:
        number = next(value.number for value in call.inputs if value is not operands[0])
        if number is not None and isfinite(number) and operands[0].shape == call.shape:
            return call.add(WITH_NUMBER[call.kind](number), operands[0])
    if call.kind == "Mul" and len(operands) == 2 and (scaled := gain(call, operands)) is not None:
        return scaled
    if call.kind in PAIRWISE and len(operands) > 1:
        return call.add(PAIRWISE[call.kind], *operands)
    return call.add(Pointwise(call.name, call.shape), *operands)


def gain(call: Call, operands: list[Value]) -> Value | None:
    """A stored factor for each channel, as layer scale has it; None for any other product."""
    for x, factors in (operands, operands[::-1]):
        shape, own = x.shape or (), factors.shape or ()
        if x.fixed or not factors.learnt or not factors.weight or factors.deferred is not None:
            continue
        aligned = (1,) * (len(shape) - len(own)) + own
        if len(shape) > 1 and aligned == (1, shape[1], *(1 for _ in shape[2:])):
            return call.add(ops.Gain(True), x, weights=(factors,))
    return None


def biased(call: Call) -> tuple[Value, ...]:
    """The operands; one number that is added to the only output of a layer without a bias is its bias."""
    if call.kind != "Add" or len(call.inputs) != 2:
        return call.inputs
    return tuple(
        replace(value, learnt=True)
        if value.fixed and value.weight and value.dtype in FLOATS and single(value) and lacks(call, other)
        else value
        for value, other in zip(call.inputs, reversed(call.inputs), strict=True)
    )


def lacks(call: Call, made: Value) -> bool:
    """Whether a layer with one output and no bias made this."""
    if made.at is None:
        return False
    op = call.recording.nodes[made.at][0]
    return isinstance(op, (ops.Conv, ops.Linear)) and op.out == 1 and not op.bias


def single(value: Value) -> bool:
    """Whether it is one number, which is never learnt."""
    return value.constant and value.shape is not None and prod(value.shape) == 1


def softmax(call: Call) -> Value:
    """Softmax; the default axis was 1 before version 13."""
    axis = call.attributes.get("axis", 1 if call.version < 13 else -1)
    if call.kind == "Softmax":
        return call.add(ops.Softmax(axis), call.x)
    return call.add(Computed(call.name, call.shape_of(0)), call.x)


def slope(call: Call) -> Value:
    """PRelu with a slope for each channel, or one for all."""
    x, slopes = call.shape_of(0), call.needed(1)
    shape = call.shape_of(1)
    elements = prod(shape)
    per_channel = len(x) > 1 and elements == x[1] and (1,) * (len(x) - len(shape)) + shape == (
        1, x[1], *(1 for _ in x[2:])
    )  # fmt: skip
    if slopes.weight and len(x) > 1 and (elements == 1 or per_channel):
        return call.add(ops.PReLU(elements > 1), call.x, weights=(slopes,))
    return call.add(Pointwise(call.name, call.shape_of(0)), *call.inputs)


def cast(call: Call) -> Value:
    """Cast: a copy in another type; the same type is a view."""
    same = call.dtypes[0] == call.x.dtype
    return call.add(ops.Identity() if same else Copied(call.name, call.shape_of(0)), call.x)


RULES: Rules = {
    **dict.fromkeys(ACTIVATIONS, activation),
    **dict.fromkeys(FUNCTIONS, function),
    **dict.fromkeys(PAIRS, pointwise),
    **dict.fromkeys(PAIRWISE, pointwise),
    **dict.fromkeys(("Cast", "CastLike"), cast),
    **dict.fromkeys(("Softmax", "LogSoftmax", "Hardmax"), softmax),
    "Clip": clip,
    "PRelu": slope,
}
