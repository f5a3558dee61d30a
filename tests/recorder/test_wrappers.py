"""Tensors that hold others: their classes take operators apart, and what is inside is counted."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from archlens.cost import Cost
from archlens.recorder.wrappers import decides
from tests.recorder.networks import Applied
from tests.recorder.recordings import costs, recorded

pytestmark = pytest.mark.filterwarnings("ignore:The PyTorch API of")


class Shortened(Tensor):
    """A weight as whole numbers and a factor for each of its rows, as libraries for few bits have it."""

    numbers: Tensor
    factors: Tensor

    @staticmethod
    def __new__(cls, numbers: Tensor, factors: Tensor) -> Any:
        return Tensor._make_wrapper_subclass(cls, numbers.shape, dtype=factors.dtype)

    def __init__(self, numbers: Tensor, factors: Tensor) -> None:
        self.numbers, self.factors = numbers, factors

    def __tensor_flatten__(self) -> Any:
        return ["numbers", "factors"], None

    @classmethod
    def __tensor_unflatten__(cls, inner: dict[str, Tensor], *context: Any) -> Any:
        return cls(inner["numbers"], inner["factors"])

    @classmethod
    def __torch_dispatch__(  # type: ignore[override]  # as PyTorch calls it
        cls, func: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> Any:
        weight = next(x for x in args if isinstance(x, Shortened))
        if func is torch.ops.aten.detach.default:
            return cls(weight.numbers, weight.factors)
        if func is torch.ops.aten.t.default:
            return weight.numbers.to(weight.factors.dtype).mul(weight.factors[:, None]).t()
        raise NotImplementedError(str(func))


def shortened(layer: nn.Linear) -> nn.Linear:
    numbers = torch.ones(layer.weight.shape, dtype=torch.int8)
    held: Any = Shortened(numbers, torch.ones(layer.out_features))
    layer.weight = nn.Parameter(held, requires_grad=False)
    return layer


def test_a_weight_in_few_bits() -> None:
    """3 rows of 80 features to 40: the weight is made real first, in two steps of 3200 elements.

    Those are a cast and a product with 40 factors; the layer reads its input, what came of it, and its bias.
    """
    layer = shortened(nn.Linear(80, 40))
    weight = layer.weight
    graph = recorded(layer, torch.zeros(3, 80))
    assert graph.complete
    assert costs(graph) == Cost(
        params=3240, multiply_adds=3 * 3200, elementwise=3200 + 120, activations=120,
        reads=3200 + (3200 + 40) + (240 + 3200) + (120 + 40), writes=3200 + 3200 + 120 + 120,
    )  # fmt: skip
    assert graph.unread == 0
    assert layer.weight is weight
    assert layer(torch.ones(1, 80)).shape == (1, 40)


def rows() -> Any:
    """Two samples of 2 and of 5 rows, of 8 features each."""
    return torch.nested.nested_tensor([torch.ones(2, 8), torch.ones(5, 8)], layout=torch.jagged)


def apart(x: Tensor) -> Any:
    return torch.nested.nested_tensor_from_jagged(x, torch.tensor([0, 2, 7]), min_seqlen=2, max_seqlen=5)


NESTED: dict[str, Callable[[nn.Module], Any]] = {
    "given": lambda layer: (layer, rows()),
    "made inside": lambda layer: (Applied(lambda x: layer(apart(x)).values()), torch.ones(7, 8)),
    "padded": lambda layer: (Applied(lambda x: layer(apart(x)).to_padded_tensor(0.0)), torch.ones(7, 8)),
}


@pytest.mark.parametrize("way", NESTED)
def test_rows_of_several_samples_behind_each_other(way: str) -> None:
    """7 rows through 64 weights, whichever sample they belong to."""
    module, x = NESTED[way](nn.Sequential(nn.Linear(8, 8), nn.GELU(), nn.LayerNorm(8)))
    graph = recorded(module, x)
    assert graph.complete
    assert (costs(graph).params, costs(graph).multiply_adds) == (72 + 16, 7 * 64)
    assert graph.nodes[graph.outputs[0]].shape == ((2, 5, 8) if way == "padded" else (7, 8))


def test_masked_tensors() -> None:
    layer = nn.Linear(8, 8)

    def masked(x: Tensor) -> Any:
        made: Any = torch.masked.masked_tensor(layer(x), x > 0)
        return made.sum(1).to_tensor(0.0)

    graph = recorded(Applied(masked), torch.ones(3, 8))
    assert (graph.complete, costs(graph).multiply_adds) == (True, 3 * 64)


def test_which_classes_decide() -> None:
    class Named(Tensor):
        """A tensor with a name for it."""

    assert decides(Shortened)
    assert not any(map(decides, (Tensor, nn.Parameter, Named)))
    assert functional.linear(Tensor([[1.0]]).as_subclass(Named), torch.ones(1, 1)).item() == 1
