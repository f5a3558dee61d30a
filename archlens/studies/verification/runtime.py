"""An ONNX file run in onnxruntime, and the shape of every tensor beside ours."""

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy
import onnx
from onnx import helper

from archlens.ops import Shape
from archlens.recorder.onnx.tensor_names import tensor_shapes
from archlens.recorder.onnx.trouble import quoted
from archlens.studies.claims import Check

__all__ = ["in_runtime"]

SOURCE = "onnxruntime"
SHOWN = 5
"""Tensors of which a difference is listed."""


def in_runtime(model: str, path: str, inputs: Mapping[str, Shape]) -> list[Check]:
    """The checks: one if all shapes agree, one a tensor otherwise; none without onnxruntime."""
    if find_spec("onnxruntime") is None:
        return []
    ours = tensor_shapes(path, inputs)
    try:
        theirs = run(path, ours)
    except Exception as error:
        said = next(iter(str(error).splitlines()), type(error).__name__)
        why = f"onnxruntime does not run it: {quoted(said)}"
        return [Check(model, "shapes", SOURCE, "none", "", "", "incomparable", why)]
    both = [name for name in ours if name in theirs]
    wrong = [name for name in both if ours[name] != theirs[name]]
    if not wrong:
        many = f"{len(both)} tensors"
        return [Check(model, "shapes", SOURCE, many, many, "", "equal")]
    return [
        Check(model, f"shape of {quoted(name)}", SOURCE, str(theirs[name]), str(ours[name]), "", "different")
        for name in wrong[:SHOWN]
    ]


def run(path: str, ours: Mapping[str, Shape]) -> dict[str, Shape]:
    """The shape of every tensor that a node of the file makes, in a run on ones without optimisation."""
    import onnxruntime

    read = onnx.load(Path(path))
    stored = {tensor.name for tensor in read.graph.initializer}
    given = {entry.name: entry for entry in read.graph.input if entry.name not in stored}
    feeds: dict[str, Any] = {}
    for name, entry in given.items():
        kind = entry.type.tensor_type
        feeds[name] = numpy.ones(ours[name], helper.tensor_dtype_to_np_dtype(kind.elem_type))
        kind.ClearField("shape")
        kind.shape.SetInParent()
        for length in ours[name]:
            kind.shape.dim.add().dim_value = length
    made = [name for node in read.graph.node for name in node.output if name in ours]
    del read.graph.output[:], read.graph.value_info[:]
    read.graph.output.extend(onnx.ValueInfoProto(name=name) for name in dict.fromkeys(made))
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(
        read.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    values = session.run(None, feeds)
    names = [each.name for each in session.get_outputs()]
    return {
        name: tuple(value.shape)
        for name, value in zip(names, values, strict=True)
        if isinstance(value, numpy.ndarray)
    }
