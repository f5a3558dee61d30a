"""Views and what is written through them, recorded and counted by hand."""

import torch
from torch import Tensor

from archlens.cost import Cost
from tests.recorder.networks import Applied
from tests.recorder.recordings import costs, node, recorded


def test_views_cost_nothing_and_keep_the_flow() -> None:
    def rearranged(x: Tensor) -> Tensor:
        return x.permute(0, 2, 1)[:, 1:].unsqueeze(1).expand(2, 3, 2, 4).chunk(2, 2)[0]

    graph = recorded(Applied(rearranged), torch.zeros(2, 4, 3))
    assert costs(graph) == Cost()
    assert graph.nodes[graph.outputs[0]].shape == (2, 3, 1, 4)
    assert [each.inputs for each in graph.nodes[1:]] == [(i,) for i in range(len(graph.nodes) - 1)]


def test_what_is_written_in_place_is_seen_through_every_view() -> None:
    def written(x: Tensor) -> Tensor:
        x = x.clone()
        x[:, :2].add_(1)
        return x * 2

    graph = recorded(Applied(written), torch.zeros(2, 4))
    update = node(graph, "update1")
    assert [graph.nodes[i].name for i in update.inputs] == ["clone1", "add1"]
    assert [graph.nodes[i].name for i in node(graph, "scale1").inputs] == ["update1"]
    assert costs(graph) == Cost(elementwise=4 + 8, reads=8 + 4 + 8, writes=8 + 4 + 8)


def test_a_matrix_of_blocks() -> None:
    """2×3 and 1×2 along the diagonal of 3×5."""
    graph = recorded(Applied(torch.block_diag), torch.zeros(2, 3), torch.zeros(1, 2))
    assert costs(graph) == Cost(reads=15, writes=15)
