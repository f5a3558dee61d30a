"""The type that an ONNX file computes in."""

from pathlib import Path

import numpy
import pytest

from archlens.recorder.onnx.precision import precision
from tests.recorder.onnx_files import model, node

KERNEL = numpy.zeros((4, 3, 3, 3))


def written(folder: Path, dtype: str) -> str:
    """A convolution with weights of a type, and one number in another."""
    values = {"w": KERNEL.astype(dtype), "two": numpy.float32(2)}
    made = model([node("Conv", "x w")], {"x": (1, 3, 8, 8)}, values=values)
    made.graph.input[0].type.tensor_type.elem_type = made.graph.initializer[0].data_type
    path = folder / "net.onnx"
    path.write_bytes(made.SerializeToString())
    return str(path)


@pytest.mark.parametrize("dtype", ["float32", "float16"])
def test_real_numbers(tmp_path: Path, dtype: str) -> None:
    assert precision(written(tmp_path, dtype)) == dtype


def test_eight_bits_throughout(tmp_path: Path) -> None:
    values = {"s": numpy.float32(0.1), "z": numpy.uint8(0), "w": KERNEL.astype(numpy.uint8)}
    nodes = [node("QuantizeLinear", "x s z", "q"), node("QLinearConv", "q s z w s z s z")]
    path = tmp_path / "net.onnx"
    path.write_bytes(model(nodes, {"x": (1, 3, 8, 8)}, values=values).SerializeToString())
    assert precision(path) == "int8"


def test_eight_bits_that_are_stored_only(tmp_path: Path) -> None:
    """The convolution computes with real numbers, whatever its weights are stored as."""
    values = {"s": numpy.float32(0.1), "z": numpy.int8(0), "w": KERNEL.astype(numpy.int8)}
    nodes = [node("DequantizeLinear", "w s z", "f"), node("Conv", "x f")]
    path = tmp_path / "net.onnx"
    path.write_bytes(model(nodes, {"x": (1, 3, 8, 8)}, values=values).SerializeToString())
    assert precision(path) == "float32"
