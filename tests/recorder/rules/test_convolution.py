"""Convolutions, recorded and counted by hand."""

import pytest
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from archlens.ops import Conv, Linear
from tests.recorder.recordings import costs, node, recorded


@pytest.mark.parametrize("axes", [1, 2, 3])
def test_maps_of_one_two_and_three_axes(axes: int) -> None:
    conv = (nn.Conv1d, nn.Conv2d, nn.Conv3d)[axes - 1](3, 4, 3)
    norm = (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)[axes - 1](4)
    pool = (nn.MaxPool1d, nn.MaxPool2d, nn.MaxPool3d)[axes - 1](2)
    graph = recorded(nn.Sequential(conv, norm, pool).eval(), torch.zeros(1, 3, *[8] * axes))
    assert costs(graph).multiply_adds == 3**axes * 12 * 6**axes
    assert costs(graph).elementwise == 4 * 6**axes + 4 * 3**axes


def test_attributes_of_a_convolution_come_from_the_call() -> None:
    module = nn.Conv2d(8, 16, (3, 5), stride=2, padding=(1, 2), dilation=(1, 1), groups=4, bias=False)
    graph = recorded(module, torch.zeros(1, 8, 9, 9))
    assert node(graph, "conv1").op == Conv(16, (3, 5), 2, (1, 2), 1, 4)
    assert node(recorded(nn.Linear(3, 5), torch.zeros(2, 7, 3)), "linear1").op == Linear(5)


@pytest.mark.parametrize(
    "module",
    [
        nn.Conv2d(8, 12, 3, 2, 1, groups=2),
        nn.ConvTranspose2d(8, 12, 3, 2, 1, 1),
        nn.Sequential(nn.Conv2d(8, 12, (1, 7), padding="same"), nn.Conv2d(12, 12, 3, dilation=2, groups=12)),
    ],
    ids=["conv", "transposed", "several"],
)
def test_multiply_adds_are_half_of_what_torch_s_counter_finds(module: nn.Module) -> None:
    x = torch.zeros(2, 8, 12, 12)
    with FlopCounterMode(display=False) as counter:
        module(x)
    graph = recorded(module, x)
    assert 2 * costs(graph).multiply_adds == counter.get_total_flops()
    assert costs(graph).params == sum(weight.numel() for weight in module.parameters())


@pytest.mark.parametrize(
    ("module", "shape", "places"),
    [
        (nn.Conv1d(3, 4, 3, dtype=torch.complex64), (1, 3, 8), 6 * 9),
        (nn.Conv2d(3, 4, 3, dtype=torch.complex64), (1, 3, 8, 8), 36 * 27),
        (nn.Conv2d(3, 4, 3, padding="same", dtype=torch.complex64), (1, 3, 8, 8), 64 * 27),
        (nn.ConvTranspose2d(3, 4, 2, 2, dtype=torch.complex64), (1, 3, 8, 8), 64 * 3 * 4),
    ],
)
def test_complex_numbers_are_counted_as_in_linear_layers(
    module: nn.Module, shape: tuple[int, ...], places: int
) -> None:
    """One multiply-add for a product of two complex numbers, though PyTorch runs three real convolutions."""
    graph = recorded(module, torch.zeros(shape, dtype=torch.complex64))
    assert (graph.complete, costs(graph).multiply_adds) == (True, 4 * places)
    assert costs(graph).params == sum(weight.numel() for weight in module.parameters())
    assert sum(node.op.kind.endswith("conv") for node in graph.nodes) == 1
