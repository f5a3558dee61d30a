"""Operators with an epilogue, beside their parts run one after the other."""

from collections.abc import Callable

import pytest
import torch
from torch import nn

from archlens import ops
from archlens.builder import build, module_for
from archlens.graph import Graph


@pytest.mark.parametrize(
    ("op", "inputs"),
    [
        (ops.Fused(ops.Conv(6, 3, 2), (ops.PReLU(), ops.Scale(0.5))), ((2, 4, 7, 7),)),
        (ops.Fused(ops.Add(), (ops.ReLU(),)), ((2, 4, 3, 3), (2, 4, 3, 3), (2, 4, 1, 1))),
        (ops.Fused(ops.Linear(5), (ops.GELU(), ops.Gain(per_channel=True))), ((2, 4),)),
    ],
)
def test_the_parts_run_one_after_the_other(op: ops.Fused, inputs: ops.Shapes) -> None:
    module = module_for(op, inputs)
    tensors = [torch.randn(shape) for shape in inputs]
    first, *epilogue = module.children()
    expected = first(*tensors)
    for part in epilogue:
        expected = part(expected)
    assert torch.equal(module(*tensors), expected)
    assert tuple(expected.shape) == op.output(inputs)
    params = op.cost(inputs, op.output(inputs)).params
    assert sum(parameter.numel() for parameter in module.parameters()) == params


def test_the_epilogue_is_made_for_the_output() -> None:
    fused = ops.Fused(ops.Conv(6), (ops.PReLU(),))
    conv, prelu = module_for(fused, ((1, 4, 3, 3),)).children()
    assert isinstance(conv, nn.Conv2d)
    assert isinstance(prelu, nn.PReLU)
    assert prelu.weight.shape == (6,)


def test_it_is_a_part_of_a_network(wire: Callable[..., Graph]) -> None:
    graph = wire(
        ("input", ops.Input((1, 3, 8, 8)), ()),
        ("stem.conv1", ops.Fused(ops.Conv(4, 3), (ops.ReLU(),)), ("input",)),
    )
    network = build(graph)
    assert isinstance(network.get_submodule("stem.conv1.0"), nn.Conv2d)
    assert network(torch.randn(2, 3, 8, 8)).min() >= 0
