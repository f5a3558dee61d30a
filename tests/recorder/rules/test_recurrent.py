"""Recurrent layers, recorded and counted by hand."""

import pytest
import torch
from torch import nn

from tests.recorder.recordings import costs, recorded


@pytest.mark.parametrize("device", ["cpu", "meta"])
def test_an_lstm(device: str) -> None:
    """Two layers in two directions, 6 features each, over 10 steps of 8 features: the second sees 12."""
    module = nn.LSTM(8, 6, num_layers=2, bidirectional=True, batch_first=True, device=device)
    graph = recorded(module, torch.zeros(2, 5, 8, device=device))
    first, second = 24 * (8 + 6), 24 * (12 + 6)
    assert graph.complete
    assert costs(graph).multiply_adds == 2 * 10 * (first + second)
    assert costs(graph).params == 2 * (first + second) + 4 * 48
    assert graph.nodes[graph.outputs[0]].shape == (2, 5, 12)


def test_a_gru_step_by_step() -> None:
    """Three gates of 6 from 8 and 6 features, over 3 steps of 2 samples."""
    graph = recorded(nn.GRU(8, 6, batch_first=True), torch.zeros(2, 3, 8))
    assert costs(graph).multiply_adds == 6 * 18 * (8 + 6)
    assert costs(graph).params == 18 * (8 + 6) + 36
