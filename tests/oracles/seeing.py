"""Which inputs an output depends on, by the gradient of one output element after the other."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from archlens.builder import module_for
from archlens.builder.positive_weights import positive_form
from archlens.ops import Op, Shape, Shapes

__all__ = ["dependencies", "seen_along"]


def dependencies(op: Op, inputs: Shapes) -> list[Tensor]:
    """For each input of an operator: whether output element i depends on input element j, i × j."""
    module = positive_form(module_for(op, inputs), None)
    return dependencies_of(module, inputs)


def dependencies_of(module: nn.Module, inputs: Sequence[Shape]) -> list[Tensor]:
    """The same for a module with positive weights."""
    tensors = [torch.ones(shape, dtype=torch.float64, requires_grad=True) for shape in inputs]
    outputs = module(*tensors).flatten()
    rows = [torch.autograd.grad(output, tensors, retain_graph=True) for output in outputs]
    return [torch.stack([row[i].flatten() != 0 for row in rows]) for i in range(len(inputs))]


def seen_along(seen: Tensor, shape: Shape, axis: int) -> list[int]:
    """The places along an axis that one row of dependencies holds."""
    along = seen.reshape(shape).movedim(axis, 0).flatten(1).any(1)
    return [place for place, there in enumerate(along.tolist()) if there]
