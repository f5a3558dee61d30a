"""Modules for what only recordings have: where the network is a module already, few are ever built."""

import torch
from torch import Tensor, nn

from archlens import ops
from archlens.builder.rule import module_for
from archlens.errors import BuildError
from archlens.recorder.operators import Constant, Copied, Parameter

__all__ = ["Clone", "Stored"]


class Clone(nn.Module):
    """The elements again, in the order of the axes: what `contiguous()` does after a transposition."""

    def forward(self, x: Tensor) -> Tensor:
        """A copy of the tensor."""
        return x.clone(memory_format=torch.contiguous_format)


class Stored(nn.Module):
    """A tensor that is there before the pass."""

    def __init__(self, shape: tuple[int, ...], *, learnable: bool) -> None:
        super().__init__()
        if learnable:
            self.weight = nn.Parameter(torch.randn(shape))
        else:
            self.register_buffer("weight", torch.zeros(shape))

    def forward(self) -> Tensor:
        """The tensor."""
        return self.weight


@module_for.register
def parameter(op: Parameter, inputs: ops.Shapes) -> nn.Module:
    """A weight that is read as a tensor, at random."""
    return Stored(op.shape, learnable=True)


@module_for.register
def constant(op: Constant, inputs: ops.Shapes) -> nn.Module:
    """Zeros: which numbers a constant has is not recorded."""
    return Stored(op.shape, learnable=False)


@module_for.register
def moved(op: Copied, inputs: ops.Shapes) -> nn.Module:
    """See `Clone`; which elements an index picks is not recorded."""
    if op.name != "clone":
        raise BuildError(f"no rule builds the operator {op.name!r}")
    return Clone()
