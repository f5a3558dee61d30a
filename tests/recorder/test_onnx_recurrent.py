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


@pytest.mark.parametrize("cut", [False, True], ids=["reordered", "cut and reordered"])
def test_weights_in_another_order_of_gates(tmp_path: Path, cut: bool) -> None:
    """Exporters of PyTorch's layers cut the stored matrix into gates and join them in ONNX's order.

    Each matrix counts once, whichever way it is put together: 12 rows of 5 and of 3.
    """
    nodes = [
        node("Slice", "stored a b", "i") if cut else node("Split", "stored thirds", "i o f c", axis=0),
        *([node("Slice", "stored b c", "ofc")] if cut else []),
        node("Concat", "ofc i" if cut else "i c o f", "joined", axis=0),
        node("Unsqueeze", "joined zero", "w"),
        node("LSTM", "x w r", hidden_size=3),
    ]
    values = {"a": [0], "b": [3], "c": [12], "zero": [0], "thirds": [3, 3, 3, 3]}
    made = model(nodes, {"x": (7, 2, 5)}, {"stored": (12, 5), "r": (1, 12, 3)}, values)
    graph = imported(made, tmp_path)
    assert graph.complete
    cost = totals(graph)
    assert (cost.params, cost.multiply_adds) == (12 * 5 + 12 * 3, 7 * 2 * 12 * (5 + 3))


def test_weights_that_the_network_computes(tmp_path: Path) -> None:
    """They are read as tensors, and are no parameters of the layer."""
    nodes = [node("Relu", "given", "w"), node("LSTM", "x w r", hidden_size=3)]
    graph = imported(model(nodes, {"x": (7, 2, 5), "given": (1, 12, 5)}, {"r": (1, 12, 3)}), tmp_path)
    cost = totals(graph)
    assert (cost.params, cost.multiply_adds) == (12 * 3, 7 * 2 * 12 * (5 + 3))
    assert cost.reads == 60 + 70 + 60 + 36  # of the ReLU, then the sequence and both matrices
