"""The count of an ONNX file in a run, beside numbers worked out by hand."""

from pathlib import Path

import pytest

from tests.recorder.onnx_files import model, node

pytest.importorskip("onnxruntime")


def test_products_of_a_small_network(tmp_path: Path) -> None:
    """A convolution of 3×8×8 to 4×6×6 by 3×3, then a linear layer of 4 to 5."""
    from benchmarks.onnx_count import count

    nodes = [
        node("Conv", "x w", "c"),
        node("GlobalAveragePool", "c", "p"),
        node("Flatten", "p", "f"),
        node("MatMul", "f v"),
    ]
    made = model(nodes, {"x": ("n", 3, 8, 8)}, {"w": (4, 3, 3, 3), "v": (4, 5)})
    made.ir_version = 8
    path = tmp_path / "net.onnx"
    path.write_bytes(made.SerializeToString())
    counted = count(path, {"x": (2, 3, 8, 8)})
    assert counted is not None
    assert counted.multiply_adds == 2 * (36 * 4 * 27 + 20)
    assert counted.reached == 4


def test_what_a_node_hides_is_not_counted(tmp_path: Path) -> None:
    from benchmarks.onnx_count import count

    path = tmp_path / "net.onnx"
    path.write_bytes(model([node("Gelu", "x", domain="com.microsoft")], {"x": (1, 3)}).SerializeToString())
    assert count(path, {"x": (1, 3)}) is None
