"""Normalisations, recorded and counted by hand."""

import torch
from torch import nn

from archlens.cost import Cost
from tests.recorder.recordings import costs, recorded


def test_training_updates_statistics() -> None:
    """2·4 writes more than at evaluation, as many reads of the input again, and a count of batches."""
    module = nn.BatchNorm2d(4)
    x = torch.zeros(2, 4, 8, 8)
    evaluated, trained = (costs(recorded(module.train(mode), x)) for mode in (False, True))
    assert trained.params == evaluated.params == 8
    assert trained.writes - evaluated.writes == 2 * 4 + 1
    assert module.num_batches_tracked == 0


def test_an_affine_half_of_a_layer_norm() -> None:
    graph = recorded(nn.LayerNorm(8, bias=False), torch.zeros(2, 8))
    assert costs(graph) == Cost(params=8, elementwise=16, reads=16 + 8, writes=16)
