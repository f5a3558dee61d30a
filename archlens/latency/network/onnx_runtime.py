"""An ONNX file as onnxruntime runs it: with the file's own weights and types, and its own optimisations."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy
import torch
from torch import Tensor, nn

from archlens.errors import ArchlensError, MissingDependencyError
from archlens.ops import Shape
from archlens.recorder.loading import Loaded

__all__ = ["RuntimeModule", "load_file", "onnxruntime", "provider"]

PROVIDERS = {"cpu": "CPUExecutionProvider", "cuda": "CUDAExecutionProvider"}
"""What onnxruntime calls the devices."""


def onnxruntime() -> Any:
    """The package. Raises a MissingDependencyError."""
    try:
        import onnxruntime as found
    except ModuleNotFoundError as error:
        raise MissingDependencyError("running an ONNX file needs onnxruntime", extra="onnxruntime") from error
    return found


def provider(device: str) -> str:
    """What runs a file on a device. Raises an ArchlensError where onnxruntime has none for it here."""
    name = PROVIDERS[device]
    available = onnxruntime().get_available_providers()
    if name not in available:
        raise ArchlensError(f"onnxruntime has no {name} here, only {', '.join(available)}")
    return name


def load_file(path: str, inputs: Mapping[str, Shape], *, batch: int = 1) -> Loaded:
    """A file as a module, with inputs of its own types: normal numbers, or zeros where it takes integers."""
    from onnx import helper

    from archlens.recorder.onnx.inputs import input_shapes
    from archlens.recorder.onnx.reading import read_model

    onnxruntime()
    graph = read_model(Path(path)).graph
    shapes, _ = input_shapes(graph, inputs, batch)
    types = {entry.name: entry.type.tensor_type.elem_type for entry in graph.input}
    feeds = {}
    for name, shape in shapes.items():
        dtype = numpy.dtype(helper.tensor_dtype_to_np_dtype(types[name]))
        drawn = torch.randn(shape).numpy() if dtype.kind == "f" else numpy.zeros(shape)
        feeds[name] = drawn.astype(dtype)
    first = torch.zeros(next(iter(shapes.values())))
    return Loaded(RuntimeModule(path, feeds), (first,), {})


class RuntimeModule(nn.Module):
    """A file that onnxruntime runs, on inputs of its own; what it is called with only says where.

    The session is made at the first call, with as many threads as PyTorch has then.
    """

    def __init__(self, path: str, feeds: Mapping[str, Any]) -> None:
        super().__init__()
        self.path = path
        self.feeds = dict(feeds)
        self.session: Any = None

    def forward(self, x: Tensor) -> list[Tensor]:
        """The outputs of the file that are tensors."""
        if self.session is None:
            self.session = self.opened(provider(x.device.type))
        made = self.session.run(None, self.feeds)
        arrays = [each for each in made if isinstance(each, numpy.ndarray) and each.dtype.kind in "fiub"]
        return [torch.from_numpy(each) for each in arrays]

    def opened(self, name: str) -> Any:
        """The file, ready to run."""
        return self.session_of(self.path, self.options(), name)

    def optimised(self, device: str, file: Path) -> None:
        """Write what onnxruntime's optimiser makes of the file on this machine: fewer nodes."""
        options = self.options()
        options.optimized_model_filepath = str(file)
        self.session_of(self.path, options, provider(device))

    def profiled(self, device: str, file: Path) -> Any:
        """A file that was optimised before, ready to run, each of its nodes timed."""
        options = self.options()
        options.graph_optimization_level = onnxruntime().GraphOptimizationLevel.ORT_DISABLE_ALL
        options.enable_profiling = True
        options.profile_file_prefix = str(file.with_suffix(""))
        return self.session_of(str(file), options, provider(device))

    def options(self) -> Any:
        """As many threads as PyTorch has now, and no warnings."""
        options = onnxruntime().SessionOptions()
        options.log_severity_level = 3
        options.intra_op_num_threads = torch.get_num_threads()
        return options

    def session_of(self, path: str, options: Any, name: str) -> Any:
        """A session. Raises an ArchlensError for what onnxruntime does not open."""
        try:
            return onnxruntime().InferenceSession(path, options, providers=[name])
        except Exception as error:
            said = next(iter(str(error).strip().splitlines()), "no reason given")
            raise ArchlensError(f"{self.path}: onnxruntime cannot open it: {said}") from error
