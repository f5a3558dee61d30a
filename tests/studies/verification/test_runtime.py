"""Shapes of an ONNX file beside those of a run in onnxruntime."""

from pathlib import Path

import pytest

from archlens.studies.verification import runtime
from archlens.studies.verification.runtime import in_runtime
from tests.recorder.onnx_files import model, node

pytest.importorskip("onnxruntime")


@pytest.fixture
def written(tmp_path: Path) -> str:
    """Two nodes: a convolution and a mean."""
    nodes = [node("Conv", "x w", "c"), node("GlobalAveragePool", "c")]
    made = model(nodes, {"x": ("n", 3, 8, 8)}, {"w": (4, 3, 3, 3)})
    made.ir_version = 8
    path = tmp_path / "net.onnx"
    path.write_bytes(made.SerializeToString())
    return str(path)


def test_every_tensor(written: str) -> None:
    (check,) = in_runtime("net", written, {"": (2, 3, 8, 8)})
    assert (check.verdict, check.found) == ("equal", "2 tensors")


def test_a_shape_that_is_wrong_is_caught(written: str, monkeypatch: pytest.MonkeyPatch) -> None:
    shapes = {"x": (1, 3, 8, 8), "c": (1, 4, 6, 7), "y": (1, 4, 1, 1)}
    monkeypatch.setattr(runtime, "tensor_shapes", lambda path, inputs: shapes)
    (check,) = in_runtime("net", written, {})
    assert (check.subject, check.expected, check.verdict) == ("shape of c", "(1, 4, 6, 6)", "different")


def test_a_file_that_does_not_run(tmp_path: Path) -> None:
    """An operator that onnxruntime does not have either."""
    path = tmp_path / "net.onnx"
    path.write_bytes(model([node("Fancy", "x", domain="mine")], {"x": (1, 3)}).SerializeToString())
    (check,) = in_runtime("net", str(path), {})
    assert check.verdict == "incomparable"
    assert check.why.startswith("onnxruntime does not run it: ")
