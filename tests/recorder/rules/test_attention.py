"""Attention, in one operator and step by step, recorded and counted by hand."""

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from archlens.cost import Cost
from tests.recorder.networks import Applied
from tests.recorder.recordings import costs, recorded


def attention_by_hand(x: Tensor) -> Tensor:
    """Two heads of four features, over five tokens, step by step."""
    q, k, v = (x.reshape(2, 5, 2, 4).transpose(1, 2) for _ in range(3))
    return torch.softmax(q @ k.transpose(-2, -1), -1) @ v


def test_attention_both_ways() -> None:
    """2 samples, 2 heads, 5 tokens, 4 features: scores are 2·2·5·5 = 100, each of 4 products, and 80 out."""
    x = torch.zeros(2, 5, 8)
    heads = torch.zeros(2, 2, 5, 4)
    steps = recorded(Applied(attention_by_hand), x)
    fused = recorded(Applied(functional.scaled_dot_product_attention), heads, heads, heads)
    for graph in (steps, fused):
        assert graph.complete
        assert costs(graph).multiply_adds == 100 * 4 + 100 * 4
    assert costs(fused) == Cost(
        multiply_adds=800,
        elementwise=100,
        reads=(80 + 80) + 100 + (100 + 80),
        writes=100 + 100 + 80,
        activations=100 + 80,
    )


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("weights", [True, False])
@pytest.mark.parametrize("batch_first", [True, False])
def test_multi_head_attention(*, training: bool, weights: bool, batch_first: bool) -> None:
    """The fast path and the slow one: 10 tokens of 4·8·8 weights each, 100 scores of 4 products twice."""
    module = nn.MultiheadAttention(8, 2, batch_first=batch_first).train(training)
    x = torch.zeros(2, 5, 8) if batch_first else torch.zeros(5, 2, 8)
    graph = recorded(module, x, x, x, need_weights=weights)
    assert graph.complete
    assert costs(graph).params == 3 * 64 + 24 + 64 + 8
    assert costs(graph).multiply_adds == 10 * (192 + 64) + 2 * 100 * 4


def test_attention_to_other_tokens_shares_its_packed_weights_out() -> None:
    """5 queries and 3 keys: 8·8 weights for 10, 6, 6 and 10 tokens; 2·2·5·3 scores of 4 twice."""
    module = nn.MultiheadAttention(8, 2, batch_first=True)
    graph = recorded(module.eval(), torch.zeros(2, 5, 8), torch.zeros(2, 3, 8), torch.zeros(2, 3, 8))
    assert costs(graph).params == sum(weight.numel() for weight in module.parameters())
    assert costs(graph).multiply_adds == (10 + 6 + 6 + 10) * 64 + 2 * 60 * 4


@pytest.mark.parametrize("training", [True, False])
def test_a_transformer_s_encoder(*, training: bool) -> None:
    """Two layers on 10 tokens: 4·8·8 weights of attention and 2·8·16 behind it, 100 scores of 4 twice."""
    layer = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True)
    module = nn.TransformerEncoder(layer, 2).train(training)
    graph = recorded(module, torch.zeros(2, 5, 8))
    assert costs(graph).params == sum(weight.numel() for weight in module.parameters())
    assert costs(graph).multiply_adds == 2 * (10 * (256 + 256) + 800)


@pytest.mark.parametrize("device", ["cpu", "meta"])
@pytest.mark.parametrize("dropout", [0.0, 0.5])
@pytest.mark.parametrize("rank", [3, 4])
def test_attention_is_one_operator_wherever_it_is_recorded(device: str, dropout: float, rank: int) -> None:
    """PyTorch takes another kernel, or several operators, on each device and where dropout is asked for."""

    class Own(nn.Module):
        def forward(self, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
            return nn.functional.scaled_dot_product_attention(q, k, v, dropout_p=dropout)

    shapes = ((2, 3, 5, 8), (2, 3, 7, 8), (2, 3, 7, 4))
    q, k, v = (torch.zeros(shape[4 - rank :], device=device) for shape in shapes)
    graph = recorded(Own(), q, k, v)
    (node,) = [node for node in graph.nodes if node.inputs]
    heads = 6 if rank == 4 else 3
    scores = heads * 5 * 7
    assert node.cost.multiply_adds == scores * (8 + 4)
    assert node.cost.reads == heads * (5 * 8 + 7 * 8 + 7 * 4) + 2 * scores
    assert node.cost.writes == 2 * scores + heads * 5 * 4


@pytest.mark.parametrize("features", [8, 4])
def test_where_the_output_of_attention_lies(features: int) -> None:
    """Strides as PyTorch's own, so that what follows is a view or a copy as it really is."""
    q, k, v = torch.zeros(2, 3, 5, 8), torch.zeros(2, 3, 7, 8), torch.zeros(2, 3, 7, features)
    real = nn.functional.scaled_dot_product_attention(q, k, v)
    seen: list[tuple[int, ...]] = []

    class Own(nn.Module):
        def forward(self, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
            made = nn.functional.scaled_dot_product_attention(q, k, v)
            seen.append(made.stride())
            return made

    recorded(Own(), q, k, v)
    assert seen[0] == real.stride()
