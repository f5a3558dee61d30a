"""A network written to a file that other tools can read: `.pt2` or `.onnx`."""

import io
import logging
import os
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

import torch
from torch import nn
from torch.export import ExportedProgram

from archlens.builder.network import build
from archlens.cost import total
from archlens.errors import BuildError, MissingDependencyError, UsageError
from archlens.file import replace
from archlens.graph import Graph

__all__ = ["export"]

Batch = int | Literal["free"] | None

ONNX_LIMIT = 2**31 - 2**20
"""Bytes of weights that fit into one ONNX file: a protobuf's 2 GiB, less room for the nodes."""


def export(graph: Graph, path: str | os.PathLike[str], *, batch: Batch = None) -> Path:
    """Write the network, as at inference and with fresh weights, and return the path.

    The suffix decides: `.pt2` for `torch.export.load`, `.onnx` for ONNX. `batch` is the batch size
    that the file is made for: the graph's own unless given, any with "free". The file appears when
    it is complete or not at all.

    Raises a UsageError for a path that cannot be written, a MissingDependencyError without the
    packages that ONNX needs, and a BuildError for a network that cannot be built or exported.
    """
    target = Path(path)
    write = writer(target, graph)
    if isinstance(batch, int) and batch < 1:
        raise UsageError(f"batch={batch} is not a positive integer")
    try:
        with silence():
            replace(target, lambda draft: write(graph, batch, draft))
    except OSError as error:
        raise UsageError(f"{target} cannot be written: {error.strerror or error}") from error
    return target


def writer(target: Path, graph: Graph) -> Callable[[Graph, Batch, Path], None]:
    """What writes this kind of file, or why none can: everything that can be told beforehand."""
    if target.suffix not in (".pt2", ".onnx"):
        raise UsageError(f"{target}: expected a file name that ends in .pt2 or .onnx")
    if not target.parent.is_dir():
        raise UsageError(f"{target}: there is no folder {target.parent}")
    if target.is_dir():
        raise UsageError(f"{target} is a folder")
    if target.suffix == ".pt2":
        return write_pt2
    if not (find_spec("onnx") and find_spec("onnxscript")):
        raise MissingDependencyError("writing ONNX needs onnx and onnxscript", extra="onnx")
    weights = total(node.cost for node in graph.nodes).params * torch.get_default_dtype().itemsize
    if weights > ONNX_LIMIT:
        raise UsageError(
            f"{target}: {weights / 2**30:.1f} GiB of weights do not fit into one ONNX file, 2 GiB at most; "
            "write a .pt2 file"
        )
    return write_onnx


def as_built(network: nn.Module, graph: Graph) -> nn.Module:
    """The network as it is."""
    return network


def captured(
    graph: Graph, batch: Batch, prepare: Callable[[nn.Module, Graph], nn.Module] = as_built
) -> ExportedProgram:
    """The network's operations as torch.export sees them, in evaluation mode, once it has been prepared."""
    network = prepare(build(graph, device="cpu").eval(), graph)
    free = batch == "free"
    # torch takes a free axis for a fixed one when the example's is 1
    images = batch if isinstance(batch, int) else 2 if free else graph.input_shape[0]
    examples = tuple(torch.zeros(images, *graph.nodes[i].shape[1:], device="cpu") for i in graph.inputs)
    axes = {0: torch.export.Dim("batch")} if free else {}
    try:
        return torch.export.export(network, examples, dynamic_shapes=(axes,) * len(examples), strict=False)
    except Exception as error:
        size = "a free batch" if free else f"a batch of {images}"
        raise BuildError(f"{graph.model}: torch cannot export it with {size}: {first_line(error)}") from error


def write_pt2(graph: Graph, batch: Batch, path: Path) -> None:
    """Write a file that `torch.export.load` reads."""
    torch.export.save(captured(graph, batch), path)


def write_onnx(graph: Graph, batch: Batch, path: Path) -> None:
    """Write one ONNX file that holds its weights itself.

    torch's own optimisation would fold batch normalisations into convolutions, which takes away their
    scales, and then drop the shifts that are zeros, as they are in a fresh network. Engines fold when they
    load a file.
    """
    from archlens.builder.onnx import state_operators, use_operators

    program = captured(graph, batch, use_operators)
    try:
        translated = torch.onnx.export(program, dynamo=True, verbose=False, optimize=False)
        assert translated is not None
        drop_zero_biases(translated.model)
        state_operators(translated.model, graph)
    except Exception as error:
        raise BuildError(f"torch cannot translate the network to ONNX: {first_line(error)}") from error
    translated.save(path, external_data=False)


def drop_zero_biases(model: Any) -> None:
    """Take away the biases of zeros that torch makes up, in each run anew, for convolutions without one."""
    from onnx_ir.passes.common import RemoveUnusedNodesPass

    for node in model.graph:
        bias = node.inputs[2] if node.op_type == "Conv" and len(node.inputs) > 2 else None
        maker = None if bias is None else bias.producer()
        if maker is None or maker.op_type != "Expand":
            continue
        filling = maker.inputs[0].producer()
        while filling is not None and filling.op_type in ("Cast", "CastLike"):
            filling = filling.inputs[0].producer()
        if filling is not None and filling.op_type == "Constant" and not is_filled(filling):
            node.replace_input_with(2, None)
    RemoveUnusedNodesPass()(model)


def is_filled(constant: Any) -> bool:
    """Whether a constant holds any number that is not zero."""
    (attribute,) = constant.attributes.values()
    value = attribute.value
    return bool(value.numpy().any()) if hasattr(value, "numpy") else bool(value)


def first_line(error: Exception) -> str:
    """What went wrong, without the pages of advice that PyTorch prints behind it."""
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


@contextmanager
def silence() -> Iterator[None]:
    """Keep the warnings, log lines and progress reports of other packages off the terminal."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with (
            warnings.catch_warnings(action="ignore"),
            redirect_stdout(io.StringIO()),
            redirect_stderr(io.StringIO()),
        ):
            yield
    finally:
        logging.disable(before)
