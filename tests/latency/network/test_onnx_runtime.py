"""An ONNX file in onnxruntime, with the file's own types."""

from pathlib import Path

import pytest
import torch
from onnx import TensorProto

from archlens.errors import ArchlensError
from archlens.latency.network.onnx_runtime import RuntimeModule, load_file, provider
from tests.recorder.onnx_files import model, node

onnxruntime = pytest.importorskip("onnxruntime")


def written(folder: Path, dtype: int = TensorProto.FLOAT) -> str:
    """y = 2 · x, of whatever type x is."""
    made = model([node("Add", "x x")], {"x": ("n", 3)}, dtype=dtype)
    made.ir_version, made.graph.output[0].type.tensor_type.elem_type = 8, dtype
    path = folder / "net.onnx"
    path.write_bytes(made.SerializeToString())
    return str(path)


@pytest.mark.parametrize(
    "dtype", [TensorProto.FLOAT, TensorProto.FLOAT16, TensorProto.DOUBLE, TensorProto.INT64]
)
def test_it_runs_on_inputs_of_its_own_types(tmp_path: Path, dtype: int) -> None:
    loaded = load_file(written(tmp_path, dtype), {}, batch=5)
    assert isinstance(loaded.module, RuntimeModule)
    (y,) = loaded.module(*loaded.arguments)
    assert y.shape == (5, 3)
    assert torch.equal(y, 2 * torch.from_numpy(loaded.module.feeds["x"]))
    assert loaded.module.session.get_providers() == ["CPUExecutionProvider"]


def test_as_many_threads_as_pytorch_has(tmp_path: Path) -> None:
    loaded = load_file(written(tmp_path), {})
    assert isinstance(loaded.module, RuntimeModule)
    loaded.module(*loaded.arguments)
    threads = loaded.module.session.get_session_options().intra_op_num_threads
    assert threads == torch.get_num_threads()


def test_a_device_that_it_has_nothing_for() -> None:
    if "CUDAExecutionProvider" in onnxruntime.get_available_providers():
        pytest.skip("it has")
    with pytest.raises(ArchlensError, match="onnxruntime has no CUDAExecutionProvider here"):
        provider("cuda")
