"""ONNX files written by hand, with weights that are zeros."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy
import onnx
from onnx import ModelProto, NodeProto, TensorProto, helper

from archlens.analyses import totals
from archlens.cost import Cost
from archlens.graph import Graph, Node, verify
from archlens.ops import Op
from archlens.recorder.onnx import import_onnx

__all__ = [
    "EACH", "MOVED", "NONE", "SUM", "Axes", "Case", "Imported", "Same", "check_class", "check_cost",
    "imported", "model", "node", "only",
]  # fmt: skip

Axes = Sequence[int | str | None]
Imported = Callable[..., Graph]

Case = tuple[str, list[Any], dict[str, Any], dict[str, Any], Cost, tuple[int, ...]]
"""A name, nodes whose input x is 1×2×3×4, shapes of weights, values, what all cost and the shape of y."""

Same = tuple[Any, dict[str, Any], dict[str, Any], Op]
"""A node, shapes of weights, values, and the operator that specs have for it."""

SUM = Cost(elementwise=24, reads=48, writes=24)
EACH = Cost(elementwise=24, reads=24, writes=24)
MOVED = Cost(reads=24, writes=24)
NONE = Cost()


def node(kind: str, inputs: str, outputs: str = "y", **attributes: Any) -> NodeProto:
    """A node; its tensors by name, `-` for one that is left out."""
    domain = attributes.pop("domain", "")
    name = attributes.pop("name", "")
    given = ["" if each == "-" else each for each in inputs.split()]
    return helper.make_node(kind, given, outputs.split(), name=name, domain=domain, **attributes)


def model(
    nodes: Iterable[NodeProto],
    inputs: Mapping[str, Axes],
    weights: Mapping[str, Sequence[int]] | None = None,
    values: Mapping[str, Any] | None = None,
    *,
    outputs: str = "y",
    opset: int = 20,
    dtype: int = TensorProto.FLOAT,
) -> ModelProto:
    """A model. `weights` are floats of a shape; `values` are what they say, integers as int64."""
    initializers = [
        helper.make_tensor(name, TensorProto.FLOAT, shape, bytes(4 * int(numpy.prod(shape))), raw=True)
        for name, shape in (weights or {}).items()
    ]
    for name, value in (values or {}).items():
        array = value if isinstance(value, numpy.ndarray) else numpy.array(value)
        array = array.astype(numpy.float32) if array.dtype == numpy.float64 else array
        initializers.append(onnx.numpy_helper.from_array(array, name))
    graph = helper.make_graph(
        list(nodes),
        "hand-made",
        [helper.make_tensor_value_info(name, dtype, axes) for name, axes in inputs.items()],
        [helper.make_empty_tensor_value_info(name) for name in outputs.split()],
        initializers,
    )
    domains = {"", *(each.domain for each in graph.node)}
    versions = [helper.make_opsetid(domain, opset if not domain else 1) for domain in sorted(domains)]
    return helper.make_model(graph, opset_imports=versions)


def imported(made: ModelProto, folder: Path, **options: Any) -> Graph:
    """The graph of a model that is written to a file and read back. It keeps its own rules."""
    path = folder / "net.onnx"
    path.write_bytes(made.SerializeToString())
    graph = import_onnx(path, **options)
    verify(graph)
    return graph


def only(graph: Graph) -> Node:
    """The only node that is neither an input nor a stored tensor."""
    (found,) = (each for each in graph.nodes if each.inputs)
    return found


def check_cost(case: Case, folder: Path) -> None:
    """Nodes of a file cost what was worked out, and nothing is unknown."""
    _, nodes, weights, values, cost, shape = case
    graph = imported(model(nodes, {"x": (1, 2, 3, 4)}, weights, values), folder)
    assert graph.complete
    assert totals(graph) == cost
    assert graph.nodes[graph.outputs[0]].shape == shape


def check_class(same: Same, folder: Path) -> None:
    """A node of a file becomes the operator that specs have."""
    made, weights, values, op = same
    assert only(imported(model([made], {"x": (1, 2, 3, 4)}, weights, values), folder)).op == op
