"""ONNX files verified against what the onnx package says of them."""

from dataclasses import replace
from pathlib import Path

import onnx
import pytest

from archlens.builder.export import export
from archlens.errors import ArchlensError
from archlens.graph import Graph
from archlens.recorder.onnx import import_onnx
from archlens.recorder.onnx import network as reading
from archlens.spec.loading import load
from archlens.studies.claims import Check
from archlens.studies.verification.onnx import shapes, verify_onnx
from tests.recorder.onnx_files import model, node


@pytest.fixture
def written(tmp_path: Path) -> str:
    """A convolution, ReLU, a mean over places, and a linear layer whose weight has no path."""
    path = tmp_path / "net.onnx"
    made = model(
        [
            node("Conv", "x conv.weight", "a", pads=[1, 1, 1, 1]),
            node("Relu", "a", "b"),
            node("GlobalAveragePool", "b", "c"),
            node("Flatten", "c", "d"),
            node("Gemm", "d head.weight head.bias", "y", transB=1),
        ],
        {"x": (1, 3, 8, 8)},
        {"conv.weight": (4, 3, 3, 3), "head.weight": (2, 4), "head.bias": (2,)},
    )
    path.write_bytes(made.SerializeToString())
    return str(path)


def by_subject(checks: tuple[Check, ...]) -> dict[tuple[str, str], Check]:
    return {(check.subject, check.source.partition(".")[0]): check for check in checks}


def test_by_hand(written: str) -> None:
    found = by_subject(verify_onnx(written, {}))
    assert {check.verdict for check in found.values()} == {"equal"}
    assert found["params", "onnx"].expected == str(108 + 8 + 2)
    assert found["shapes", "onnx"].expected == "2 layers and 1 outputs"
    assert found["multiply_adds", "torch"].expected == str(108 * 64 + 8)
    assert found["multiply_adds", "fvcore"].expected == str(108 * 64 + 8)


def test_another_input(written: str, tmp_path: Path) -> None:
    path = tmp_path / "open.onnx"
    made = model([node("Conv", "x conv.weight")], {"x": ("n", 3, "h", "w")}, {"conv.weight": (4, 3, 3, 3)})
    path.write_bytes(made.SerializeToString())
    found = by_subject(verify_onnx(str(path), {"": (3, 10, 12)}))
    assert {check.verdict for check in found.values()} == {"equal"}
    assert found["multiply_adds", "torch"].expected == str(108 * 8 * 10)


def test_what_torch_exports(tmp_path: Path) -> None:
    """Statistics of batch normalisations are initializers, too, and no parameters."""
    checks = verify_onnx(str(export(load("shufflenet_v2_x0_5"), tmp_path / "net.onnx")), {})
    assert [check for check in checks if check.verdict == "different"] == []
    assert checks[0].verdict == "equal"


def test_what_pytorch_cannot_build_is_not_compared(tmp_path: Path) -> None:
    path = tmp_path / "net.onnx"
    made = model(
        [node("MatMul", "x w", "a"), node("TopK", "a k", "y z", axis=1)],
        {"x": (1, 8)},
        {"w": (8, 4)},
        {"k": [2]},
    )
    path.write_bytes(made.SerializeToString())
    found = by_subject(verify_onnx(str(path), {}))
    assert found["params", "onnx"].verdict == "equal"
    assert found["multiply_adds", "torch"].verdict == "incomparable"
    assert found["multiply_adds", "torch"].why.startswith("PyTorch cannot build it: net: ")


def test_a_shape_that_is_wrong_is_caught(written: str) -> None:
    graph = import_onnx(written)
    nodes = tuple(replace(each, shape=(1, 4, 8, 9)) if each.name == "conv" else each for each in graph.nodes)
    (found,) = shapes(replace(graph, nodes=nodes), onnx.load(written))
    assert (found.subject, found.expected, found.found, found.verdict) == (
        "shape of conv", "(1, 4, 8, 8)", "(1, 4, 8, 9)", "different",
    )  # fmt: skip


def test_parameters_that_are_wrong_are_caught(written: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = reading.Import.graph

    def less(self: reading.Import, name: str) -> Graph:
        graph = whole(self, name)
        nodes = tuple(
            replace(each, cost=replace(each.cost, params=each.cost.params - 1), shared=1)
            if each.cost.params > 100
            else each
            for each in graph.nodes
        )
        return replace(graph, nodes=nodes)

    monkeypatch.setattr(reading.Import, "graph", less)
    params, *_ = verify_onnx(written, {})
    assert (params.verdict, params.difference) == ("different", "-1")


def test_refusals(tmp_path: Path) -> None:
    with pytest.raises(ArchlensError, match="there is no such file"):
        verify_onnx(str(tmp_path / "none.onnx"), {})
