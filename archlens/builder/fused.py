"""Operators with an epilogue: one module after the other."""

from torch import Tensor, nn

from archlens import ops
from archlens.builder.rule import module_for

__all__ = ["Fused"]


class Fused(nn.Sequential):
    """Modules one after the other, of which the first takes any number of tensors."""

    def forward(self, *inputs: Tensor) -> Tensor:
        """The output of the last module of the chain."""
        first, *epilogue = self
        x: Tensor = first(*inputs)
        for module in epilogue:
            x = module(x)
        return x


@module_for.register
def fused(op: ops.Fused, inputs: ops.Shapes) -> nn.Module:
    """See `Fused`: PyTorch runs one kernel for each part, a compiler makes them one."""
    output = op.output(inputs)
    return Fused(module_for(op.operator, inputs), *(module_for(part, (output,)) for part in op.then))
