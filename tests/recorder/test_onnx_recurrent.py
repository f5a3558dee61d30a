"""Recurrent layers of ONNX, with costs worked out by hand."""

from pathlib import Path

import pytest

from archlens.analyses import totals
from tests.recorder.onnx_files import imported, model, node


@pytest.mark.parametrize(("kind", "gates", "steps"), [("LSTM", 4, 13), ("GRU", 3, 11), ("RNN", 1, 2)])
def test_recurrent_layers(tmp_path: Path, kind: str, gates: int, steps: int) -> None:
    """7 tokens, batch 2, 5 features, 3 hidden numbers, both directions."""
    weights = {"w": (2, gates * 3, 5), "r": (2, gates * 3, 3), "b": (2, 2 * gates * 3)}
    made = model(
        [node(kind, "x w r b", "y h", hidden_size=3, direction="bidirectional")],
        {"x": (7, 2, 5)}, weights, outputs="y h",
    )  # fmt: skip
    graph = imported(made, tmp_path)
    cost = totals(graph)
    assert cost.params == 2 * gates * 3 * (5 + 3 + 2)
    assert cost.multiply_adds == 7 * 2 * 2 * gates * 3 * (5 + 3)
    assert cost.elementwise == 7 * 2 * 2 * 3 * steps
    assert [graph.nodes[at].shape for at in graph.outputs] == [(7, 2, 2, 3), (2, 2, 3)]
