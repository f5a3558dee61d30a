"""Functions of single elements: activations, sums, products, comparisons."""

from collections.abc import Sequence
from math import isfinite
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from archlens import ops
from archlens.ops.product import broadcast
from archlens.recorder.fake_tensor import FakeTensor
from archlens.recorder.operators import Computed, Pointwise
from archlens.recorder.rules.table import aten
from archlens.recorder.rules.unknown import finished, outputs
from archlens.recorder.strides import elementwise, matches, packed

if TYPE_CHECKING:
    from archlens.recorder.call import Call

__all__ = ["computed", "keeping", "made_by", "suited"]

ACTIVATIONS: dict[str, ops.Op] = {
    "relu": ops.ReLU(),
    "sigmoid": ops.Sigmoid(),
    "hardsigmoid": ops.HardSigmoid(),
    "tanh": ops.Tanh(),
    "silu": ops.SiLU(),
    "hardswish": ops.HardSwish(),
    "gelu": ops.GELU(),
    "relu6": ops.ReLU6(),
}


DIFFERENTIATED = (
    "_prelu_kernel", "elu", "gelu", "glu", "hardshrink", "hardsigmoid", "hardswish", "hardtanh", "huber_loss",
    "leaky_relu", "log_sigmoid", "logit", "mish", "mse_loss", "native_dropout", "rrelu_with_noise", "sigmoid",
    "silu", "smooth_l1_loss", "softplus", "softshrink", "tanh", "threshold", "binary_cross_entropy",
)  # fmt: skip
"""Functions of single elements whose gradients are such functions, too: of a gradient and what was kept."""


@aten(*ACTIVATIONS)
def activation(call: "Call", x: Tensor, *args: Any, **kwargs: Any) -> Tensor:
    """An activation that specs have, too."""
    return call.tensor(call.emit(ACTIVATIONS[call.name], (x,)), x)


@aten("hardtanh")
def hardtanh(call: "Call", x: Tensor, low: float = -1.0, high: float = 1.0) -> Tensor:
    """Between 0 and 6 it is a ReLU6."""
    op = ops.ReLU6() if (low, high) == (0, 6) else Pointwise("hardtanh", tuple(x.shape))
    return call.tensor(call.emit(op, (x,)), x)


@aten("elu")
def elu(call: "Call", x: Tensor, alpha: float = 1.0, scale: float = 1.0, input_scale: float = 1.0) -> Tensor:
    """With other scales it is a SELU, of which specs have none."""
    plain = alpha == scale == input_scale == 1
    op = ops.ELU() if plain else Pointwise("elu" if scale == 1 else "selu", tuple(x.shape))
    return call.tensor(call.emit(op, (x,)), x)


@aten("_prelu_kernel", "prelu")
def prelu(call: "Call", x: Tensor, slope: Tensor) -> Any:
    """With slopes of its own, one for all channels or one for each."""
    weight = call.weight(slope)
    if weight is None or not weight.whole or weight.elements not in (1, x.shape[1]):
        return computed(call, x, slope)
    op = ops.PReLU(per_channel=weight.elements != 1)
    return call.tensor(call.emit(op, (x,), (weight,)), x)


@aten("_softmax", "_safe_softmax", "softmax")
def softmax(call: "Call", x: Tensor, axis: int, *args: Any, **kwargs: Any) -> Tensor:
    """Along one axis."""
    op = ops.Softmax(axis) if x.dim() else Pointwise("softmax", ())
    return call.tensor(call.emit(op, (x,)), x if call.kwargs.get("dtype") is None else None, packed)


@aten("add", "mul")
def pairwise(call: "Call", a: Any, b: Any, **kwargs: Any) -> Any:
    """A sum or a product of two tensors, or of one and a number."""
    if isinstance(a, Tensor) and isinstance(b, Tensor):
        op: ops.Op = ops.Add() if call.name == "add" else ops.Multiply()
        if call.place is not None and tuple(call.place.shape) != broadcast(tuple(a.shape), tuple(b.shape)):
            return computed(call, a, b, **kwargs)
        return call.tensor(call.emit(op, (a, b)), suited((a, b)), operands=(a, b))
    x, number = (a, b) if isinstance(a, Tensor) else (b, a)
    if call.name == "mul" and isinstance(number, int | float) and isfinite(number):
        return call.tensor(call.emit(ops.Scale(float(number)), (x,)), keeping(x, number))
    return computed(call, a, b, **kwargs)


