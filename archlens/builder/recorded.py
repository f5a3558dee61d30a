"""Modules for what only recordings have: where the network is a module already, few are ever built."""

import torch
from torch import Tensor, nn

from archlens import ops
from archlens.builder.rule import module_for
from archlens.errors import BuildError
from archlens.recorder.operators import Copied

__all__ = ["Clone"]


class Clone(nn.Module):
    """The elements again, in the order of the axes: what `contiguous()` does after a transposition."""

    def forward(self, x: Tensor) -> Tensor:
        """A copy of the tensor."""
        return x.clone(memory_format=torch.contiguous_format)


@module_for.register
def moved(op: Copied, inputs: ops.Shapes) -> nn.Module:
    """See `Clone`; which elements an index picks is not recorded."""
    if op.name != "clone":
        raise BuildError(f"no rule builds the operator {op.name!r}")
    return Clone()
