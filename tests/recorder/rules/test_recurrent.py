"""Recurrent layers: one operator each, beside what PyTorch runs where it takes them apart into steps."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import product
from typing import Any
from warnings import catch_warnings

import pytest
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import FlopCounterMode

import archlens
from archlens.recorder.recurrent import Recurrent
from tests.recorder.recordings import costs, recorded

VIEWS = {"t", "view", "_unsafe_view", "unsafe_split", "unbind", "slice", "select", "transpose"}
CELLS: list[tuple[Callable[..., nn.RNNBase], dict[str, Any]]] = [
    (nn.LSTM, {}),
    (nn.LSTM, {"proj_size": 3}),
    (nn.GRU, {}),
    (nn.RNN, {}),
    (nn.RNN, {"nonlinearity": "relu"}),
]
SHAPES = list(product((1, 2), (False, True), (False, True), (False, True)))


@contextmanager
def steps() -> Iterator[None]:
    """While this lasts, PyTorch takes recurrent layers apart into their steps."""
    with catch_warnings(action="ignore"), torch.backends.mkldnn.flags(enabled=False):
        yield


class Launches(TorchDispatchMode):
    """Counts what runs and is no view."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.names: Counter[str] = Counter()

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        name = func._overloadpacket.__name__
        if name not in VIEWS:
            self.names[name] += 1
        return func(*args, **(kwargs or {}))


@pytest.mark.parametrize(("cell", "options"), CELLS)
@pytest.mark.parametrize(("layers", "both", "bias", "batch_first"), SHAPES)
def test_counts_as_pytorch_s_own_steps(
    cell: Callable[..., nn.RNNBase],
    options: dict[str, Any],
    layers: int,
    both: bool,
    bias: bool,
    batch_first: bool,
) -> None:
    """Products by PyTorch's counter, parameters by PyTorch; one node a layer, shapes and strides as real."""
    module = cell(8, 6, layers, bidirectional=both, bias=bias, batch_first=batch_first, **options).eval()
    x = torch.zeros(5, 3, 8)
    with torch.no_grad(), steps(), FlopCounterMode(display=False) as flops:
        expected = module(x)[0]
    given: list[tuple[Any, ...]] = []

    class Watched(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.inner = module

        def forward(self, x: Tensor) -> Any:
            made = self.inner(x)
            given.append((made[0].shape, made[0].stride()))
            return made

    graph = recorded(Watched(), x)
    assert costs(graph).multiply_adds == flops.get_total_flops() // 2
    assert costs(graph).params == sum(weight.numel() for weight in module.parameters())
    nodes = [node for node in graph.nodes if isinstance(node.op, Recurrent)]
    assert len(nodes) == layers
    assert given[0] == (expected.shape, expected.stride())


@pytest.mark.parametrize(("cell", "options"), CELLS)
@pytest.mark.parametrize("both", [False, True])
def test_kernels_as_pytorch_launches(
    cell: Callable[..., nn.RNNBase], options: dict[str, Any], both: bool
) -> None:
    """Those of the steps, without the last states, which are stacked: one stack each."""
    module = cell(8, 6, bidirectional=both, **options).eval()
    x, states = torch.zeros(7, 3, 8), 2 if cell is nn.LSTM else 1
    first = [torch.zeros(1 + both, 3, size) for size in (options.get("proj_size", 6), 6)][:states]
    given = tuple(first) if cell is nn.LSTM else first[0]
    with torch.no_grad(), steps(), Launches() as launched:
        module(x, given)
    graph = archlens.record(module, x, given)
    (node,) = [node for node in graph.nodes if isinstance(node.op, Recurrent)]
    assert node.op.kernels(graph.shapes_into(node)) == launched.names.total() - states


def test_weights_are_read_once_a_sequence() -> None:
    """In: 5 × 3 steps of 8 features, two first states of 3 × 6, all weights once. Out: the steps' states."""
    module = nn.LSTM(8, 6)
    graph = recorded(module, torch.zeros(5, 3, 8), (torch.zeros(1, 3, 6), torch.zeros(1, 3, 6)))
    (node,) = [node for node in graph.nodes if isinstance(node.op, Recurrent)]
    weights = 4 * 6 * (8 + 6) + 2 * 4 * 6
    assert node.cost.params == weights
    assert node.cost.reads == 5 * 3 * 8 + 2 * 3 * 6 + weights
    assert node.cost.writes == 5 * 3 * 6


@pytest.mark.parametrize(("cell", "options"), CELLS)
def test_the_same_on_every_device(cell: Callable[..., nn.RNNBase], options: dict[str, Any]) -> None:
    module = cell(8, 6, 2, bidirectional=True, **options).eval()
    here = archlens.record(module, torch.zeros(5, 3, 8))
    there = archlens.record(module.to("meta"), torch.zeros(5, 3, 8, device="meta"))
    assert [(node.op, node.cost) for node in here.nodes] == [(node.op, node.cost) for node in there.nodes]


def test_packed_sequences() -> None:
    """Seven steps in all, the longest sequence four: products by step, waits by the longest."""

    class Packed(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.inner = nn.GRU(8, 6, batch_first=True)

        def forward(self, x: Tensor) -> Any:
            return self.inner(pack_padded_sequence(x, torch.tensor([4, 3]), batch_first=True))[1]

    graph = recorded(Packed(), torch.zeros(2, 5, 8))
    (node,) = [node for node in graph.nodes if isinstance(node.op, Recurrent)]
    assert node.cost.multiply_adds == 7 * 18 * (8 + 6)
    assert isinstance(node.op, Recurrent)
    assert node.op.steps == 4


def test_dropout_between_layers_while_training() -> None:
    module = nn.LSTM(8, 6, 3, dropout=0.5)
    graph = recorded(module.train(), torch.zeros(5, 3, 8))
    assert [node.op.label(()) for node in graph.nodes if node.cost.elementwise] == [
        "lstm", "dropout", "lstm", "dropout", "lstm",
    ]  # fmt: skip


def test_weights_that_are_computed_count_where_they_are_made() -> None:
    """Weight dropout: the state's weights are a parameter of another name, and come in as a tensor."""

    class Dropped(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.inner = nn.LSTM(8, 6)
            self.raw = nn.Parameter(self.inner._parameters.pop("weight_hh_l0").data)  # type: ignore[union-attr]

        def forward(self, x: Tensor) -> Any:
            first = (torch.zeros(1, 3, 6), torch.zeros(1, 3, 6))
            inner = self.inner
            weights: Any = (inner.weight_ih_l0, self.raw * 2, inner.bias_ih_l0, inner.bias_hh_l0)
            return torch.lstm(x, first, weights, True, 1, 0.0, False, False, False)[0]

    module = Dropped()
    graph = recorded(module, torch.zeros(5, 3, 8))
    assert costs(graph).params == sum(weight.numel() for weight in module.parameters())
    assert costs(graph).multiply_adds == 5 * 3 * 24 * (8 + 6)


def test_a_gradient_in_the_forward_is_left_to_pytorch() -> None:
    class Steepest(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.inner = nn.GRU(8, 6)

        def forward(self, x: Tensor) -> Tensor:
            with torch.enable_grad():
                made: Tensor = self.inner(x)[0]
                return made

    graph = recorded(Steepest(), torch.zeros(5, 3, 8))
    assert costs(graph).multiply_adds == 5 * 3 * 18 * (8 + 6)
