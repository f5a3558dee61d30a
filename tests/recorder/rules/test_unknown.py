"""Operators that nobody has a rule for."""

import pytest
import torch

from tests.recorder.networks import Applied
from tests.recorder.recordings import recorded


@pytest.mark.parametrize("name", ["inv", "det", "qr", "svd", "eigh", "cholesky"])
def test_decompositions_are_named(name: str) -> None:
    graph = recorded(Applied(getattr(torch.linalg, name)), torch.eye(3))
    (node,) = graph.uncosted
    assert name in node.op.name  # type: ignore[attr-defined]
