"""The assertion that tests of other projects use."""

from typing import Any

import pytest

from archlens.errors import UsageError
from archlens.spec import load
from archlens.testing import assert_cost


def test_assert_cost() -> None:
    graph = load("resnet18")
    assert_cost(graph, max={"params": "12M"})
    with pytest.raises(
        AssertionError, match=r"^resnet18: params is 11.69M, above the 1M allowed\nresnet18: multiply-"
    ):
        assert_cost(graph, max={"params": "1M", "multiply_adds": "1M"})
    with pytest.raises(UsageError, match="there is no figure paramz"):
        assert_cost(graph, max={"paramz": "1M"})


def test_assert_cost_of_a_module() -> None:
    torch: Any = pytest.importorskip("torch")
    module = torch.nn.Linear(4, 8)
    assert_cost(module, torch.zeros(1, 4), max={"params": 40})
    with pytest.raises(AssertionError, match="above the 39 allowed"):
        assert_cost(module, torch.zeros(1, 4), max={"params": 39})
