"""Matrix products, recorded and counted by hand."""

import torch
from torch import nn
from torch.nn import functional

from archlens.cost import Cost
from tests.recorder.networks import Applied
from tests.recorder.recordings import costs, recorded


def test_einsum() -> None:
    graph = recorded(
        Applied(lambda a, b: torch.einsum("bij,bkj->bik", a, b)), torch.zeros(2, 5, 8), torch.zeros(2, 3, 8)
    )
    assert costs(graph).multiply_adds == 2 * 5 * 3 * 8


def test_matmul_that_broadcasts() -> None:
    """2×1×5×8 times 3×8×4: six products, before which PyTorch copies both operands for all six."""
    graph = recorded(Applied(torch.matmul), torch.zeros(2, 1, 5, 8), torch.zeros(3, 8, 4))
    copies = 6 * (5 * 8 + 8 * 4)
    assert costs(graph) == Cost(
        multiply_adds=6 * 5 * 4 * 8,
        reads=copies + copies,
        writes=copies + 6 * 5 * 4,
        activations=6 * 5 * 4,
    )


def test_weights_that_are_computed_count_where_they_are_made() -> None:
    """A matrix of 5×4 that is halved before use: 20 parameters, and a product of 2×4 with it."""
    layer = nn.Linear(4, 5, bias=False)
    graph = recorded(Applied(lambda x: functional.linear(x, layer.weight * 0.5)), torch.zeros(2, 4))
    assert costs(graph) == Cost(
        params=20, multiply_adds=40, elementwise=20, reads=20 + 8 + 20, writes=20 + 10, activations=10
    )


def test_distances() -> None:
    """2·5·3 pairs of vectors of 8: Euclid's are products of differences, others are sums of them."""
    x, y = torch.zeros(2, 5, 8), torch.zeros(2, 3, 8)
    graph = recorded(Applied(torch.cdist), x, y)
    moved = Cost(reads=80 + 48, writes=30)
    assert costs(graph) == moved + Cost(multiply_adds=240, elementwise=30, activations=30)
    graph = recorded(Applied(lambda a, b: torch.cdist(a, b, p=1)), x, y)
    assert costs(graph) == moved + Cost(elementwise=240 + 30)


def test_distances_of_rows_from_each_other() -> None:
    """5 rows are 10 pairs."""
    graph = recorded(Applied(torch.pdist), torch.zeros(5, 8))
    assert costs(graph) == Cost(multiply_adds=80, elementwise=10, reads=40, writes=10, activations=10)


def test_products_of_whole_numbers() -> None:
    x = torch.zeros(32, 16, dtype=torch.int8)
    graph = recorded(Applied(lambda x: torch._int_mm(x, x.t()) + 0), x)
    assert costs(graph).multiply_adds == 32 * 16 * 32


def test_a_sum_of_products() -> None:
    """Two of 3×4 by 4×5 are one of 3×8 by 8×5; then a sum of 15."""
    graph = recorded(Applied(torch.addbmm), torch.zeros(3, 5), torch.zeros(2, 3, 4), torch.zeros(2, 4, 5))
    product = Cost(multiply_adds=120, reads=24 + 40, writes=15, activations=15)
    assert costs(graph) == product + Cost(elementwise=15, reads=30, writes=15)
