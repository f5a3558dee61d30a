"""Activations: all of them torch's own."""

from torch import nn

from archlens import ops
from archlens.builder.rule import module_for

__all__: list[str] = []


@module_for.register
def relu(op: ops.ReLU, inputs: ops.Shapes) -> nn.Module:
    """`nn.ReLU`, not in place: a residual branch may read the same tensor."""
    return nn.ReLU()


@module_for.register
def relu6(op: ops.ReLU6, inputs: ops.Shapes) -> nn.Module:
    """`nn.ReLU6`, not in place, as `relu`."""
    return nn.ReLU6()


@module_for.register
def sigmoid(op: ops.Sigmoid, inputs: ops.Shapes) -> nn.Module:
    """`nn.Sigmoid`."""
    return nn.Sigmoid()


@module_for.register
def hard_sigmoid(op: ops.HardSigmoid, inputs: ops.Shapes) -> nn.Module:
    """`nn.Hardsigmoid`."""
    return nn.Hardsigmoid()


@module_for.register
def tanh(op: ops.Tanh, inputs: ops.Shapes) -> nn.Module:
    """`nn.Tanh`."""
    return nn.Tanh()


@module_for.register
def silu(op: ops.SiLU, inputs: ops.Shapes) -> nn.Module:
    """`nn.SiLU`."""
    return nn.SiLU()


@module_for.register
def hard_swish(op: ops.HardSwish, inputs: ops.Shapes) -> nn.Module:
    """`nn.Hardswish`."""
    return nn.Hardswish()


@module_for.register
def elu(op: ops.ELU, inputs: ops.Shapes) -> nn.Module:
    """`nn.ELU`."""
    return nn.ELU()


@module_for.register
def gelu(op: ops.GELU, inputs: ops.Shapes) -> nn.Module:
    """`nn.GELU`, with the exact normal distribution."""
    return nn.GELU()


@module_for.register
def softmax(op: ops.Softmax, inputs: ops.Shapes) -> nn.Module:
    """`nn.Softmax`."""
    return nn.Softmax(op.axis)


@module_for.register
def prelu(op: ops.PReLU, inputs: ops.Shapes) -> nn.Module:
    """Torch's own, which starts at a slope of 1/4 as the paper does."""
    return nn.PReLU(inputs[0][1] if op.per_channel else 1)
