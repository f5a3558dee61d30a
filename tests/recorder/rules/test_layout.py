"""Views and what is written through them, recorded and counted by hand."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from archlens.analyses.receptive_field import receptive_fields
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
    assert costs(graph) == Cost(reads=6 + 2, writes=15)


def test_a_diagonal() -> None:
    """Two rows of three, each along the diagonal of a matrix."""
    assert costs(recorded(Applied(torch.diag_embed), torch.zeros(2, 3))) == Cost(reads=6, writes=2 * 9)


def test_maxima_put_back() -> None:
    """Four out of sixteen, each with its place."""
    places = torch.tensor([[[[0, 2], [8, 10]]]])
    graph = recorded(Applied(functional.max_unpool2d), torch.zeros(1, 1, 2, 2), places, kernel_size=2)
    assert costs(graph) == Cost(reads=4 + 4, writes=16)


def test_sides_of_all_axes() -> None:
    """One more on each side of 2×3, then one less."""
    larger = recorded(Applied(lambda x: functional.pad(x, (1, 1, 1, 1))), torch.zeros(2, 3))
    assert costs(larger) == Cost(reads=2 * 3, writes=4 * 5)
    smaller = recorded(Applied(lambda x: functional.pad(x, (-1, -1, -1, -1))), torch.zeros(4, 5))
    assert costs(smaller) == Cost(reads=2 * 3, writes=2 * 3)


def test_a_negative_padding_crops_in_place_and_copies_what_is_left() -> None:
    """4×6 without its first column and row, and a column of zeros: 3×5 read, 3×6 written."""
    graph = recorded(Applied(lambda x: functional.pad(x, (-1, 1, -1, 0))), torch.zeros(2, 3, 4, 6))
    assert graph.nodes[graph.outputs[0]].shape == (2, 3, 3, 6)
    assert costs(graph) == Cost(reads=2 * 3 * 3 * 5, writes=2 * 3 * 3 * 6)
    field = receptive_fields(graph).of(graph.outputs[0])
    assert field is not None
    assert (field.size, field.everything) == ((1, 1), False)
    assert field.as_dict()["centre"] == [1, 1]


@pytest.mark.parametrize(
    "copied",
    [torch.clone, Tensor.double, lambda x: torch.cat([x]), lambda x: x.permute(0, 2, 3, 1).contiguous()],
)
def test_a_copy_keeps_every_element_at_its_place(copied: Callable[[Tensor], Tensor]) -> None:
    graph = recorded(Applied(copied), torch.zeros(2, 3, 4, 6))
    assert costs(graph) == Cost(reads=144, writes=144)
    field = receptive_fields(graph).of(graph.outputs[0])
    assert field is not None
    assert (field.size, field.local, field.everything) == ((1, 1), True, False)
