"""Matrix products, recorded and counted by hand."""

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from archlens.cost import Cost
from tests.recorder.networks import Applied
from tests.recorder.recordings import costs, node, recorded


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


def test_weights_of_eight_bits() -> None:
    """5 rows of 8 features with 6 columns: 5·6·8 products; weights and a factor a column are read, too."""

    class Own(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            weights = torch.ones(6, 8, dtype=torch.int8)
            made: Tensor = torch.ops.aten._weight_int8pack_mm(x, weights, torch.ones(6))
            return made

    graph = recorded(Own(), torch.zeros(5, 8))
    assert graph.complete
    assert costs(graph).multiply_adds == 5 * 6 * 8
    assert node(graph, "product1").cost.reads == 5 * 8 + 6 * 8 + 6


def test_a_mixture_of_experts_in_one_product() -> None:
    """16 rows, each of which meets one of 4 experts of 16×32: as many products as one linear layer."""

    class Own(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.experts = nn.Parameter(torch.ones(4, 16, 32, dtype=torch.bfloat16))

        def forward(self, x: Tensor) -> Tensor:
            ends = torch.tensor([4, 8, 8, 16], dtype=torch.int32)
            made: Tensor = torch.ops.aten._grouped_mm(x, self.experts, ends)
            return made

    graph = recorded(Own(), torch.zeros(16, 16, dtype=torch.bfloat16))
    assert graph.complete
    assert costs(graph).multiply_adds == 16 * 16 * 32
    assert costs(graph).params == 4 * 16 * 32


@pytest.mark.parametrize("name", ["silu_backward", "gelu_backward", "threshold_backward", "tanh_backward"])
def test_gradients_of_functions_are_functions(name: str) -> None:
    class Own(nn.Module):
        def forward(self, x: Tensor, y: Tensor) -> Tensor:
            more = (0.0,) if name == "threshold_backward" else ()
            made: Tensor = getattr(torch.ops.aten, name)(x, y, *more)
            return made

    graph = recorded(Own(), torch.zeros(2, 3), torch.zeros(2, 3))
    assert graph.complete
    assert costs(graph).elementwise == 6
    assert costs(graph).memory_access == 18


@pytest.mark.parametrize("layout", [torch.sparse_coo, torch.sparse_csr])
@pytest.mark.parametrize("given", [True, False])
@pytest.mark.filterwarnings("ignore:Sparse CSR tensor support")
def test_sparse_matrices_multiply_what_they_hold(layout: torch.layout, *, given: bool) -> None:
    """7 elements of a matrix of 100 by 100 meet 8 columns each, after a layer of 100·64 products.

    It holds its values and, for each, a row and a column; rows in order need only where they end.
    """
    places = torch.tensor([[0, 5, 5, 9, 50, 98, 99], [3, 4, 7, 9, 51, 0, 99]])
    adjacency = torch.sparse_coo_tensor(places, torch.ones(7), (100, 100), check_invariants=True).coalesce()
    matrix = adjacency if layout is torch.sparse_coo else adjacency.to_sparse_csr()
    layer, x = nn.Linear(8, 8), torch.zeros(100, 8)
    if given:
        graph = recorded(Applied(lambda a, x: a @ layer(x)), matrix, x)
    else:
        graph = recorded(Applied(lambda x: torch.sparse.mm(matrix, layer(x))), x)
    assert graph.complete
    assert costs(graph).multiply_adds == 6400 + 7 * 8
    held = 7 + (14 if layout is torch.sparse_coo else 7 + 101)
    product = next(node for node in graph.nodes if node.op.kind == "product" and node.op.arity == -1)
    assert product.cost == Cost(multiply_adds=56, reads=held + 800, writes=800, activations=800)


def test_products_with_factors_for_blocks() -> None:
    """32×16 times 16×16 in numbers of 8 bits, by the newer function; 4 rows of 64 to 32 in 4 bits."""
    weight = torch.zeros(16, 16).to(torch.float8_e4m3fn)
    tensorwise = functional.ScalingType.TensorWise

    def scaled(x: Tensor) -> Tensor:
        one = torch.ones(())
        return functional.scaled_mm(
            x.to(torch.float8_e4m3fn), weight.t(), one, tensorwise, one, tensorwise,
            output_dtype=torch.bfloat16,
        )  # fmt: skip

    graph = recorded(Applied(scaled), torch.zeros(32, 16))
    assert (graph.complete, costs(graph).multiply_adds) == (True, 32 * 16 * 16)
    packed = torch.ops.aten._dyn_quant_pack_4bit_weight(
        torch.zeros(32, 32, dtype=torch.uint8), torch.ones(64), torch.zeros(32), 32, 64, 32
    )
    graph = recorded(
        Applied(lambda x: torch.ops.aten._dyn_quant_matmul_4bit(x, packed, 32, 64, 32)), torch.zeros(4, 64)
    )
    assert (graph.complete, costs(graph).multiply_adds) == (True, 4 * 64 * 32)
