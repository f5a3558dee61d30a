"""What operators say that backward reads, against what autograd saves."""

import pytest
import torch
from torch import Tensor
from torch.autograd.graph import saved_tensors_hooks

from archlens.builder import module_for
from archlens.builder.padding import PaddedInput
from archlens.builder.pooling import MeanOfInside
from archlens.ops import MatrixProduct
from tests.ops.test_operator import EXAMPLES
from tests.oracles.example import Example

COMPUTING = [example for example in EXAMPLES if example.inputs and not example.op.alias and example.op.costed]


@pytest.mark.parametrize("example", COMPUTING, ids=str)
def test_autograd_saves_what_the_operator_says(example: Example) -> None:
    """Where a module pads its input first, or repeats it along the batch, the copy is saved instead."""
    module = module_for(example.op, example.inputs).train()
    inputs = [torch.rand(shape).requires_grad_() for shape in example.inputs]
    storages: set[int] = set()

    def pack(tensor: Tensor) -> Tensor:
        storages.add(tensor.untyped_storage()._cdata)
        return tensor.detach()

    with saved_tensors_hooks(pack, lambda tensor: tensor):
        output = module(*inputs)
    saved = {"input"} if any(x.untyped_storage()._cdata in storages for x in inputs) else set()
    saved |= {"output"} if output.untyped_storage()._cdata in storages else set()
    pads = isinstance(module, PaddedInput | MeanOfInside)
    repeats = isinstance(example.op, MatrixProduct) and len({shape[:-2] for shape in example.inputs}) > 1
    assert saved <= example.op.saves
    assert saved == example.op.saves or pads or repeats
