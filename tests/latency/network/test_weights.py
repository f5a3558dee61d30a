"""Weights that keep every activation a common number."""

import pytest
import torch
from torch import Tensor, nn

import archlens
from archlens.builder.arithmetic import Gain
from archlens.latency.network.weights import random_inputs, settle


def settled(*layers: nn.Module, x: Tensor) -> Tensor:
    """What a stack of layers puts out once it is settled."""
    network = nn.Sequential(*layers).eval()
    settle(network, (x,))
    with torch.no_grad():
        output: Tensor = network(x)
    return output


def test_a_hundred_layers_put_out_a_deviation_of_1() -> None:
    torch.manual_seed(0)
    layers = [module for _ in range(100) for module in (nn.Linear(32, 32), nn.ReLU())]
    output = settled(*layers, nn.Linear(32, 32), x=torch.randn(16, 32))
    assert output.std(correction=0).item() == pytest.approx(1.0, rel=1e-3)


def test_normalisations_know_what_they_are_given() -> None:
    torch.manual_seed(0)
    output = settled(nn.BatchNorm2d(3), x=5 + 1e-3 * torch.randn(4, 3, 8, 8))
    assert output.mean().item() == pytest.approx(0.0, abs=0.05)
    assert 0.2 < output.std().item() < 1.5  # epsilon is ten times the variance


def test_a_gain_of_a_millionth_is_none() -> None:
    assert settled(Gain((3, 1, 1), 1e-6), x=torch.randn(1, 3, 4, 4)).std() > 0.5


def test_zeros_stay_what_they_are() -> None:
    assert torch.equal(settled(Gain((), 0.0), x=torch.randn(1, 3, 4, 4)), torch.zeros(1, 3, 4, 4))
    assert torch.isfinite(settled(nn.BatchNorm2d(3), x=torch.zeros(1, 3, 1, 1))).all()


def test_no_hook_is_left() -> None:
    layer = nn.Linear(3, 3)
    settle(layer, (torch.randn(2, 3),))
    assert not layer._forward_hooks


def test_inputs_follow_the_seed() -> None:
    graph = archlens.load("lenet5")
    (first,), (again,), (other,) = (
        random_inputs(graph, batch=3, device="cpu", seed=seed) for seed in (1, 1, 2)
    )
    assert first.shape == (3, 1, 32, 32)
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
