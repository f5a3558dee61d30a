"""What only recordings have, built."""

from typing import Any

import pytest
import torch
from torch import Tensor, nn

import archlens
from archlens.builder import build, module_for
from archlens.builder.recorded import Clone
from archlens.errors import BuildError
from archlens.recorder.operators import Copied


class Shuffling(nn.Module):
    """A channel shuffle, written out."""

    def forward(self, x: Tensor) -> Any:
        n, c, h, w = x.shape
        return x.view(n, 2, c // 2, h, w).transpose(1, 2).contiguous().view(n, c, h, w)


def test_a_copy_is_one_in_the_order_of_the_axes() -> None:
    x = torch.arange(6.0).reshape(2, 3).t()
    y = Clone()(x)
    assert torch.equal(x, y)
    assert y.is_contiguous()
    assert y.data_ptr() != x.data_ptr()


def test_a_recorded_channel_shuffle_is_built() -> None:
    x = torch.randn(2, 6, 3, 3)
    graph = archlens.record(Shuffling(), x)
    built = build(graph)
    assert torch.equal(built(x), Shuffling()(x))
    assert archlens.profile(archlens.record(built, x)).totals == archlens.profile(graph).totals


def test_an_operator_without_a_rule_is_named() -> None:
    with pytest.raises(BuildError, match="no rule builds the operator 'gather'"):
        module_for(Copied("gather", (2, 3)), ((2, 5), (2, 3)))


def test_a_recorded_operator_goes_by_its_own_name() -> None:
    graph = archlens.record(nn.Softplus(), torch.randn(1, 4))
    with pytest.raises(BuildError, match="no rule builds the operator 'softplus'"):
        build(graph)
