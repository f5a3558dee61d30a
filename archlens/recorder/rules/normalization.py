"""Normalisations."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from torch import Tensor

from archlens import ops
from archlens.errors import OperatorError
from archlens.ops import Op
from archlens.recorder.dynamic import DynamicNorm
from archlens.recorder.fake_tensor import FakeTensor
from archlens.recorder.operators import Copied
from archlens.recorder.rules.table import aten
from archlens.recorder.rules.unknown import composite
from archlens.recorder.strides import in_format, packed

if TYPE_CHECKING:
    from archlens.recorder.call import Call

__all__: list[str] = []

PACKED = {"native_layer_norm"}
"""Those whose output lies in the order of its axes, whatever the input's."""


@aten("native_batch_norm", "cudnn_batch_norm", "_native_batch_norm_legit", "_batch_norm_with_update")
def batch_norm(
    call: "Call",
    x: Tensor,
    weight: Tensor | None,
    bias: Tensor | None,
    mean: Tensor | None,
    variance: Tensor | None,
    *args: Any,
) -> Any:
    """With running statistics it is the specs'; their update while training costs 2·c writes more."""
    training, epsilon = (args[0], args[2]) if isinstance(args[0], bool) else (False, args[1])
    if (factor := misfit(x, (weight, bias, mean, variance))) is not None:
        raise OperatorError(f"{x.shape[1]} channels meet a batch norm of {factor.numel()}")
    if mean is None or variance is None:
        return normalized(call, x, weight, bias, None, "batch_norm")
    node = normalized(call, x, weight, bias, ops.BatchNorm(weight is not None, epsilon), "batch_norm")
    if training:
        for statistic in (mean, variance):
            update = call.tape.emit(Copied("update_statistics", tuple(mean.shape)), [call.value(x)])
            call.tape.write(call.value(statistic), update)
    return node


@aten("batch_norm")
def whole(call: "Call", x: Tensor, *given: Any) -> Any:
    """A batch normalisation before PyTorch has chosen a library for it; PyTorch tells what does not fit."""
    factors, training = given[:4], given[4]
    missing = not training and any(statistic is None for statistic in factors[2:])
    if missing or x.dim() < 2 or misfit(x, factors) is not None:
        return composite(call, *call.args, **call.kwargs)
    return batch_norm(call, x, *given)


def misfit(x: Tensor, factors: Sequence[Tensor | None]) -> Tensor | None:
    """The first factor that has not one element for each channel; None where all fit."""
    channels = x.shape[1]
    return next((each for each in factors if each is not None and each.numel() != channels), None)


@aten("_native_batch_norm_legit_no_training", "_batch_norm_no_update")
def inference(
    call: "Call",
    x: Tensor,
    weight: Tensor | None,
    bias: Tensor | None,
    mean: Tensor,
    variance: Tensor,
    momentum: float,
    epsilon: float,
) -> Any:
    """A batch normalisation that never trains, as a program for inference has it."""
    return batch_norm(call, x, weight, bias, mean, variance, False, momentum, epsilon)


@aten("native_layer_norm")
def layer_norm(
    call: "Call",
    x: Tensor,
    lengths: Sequence[int],
    weight: Tensor | None,
    bias: Tensor | None,
    epsilon: float,
) -> Any:
    """A normalisation over the last axes."""
    if tuple(x.shape[-len(lengths) :]) != tuple(lengths):
        raise OperatorError(f"the last axes of {tuple(x.shape)} meet a layer norm of {tuple(lengths)}")
    first = x.dim() - len(lengths)
    op = None if first == 0 else ops.LayerNorm(tuple(range(-len(lengths), 0)), weight is not None, epsilon)
    return normalized(call, x, weight, bias, op, "layer_norm")


@aten("native_group_norm")
def group_norm(
    call: "Call",
    x: Tensor,
    weight: Tensor | None,
    bias: Tensor | None,
    n: int,
    channels: int,
    places: int,
    groups: int,
    epsilon: float,
) -> Any:
    """A normalisation of groups of channels."""
    return normalized(call, x, weight, bias, ops.GroupNorm(groups, weight is not None, epsilon), "group_norm")


@aten("_fused_rms_norm", "rms_norm")
def rms_norm(
    call: "Call",
    x: Tensor,
    lengths: Sequence[int],
    weight: Tensor | None = None,
    epsilon: float | None = None,
) -> Any:
    """By the root of the mean square: no spec has one."""
    return normalized(call, x, weight, None, None, "rms_norm")


def normalized(
    call: "Call", x: Tensor, weight: Tensor | None, bias: Tensor | None, op: Op | None, name: str
) -> Any:
    """The operator of specs where scale and shift are parameters or missing, else one that reads them as
    tensors.
    """
    learnt = (call.weight(weight), call.weight(bias))
    both = all(factor is not None and factor.whole for factor in learnt) or (weight is None and bias is None)
    if op is not None and both:
        node = call.emit(op, (x,), learnt)
    else:
        factors = [factor for factor in (weight, bias) if factor is not None]
        node = call.emit(DynamicNorm(name, tuple(x.shape)), (x, *factors))
    return outputs(call, node, x)


def outputs(call: "Call", node: int, x: Tensor) -> Any:
    """The normalised tensor, and the statistics behind it that only a gradient would need."""
    if call.real:
        made = call.result()
        return call.tensors(node, made) if isinstance(made, list | tuple) else call.tensor(node)
    first = call.tensor(node, x, packed if call.name in PACKED else in_format)
    count = len(call.func._schema.returns)
    if count == 1:
        return first
    empty = [FakeTensor((0,), (1,), x.dtype, x.device) for _ in range(count - 1)]
    return (first, *empty)
