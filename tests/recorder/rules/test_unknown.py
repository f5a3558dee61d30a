"""Operators that run functions, and those that nobody has a rule for."""

from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn.attention.flex_attention import flex_attention

from archlens.errors import RecordError
from tests.recorder.networks import Applied
from tests.recorder.recordings import costs, recorded

HEADS = torch.zeros(1, 2, 16, 8)
"""2 heads of 16 tokens with 8 features: 512 scores of 8 products, twice."""


@pytest.mark.parametrize("name", ["inv", "det", "qr", "svd", "eigh", "cholesky"])
def test_decompositions_are_named(name: str) -> None:
    graph = recorded(Applied(getattr(torch.linalg, name)), torch.eye(3))
    (node,) = graph.uncosted
    assert name in node.op.name  # type: ignore[attr-defined]


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


@pytest.mark.filterwarnings("ignore:Applied")  # that it is run in earnest
def test_the_branch_that_ran() -> None:
    layer = nn.Linear(4, 4)

    def branched(x: Tensor) -> Tensor:
        chosen: Tensor = torch.cond(x.sum() > 0, layer, torch.clone, (x,))
        return chosen

    assert costs(recorded(Applied(branched), torch.ones(2, 4))).multiply_adds == 2 * 16
    assert costs(recorded(Applied(branched), -torch.ones(2, 4))).multiply_adds == 0


def test_other_operators_that_run_functions() -> None:
    from torch._higher_order_ops.while_loop import while_loop

    def counted(x: Tensor) -> Any:
        loop: Any = while_loop
        return loop(lambda x: x.sum() < 3, lambda x: (x + 1,), (x,))

    with pytest.raises(RecordError, match="while_loop runs functions that cannot be recorded"):
        recorded(Applied(counted), torch.zeros(2, 4))
