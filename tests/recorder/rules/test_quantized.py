"""Layers with packed weights: those of the layers that they were made from."""

from typing import Any

import pytest
import torch
from torch import Tensor, nn

from archlens.cost import Cost
from tests.recorder.networks import Applied
from tests.recorder.recordings import costs, recorded

pytestmark = pytest.mark.filterwarnings("ignore")  # PyTorch is about to move them elsewhere

quantization: Any = torch.ao.quantization


def quantized(module: nn.Module, dtype: torch.dtype = torch.qint8) -> nn.Module:
    """With packed weights, its numbers quantised as they come."""
    made: nn.Module = quantization.quantize_dynamic(nn.Sequential(module), {type(module)}, dtype=dtype)
    return made


@pytest.mark.parametrize("dtype", [torch.qint8, torch.float16])
def test_a_linear_layer(dtype: torch.dtype) -> None:
    graph = recorded(quantized(nn.Linear(4, 5), dtype), torch.zeros(2, 4))
    assert costs(graph) == costs(recorded(nn.Linear(4, 5), torch.zeros(2, 4)))


def test_a_layer_that_is_called_twice_counts_once() -> None:
    layer = quantized(nn.Linear(4, 4))
    cost = costs(recorded(Applied(lambda x: layer(layer(x))), torch.zeros(2, 4)))
    assert (cost.params, cost.multiply_adds) == (20, 2 * 2 * 16)


@pytest.mark.parametrize("dtype", [torch.qint8, torch.float16])
def test_an_lstm(dtype: torch.dtype) -> None:
    """Two layers in two directions, 6 features each, over 10 steps of 8 features: the second sees 12."""
    plain = nn.LSTM(8, 6, num_layers=2, bidirectional=True)
    x = torch.zeros(5, 2, 8)
    graph = recorded(quantized(plain, dtype), x)
    assert graph.complete
    first, second = 24 * (8 + 6), 24 * (12 + 6)
    cost, before = costs(graph), costs(recorded(plain, x))
    assert cost.multiply_adds == 2 * 10 * (first + second) == before.multiply_adds
    assert cost.params == 2 * (first + second) + 4 * 48 == before.params
    assert cost.elementwise == before.elementwise
    assert graph.nodes[graph.outputs[0]].shape == (5, 2, 12)


def test_a_gru() -> None:
    """Three gates of 6 from 8 and 6 features, over 3 steps of 2 samples."""
    cost = costs(recorded(quantized(nn.GRU(8, 6)), torch.zeros(3, 2, 8)))
    assert (cost.params, cost.multiply_adds) == (18 * (8 + 6) + 36, 6 * 18 * (8 + 6))


def test_sequences_of_different_lengths() -> None:
    layer = quantized(nn.LSTM(8, 6))[0]  # type: ignore[index]

    def packed(x: Tensor) -> Tensor:
        sequence = nn.utils.rnn.pack_padded_sequence(x, torch.tensor([5, 3]))
        output: Tensor = layer(sequence)[0].data
        return output

    graph = recorded(Applied(packed), torch.zeros(5, 2, 8))
    assert graph.complete
    assert costs(graph).multiply_adds == 8 * 24 * 14


@pytest.mark.parametrize(("cell", "gates"), [(nn.LSTMCell, 4), (nn.GRUCell, 3), (nn.RNNCell, 1)])
def test_one_step(cell: Any, gates: int) -> None:
    """Gates of 6 from 8 and 6 features, for 2 samples."""
    cost = costs(recorded(quantized(cell(8, 6)), torch.zeros(2, 8)))
    assert (cost.params, cost.multiply_adds) == (gates * 6 * (8 + 6 + 2), 2 * gates * 6 * (8 + 6))


def test_a_table() -> None:
    """4 rows of 8 out of 10."""
    module = nn.Sequential(nn.Embedding(10, 8))
    module.qconfig = quantization.float_qparams_weight_only_qconfig
    module = quantization.convert(quantization.prepare(module))
    graph = recorded(module, torch.zeros(4, dtype=torch.long))
    assert costs(graph) == Cost(params=80, reads=32 + 4, writes=32)


def test_bags_of_rows() -> None:
    """6 rows of 8, from 0 and from 2 on in a bag."""
    module = nn.EmbeddingBag(10, 8, mode="sum")
    module.qconfig = quantization.float_qparams_weight_only_qconfig
    module = quantization.convert(quantization.prepare(nn.Sequential(module)))[0]
    graph = recorded(module, torch.zeros(6, dtype=torch.long), torch.tensor([0, 2]))
    assert graph.complete
    picked = Cost(params=80, reads=48 + 6, writes=48)
    assert costs(graph) == picked + Cost(elementwise=16, reads=48 + 2, writes=16)


class Static(nn.Module):
    """Quantised throughout: two convolutions, a shortcut, a pooling and a linear layer."""

    def __init__(self) -> None:
        super().__init__()
        self.quant, self.dequant = quantization.QuantStub(), quantization.DeQuantStub()
        self.conv1, self.conv2 = nn.Conv2d(3, 4, 3), nn.Conv2d(4, 4, 3, padding=1, groups=2)
        self.relu, self.pool, self.linear = nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Linear(4, 5)
        functional: Any = torch.ao.nn.quantized
        self.shortcut = functional.FloatFunctional()

    def forward(self, x: Tensor) -> Tensor:
        x = self.relu(self.conv1(self.quant(x)))
        x = self.shortcut.add(x, self.conv2(x))
        made: Tensor = self.dequant(self.linear(self.pool(x).flatten(1)))
        return made


def test_training_for_few_bits() -> None:
    """What comes in, all weights but biases, and what each of four layers gives are rounded."""
    module = Static()
    x = torch.zeros(1, 3, 8, 8)
    before = costs(recorded(module, x))
    module.qconfig = quantization.get_default_qat_qconfig("fbgemm")
    graph = recorded(quantization.prepare_qat(module.train()), x)
    assert graph.complete
    after = costs(graph)
    assert (after.params, after.multiply_adds) == (before.params, before.multiply_adds)
    rounded = [node.cost.elementwise for node in graph.nodes if node.op.label(()) == "fake_quantize"]
    assert sorted(rounded) == sorted([192, 108, 72, 20, 144, 144, 144, 5])


def test_a_network_that_is_quantised_throughout() -> None:
    """Nothing changes but two steps: 192 numbers are quantised, and 5 put back."""
    module = Static().eval()
    x = torch.zeros(1, 3, 8, 8)
    before = costs(recorded(module, x))
    module = quantization.fuse_modules(module, [["conv1", "relu"]])
    module.qconfig = quantization.get_default_qconfig("fbgemm")
    prepared = quantization.prepare(module)
    prepared(x)
    graph = recorded(quantization.convert(prepared), x)
    assert graph.complete
    assert before.multiply_adds == 36 * 4 * 27 + 36 * 4 * 18 + 20
    assert before.params == 112 + 76 + 25
    assert costs(graph) == before + Cost(elementwise=192, reads=192 + 5, writes=192 + 5)
