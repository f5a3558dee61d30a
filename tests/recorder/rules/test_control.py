"""Operators that run functions: attention whose scores change, branches, loops."""

from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn.attention.flex_attention import flex_attention

from archlens.errors import RecordError
from archlens.graph import verify
from tests.recorder.networks import Applied
from tests.recorder.recordings import costs, recorded

HEADS = torch.zeros(1, 2, 16, 8)
"""2 heads of 16 tokens with 8 features: 512 scores of 8 products, twice."""


@pytest.mark.filterwarnings("ignore:flex_attention called without")
def test_flexible_attention() -> None:
    graph = recorded(Applied(flex_attention), HEADS, HEADS, HEADS)
    assert graph.complete
    assert costs(graph).multiply_adds == 2 * 512 * 8


@pytest.mark.filterwarnings("ignore:flex_attention called without")
def test_what_changes_the_scores_is_not_known() -> None:
    def near(score: Tensor, batch: Tensor, head: Tensor, q: Tensor, k: Tensor) -> Tensor:
        return score - (q - k).abs()

    graph = recorded(Applied(lambda x: flex_attention(x, x, x, score_mod=near)), HEADS)
    assert [node.op.name for node in graph.uncosted] == ["score_mod"]  # type: ignore[attr-defined]
    assert costs(graph).multiply_adds == 2 * 512 * 8


class Branched(nn.Module):
    """A layer before a branch: two layers on one side, one on the other; each has 16 weights."""

    def __init__(self, *, swapped: bool = False) -> None:
        super().__init__()
        self.first, self.one, self.two = (nn.Linear(4, 4, bias=False) for _ in range(3))
        self.swapped = swapped

    def forward(self, x: Tensor) -> Any:
        y = self.first(x).T.T
        choices: Any = (lambda y: self.two(self.one(y)), lambda y: self.one(y) + self.one.weight.sum())
        when, otherwise = choices[:: -1 if self.swapped else 1]
        return torch.cond(y.sum() > 0, when, otherwise, (y,)) + y


@pytest.mark.parametrize("swapped", [False, True])
def test_the_costlier_branch_is_counted_and_said(swapped: bool) -> None:
    """3 layers of 16 weights on 2 rows; the lesser branch has one layer, 32 multiply-adds."""
    said = "the costlier one is counted, with 64 multiply-adds; the other has 32"
    for x in (torch.ones(2, 4), -torch.ones(2, 4), torch.zeros(2, 4, device="meta")):
        with pytest.warns(UserWarning, match=said):
            graph = recorded(Branched(swapped=swapped), x)
        verify(graph)
        assert (costs(graph).multiply_adds, costs(graph).params, graph.unread) == (96, 48, 0)


def test_a_branch_that_is_known_is_taken() -> None:
    """Small inputs of integers are known: 16 weights on 2 rows, or none."""

    def branched(x: Tensor, chosen: Tensor) -> Any:
        return torch.cond(chosen > 0, lambda x: x @ torch.ones(4, 4), torch.clone, (x,))

    for number, expected in ((1, 32), (-1, 0)):
        graph = recorded(Applied(branched), torch.ones(2, 4), torch.tensor(number))
        assert costs(graph).multiply_adds == expected


def untyped(function: Any) -> Any:
    """A function of PyTorch's that has no types."""
    return function


def test_loops() -> None:
    """Products of 4×4: three of a loop that counts to 3; of a scan and of a map, one a vector."""
    from torch._higher_order_ops.map import map as mapped
    from torch._higher_order_ops.scan import scan
    from torch._higher_order_ops.while_loop import while_loop

    w, loop, scanned, each = torch.ones(4, 4), untyped(while_loop), untyped(scan), untyped(mapped)

    def counting(x: Tensor) -> Any:
        return loop(lambda i, x: i < 3, lambda i, x: (i + 1, x @ w), (torch.tensor(0), x))[1]

    def scanning(x: Tensor) -> Any:
        return scanned(lambda c, row: (c + row @ w, c.clone()), torch.zeros(4), x)[1]

    def mapping(x: Tensor) -> Any:
        return each(lambda row: row @ w, x)

    assert costs(recorded(Applied(counting), torch.ones(4, 4))).multiply_adds == 3 * 64
    for function in (scanning, mapping):
        graph = recorded(Applied(function), torch.ones(5, 4))
        assert costs(graph).multiply_adds == 5 * 16
        assert graph.nodes[graph.outputs[0]].shape == (5, 4)


def test_other_operators_that_run_functions() -> None:
    run = torch.ops.higher_order.associative_scan
    with pytest.raises(RecordError, match="associative_scan runs functions that cannot be recorded"):
        recorded(Applied(lambda x: run(torch.add, [x], ())), torch.zeros(2, 4))
