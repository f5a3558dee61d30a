"""What ONNX has an operator for is written as that operator, and computes what the network does.

The oracle is onnxruntime: the onnx package's own evaluator gives max pools that are padded unevenly another
shape.
"""

from collections import Counter
from pathlib import Path

import numpy
import onnx
import onnxruntime
import pytest
import torch

from archlens import ops
from archlens.analyses import totals
from archlens.builder import build
from archlens.builder.export import export
from archlens.recorder.onnx import import_onnx
from tests.wiring import wire

CASES: dict[str, tuple[ops.Op, tuple[int, ...], str]] = {
    "elu": (ops.ELU(), (1, 3, 5, 5), "Elu"),
    "local response norm": (ops.LocalResponseNorm(5, 0.3, 0.6, 1.5), (1, 7, 4, 4), "LRN"),
    "conv": (ops.Conv(4, 3, 2, "tensorflow_same", groups=2), (1, 6, 8, 8), "Conv"),
    "conv with a bias": (ops.Conv(4, (2, 3), 1, ((1, 0), (0, 2)), bias=True), (1, 3, 8, 7), "Conv"),
    "dilated conv": (ops.Conv(4, 2, 1, "same", 3), (1, 3, 9), "Conv"),
    "max pool": (ops.MaxPool(2, 1, "same"), (1, 3, 8, 8), "MaxPool"),
    "max pool rounded up": (ops.MaxPool(3, 2, ((0, 1), (1, 0)), 1, True), (1, 3, 8, 8), "MaxPool"),
    "average pool": (
        ops.AveragePool(3, 2, "tensorflow_same", count_include_pad=False), (1, 3, 8, 8), "AveragePool",
    ),
    "average pool with its padding": (
        ops.AveragePool(2, 1, ((1, 0), (0, 1)), count_include_pad=True), (1, 3, 8, 8), "AveragePool",
    ),
    "average pool rounded up": (
        ops.AveragePool(3, 2, ((0, 1), (1, 0)), True, count_include_pad=False), (1, 3, 8, 8), "AveragePool",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_one_operator(name: str, tmp_path: Path) -> None:
    op, shape, kind = CASES[name]
    graph = wire(("input", ops.Input(shape), ()), ("odd1", op, ("input",)), outputs=("odd1",))
    torch.manual_seed(3)
    path = export(graph, tmp_path / "net.onnx")
    torch.manual_seed(3)
    network = build(graph).eval()
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    assert Counter(node.op_type for node in model.graph.node) == {kind: 1}
    assert totals(import_onnx(path)) == totals(graph)
    x = torch.randn(shape)
    with torch.no_grad():
        expected = network(x).numpy()
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    (made,) = session.run(None, {model.graph.input[0].name: x.numpy()})
    assert numpy.allclose(made, expected, atol=1e-6)


def test_what_onnx_says_otherwise_stays_as_it_is(tmp_path: Path) -> None:
    """The middle of an even number of neighbours is another one in ONNX than in PyTorch."""
    graph = wire(
        ("input", ops.Input((1, 6, 4, 4)), ()),
        ("norm1", ops.LocalResponseNorm(4), ("input",)),
        outputs=("norm1",),
    )
    model = onnx.load(export(graph, tmp_path / "net.onnx"))
    assert "LRN" not in {node.op_type for node in model.graph.node}


def test_the_alpha_of_a_local_response_norm_comes_back(tmp_path: Path) -> None:
    """ONNX's is for the mean over the neighbours, AlexNet's for their sum."""
    op = ops.LocalResponseNorm(5, 0.3, 0.6, 1.5)
    graph = wire(("input", ops.Input((1, 7, 4, 4)), ()), ("norm1", op, ("input",)), outputs=("norm1",))
    (_, back) = import_onnx(export(graph, tmp_path / "net.onnx")).nodes
    assert isinstance(back.op, ops.LocalResponseNorm)
    assert back.op.alpha == pytest.approx(op.alpha)


def test_names_of_weights_stay(tmp_path: Path) -> None:
    graph = wire(
        ("input", ops.Input((1, 3, 8, 8)), ()),
        ("stem.conv1", ops.Conv(4, 3, 2, "tensorflow_same", bias=True), ("input",)),
        outputs=("stem.conv1",),
    )
    path = export(graph, tmp_path / "net.onnx")
    assert {tensor.name for tensor in onnx.load(path).graph.initializer} == {
        "stem.conv1.inner.weight", "stem.conv1.inner.bias",
    }  # fmt: skip
