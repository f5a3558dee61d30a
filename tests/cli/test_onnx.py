"""ONNX files on the command line."""

import json
from pathlib import Path

import numpy
from onnx import TensorProto

from tests.cli.conftest import Run
from tests.recorder.onnx_files import model, node


def test_an_onnx_file_has_a_type_of_its_own(tmp_path: Path, run: Run) -> None:
    """x is 3×8×8 halves, the weights are 108, the output is 4×6×6: two bytes each."""
    made = model(
        [node("Conv", "x w")], {"x": (1, 3, 8, 8)}, values={"w": numpy.zeros((4, 3, 3, 3), numpy.float16)}
    )
    made.graph.input[0].type.tensor_type.elem_type = TensorProto.FLOAT16
    path = tmp_path / "half.onnx"
    path.write_bytes(made.SerializeToString())
    shown = run("profile", str(path), "-f", "json")
    assert json.loads(shown.out)["dtype"] == "float16"
    assert "float32" in run("profile", str(path), "--dtype", "float32").out
