"""Elements picked by number, recorded and counted by hand."""

import pytest
import torch
from torch import Tensor, nn

from archlens.cost import Cost
from tests.recorder.networks import Applied
from tests.recorder.recordings import costs, recorded


def test_sequences_of_different_lengths() -> None:
    """5 + 3 steps of an LSTM are 8, whatever they are padded to."""
    lstm = nn.LSTM(8, 6, batch_first=True)

    def padded(x: Tensor) -> Tensor:
        sequence = nn.utils.rnn.pack_padded_sequence(x, torch.tensor([5, 3]), batch_first=True)
        output: Tensor = nn.utils.rnn.pad_packed_sequence(lstm(sequence)[0], batch_first=True)[0]
        return output

    graph = recorded(Applied(padded), torch.zeros(2, 5, 8))
    assert graph.complete
    assert costs(graph).multiply_adds == 8 * 24 * 14
    assert graph.nodes[graph.outputs[0]].shape == (2, 5, 6)


@pytest.mark.filterwarnings("ignore:Applied")  # that it is run in earnest
def test_lengths_that_are_computed() -> None:
    def packed(x: Tensor, lengths: Tensor) -> Tensor:
        return nn.utils.rnn.pack_padded_sequence(x, lengths.sum(1), batch_first=True).data

    lengths = torch.tensor([[2, 3], [1, 2]])
    assert costs(recorded(Applied(packed), torch.zeros(2, 5, 8), lengths)).writes >= 8 * 8


@pytest.mark.filterwarnings("ignore:TransformerEncoder")  # that it is run in earnest
def test_tokens_that_are_masked() -> None:
    """Of a transformer, all 10 tokens."""
    module = nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 16, batch_first=True), 1).eval()
    mask = torch.tensor([[False] * 5, [False] * 3 + [True] * 2])
    graph = recorded(module, torch.zeros(2, 5, 8), src_key_padding_mask=mask)
    assert costs(graph).multiply_adds == 10 * (256 + 256) + 800


def test_bags_of_rows() -> None:
    """Six rows of four make bags that begin at 0, 2 and 3."""
    indices, offsets = torch.zeros(6, dtype=torch.long), torch.tensor([0, 2, 3])
    graph = recorded(nn.EmbeddingBag(10, 4), indices, offsets)
    assert graph.complete
    assert graph.nodes[graph.outputs[0]].shape == (3, 4)
    picked = Cost(params=40, reads=24 + 6, writes=24)
    assert costs(graph) == picked + Cost(elementwise=12, reads=24 + 3, writes=12)


def test_rows_of_bags_by_weight() -> None:
    """The same, where every row has a weight."""
    indices, offsets = torch.zeros(6, dtype=torch.long), torch.tensor([0, 2, 3])
    bags = nn.EmbeddingBag(10, 4, mode="sum")
    graph = recorded(bags, indices, offsets, per_sample_weights=torch.zeros(6))
    assert costs(graph).reads == 24 + 6 + 24 + 3 + 6


def test_rows_that_may_not_be_long() -> None:
    """Three rows of four are looked at and picked; the table stays a parameter."""
    graph = recorded(nn.Embedding(10, 4, max_norm=1.0), torch.zeros(3, dtype=torch.long))
    assert graph.complete
    assert costs(graph) == Cost(params=40, elementwise=12, reads=3 + (12 + 3), writes=12 + 12)


@pytest.mark.filterwarnings("ignore:Applied")  # that it is run in earnest
def test_different_elements() -> None:
    graph = recorded(Applied(lambda x: torch.unique(x, return_counts=True)), torch.tensor([1.0, 2.0, 1.0]))
    assert graph.complete
    assert [graph.nodes[i].shape for i in graph.outputs] == [(2,), (2,)]
