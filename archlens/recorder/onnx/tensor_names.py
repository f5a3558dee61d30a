"""What the tensors of a file are called, and which node of the graph makes each."""

from collections.abc import Mapping
from pathlib import Path

from archlens.ops import Shape
from archlens.recorder.onnx.network import Import
from archlens.recorder.onnx.reading import read_model

__all__ = ["makers", "tensor_shapes"]


def tensor_shapes(path: str | Path, inputs: Mapping[str, Shape]) -> dict[str, Shape]:
    """The shape of each tensor that the network in a file computes or is given, where every run has it."""
    reader = read(path, inputs, 1)
    return {
        name: value.shape
        for name, value in reader.names.items()
        if value.shape is not None and value.at is not None and name not in reader.open
    }


def makers(path: str | Path, inputs: Mapping[str, Shape], batch: int) -> dict[str, int]:
    """The place of the node that makes each tensor, in the graph that `import_onnx` gives."""
    reader = read(path, inputs, batch)
    return {name: value.at for name, value in reader.names.items() if value.at is not None}


def read(path: str | Path, inputs: Mapping[str, Shape], batch: int) -> Import:
    """A file that was read to its end."""
    reader = Import(read_model(Path(path)), inputs, batch)
    reader.graph("")
    return reader