@aten(
    "sub", "rsub", "div", "pow", "maximum", "minimum", "remainder", "fmod", "atan2", "fmax", "fmin", "lerp",
    "addcmul", "addcdiv", "where", "floor_divide", "copysign", "hypot", "logaddexp", "xlogy", "polar",
    "complex",
    "eq", "ne", "lt", "le", "gt", "ge", "logical_and", "logical_or", "logical_xor", "logical_not",
    "bitwise_and", "bitwise_or", "bitwise_xor", "bitwise_not", "__and__", "__or__", "__xor__", "__lshift__",
    "__rshift__", "isnan", "isinf", "isfinite", "isin", "masked_fill", "clamp", "clamp_min", "clamp_max",
    "log_sigmoid_forward", "rrelu_with_noise", "nan_to_num", "round", "_log_softmax",
    "log_softmax", "logit", "abs", "angle", "sgn", "heaviside", "float_power", "quantize_per_tensor",
    "fake_quantize_per_tensor_affine", "native_dropout", "signbit", "nextafter", "ldexp", "frexp",
    "gcd", "lcm", "igamma", "igammac", "logaddexp2", "special_xlog1py", "special_zeta", "polygamma",
    "mvlgamma", *(f"{name}_backward" for name in DIFFERENTIATED),
    "bitwise_left_shift", "bitwise_right_shift", "poisson", "addr", "linalg_cross",
)  # fmt: skip
def computed(call: "Call", *args: Any, **kwargs: Any) -> Any:
    """One output computed for each place of the inputs, which broadcast."""
    return made_by(call, Pointwise, args, kwargs)


def made_by(call: "Call", kind: type[Computed], args: Any, kwargs: Any) -> Any:
    """A node that reads every tensor among the arguments, with the outputs that PyTorch tells."""
    inputs = [x for x in (*args, *kwargs.values()) if isinstance(x, Tensor)]
    made = outputs(call)
    others = sum(x.numel() for x in made[1:])
    node = call.emit(kind(call.name.strip("_"), tuple(made[0].shape), others), inputs)
    if kind is Pointwise and len(made) == 1 and call.name not in ("_log_softmax", "log_softmax"):
        return laid_out(call, node, made[0], inputs)
    return finished(call, node)


def laid_out(call: "Call", node: int, made: Tensor, operands: Sequence[Tensor]) -> Any:
    """The output with the strides of its operands.

    PyTorch's meta device gives other strides along axes of length 1.
    """
    shape = tuple(made.shape)
    plain = call.place is None and not call.real and all(x.dim() <= len(shape) for x in operands)
    if not plain or not matches(shape, made.stride(), elementwise(shape, operands)):
        return finished(call, node)
    return call.tensor(node, made, operands=operands)


@aten("glu")
def glu(call: "Call", x: Tensor, axis: int = -1) -> Any:
    """Half of the channels, times the other half through a sigmoid."""
    (made,) = outputs(call)
    node = call.emit(Pointwise("glu", tuple(made.shape)), (x,))
    half = FakeTensor(made.shape, x.stride(), x.dtype, x.device)
    return laid_out(call, node, made, (half, half))


@aten(
    "exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "sqrt", "rsqrt", "neg", "reciprocal", "sin",
    "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "erf", "erfc", "erfinv", "floor", "ceil", "trunc",
    "frac", "sign", "leaky_relu", "softplus", "mish", "celu", "threshold", "hardshrink", "softshrink",
    "square", "special_expit", "sinc", "lgamma", "digamma", "tril", "triu", "acosh", "asinh", "atanh",
    "deg2rad", "rad2deg", "i0", "special_i0e", "special_i1", "special_i1e", "special_entr", "special_erfcx",
    "special_log_ndtr", "special_ndtri", "special_bessel_j0", "special_bessel_j1",
)  # fmt: skip
def function(call: "Call", x: Tensor, *args: Any, **kwargs: Any) -> Tensor:
    """A function of each element, whose result is of its type where that is a floating one."""
    node = call.emit(Pointwise(call.name, tuple(x.shape)), (x,))
    layout = packed if call.name in ("tril", "triu") else elementwise
    return call.tensor(node, x if x.dtype.is_floating_point else None, layout)


def keeping(x: Tensor, number: float) -> Tensor | None:
    """The tensor whose type the result of a tensor and a number has, where the number cannot change it."""
    return x if x.dtype.is_floating_point or (isinstance(number, int) and x.dtype != torch.bool) else None


def suited(tensors: tuple[Tensor, ...]) -> Tensor | None:
    """The tensor whose type and device the result of several tensors has, if that is clear."""
    first = tensors[0]
    if any(x.dtype is not first.dtype or x.device != first.device for x in tensors[1:]):
        return None
    return first
