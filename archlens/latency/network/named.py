"""What runs where a model is timed: the user's own module, or the network that archlens builds."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from archlens.errors import BuildError
from archlens.graph import Graph
from archlens.latency.network.candidate import Candidate
from archlens.models.inputs import parse_inputs, parse_shapes
from archlens.spec.read import Value
from archlens.spec.reference import Kind, kind_of

__all__ = ["candidate"]


def candidate(
    graph: Graph,
    model: str,
    settings: Mapping[str, Value] | None = None,
    input: str | None = None,
    batch: int = 1,
    *,
    fused: bool = False,
    breakdown: bool = False,
    device: str = "cpu",
) -> Candidate:
    """What runs for a model that was named, and its graph as it is counted.

    A module runs itself, and an ONNX file in onnxruntime. A spec is built from its graph; so is a graph that
    was folded, and a module whose nodes are timed one by one.

    Raises a BuildError for a recorded graph that would have to be built and cannot be.
    """
    kind = kind_of(model)
    if kind is Kind.spec:
        return Candidate(graph)
    file = kind is Kind.onnx
    if kind is not Kind.module:
        graph = replace(graph, model=Path(model).name)  # no spec has this name, and results are kept under it
    said = ""
    if file and not fused:
        return in_runtime(graph, model, input, batch, device)
    if fused or breakdown:
        why = "--fused is about the folded graph" if fused else "--breakdown times node by node"
        way = f"without it the {'file' if file else 'module'} itself runs"
        check_built(graph, f"{why}: {way}")
        said = (
            f"{graph.model}: {why}, so what was timed is the network that archlens builds from the graph, "
            "with random weights"
        )
    if file or fused:
        return Candidate(graph, any_batch=False, remark=said)
    from archlens.recorder.loading import load_module

    values, inputs = settings or {}, parse_inputs(input)
    return Candidate(
        graph, lambda: load_module(model, values, inputs, batch=batch), any_batch=False, remark=said
    )


def in_runtime(graph: Graph, model: str, input: str | None, batch: int, device: str) -> Candidate:
    """An ONNX file as onnxruntime runs it. Raises a MissingDependencyError without that."""
    from archlens.latency.network.onnx_runtime import load_file, onnxruntime, provider
    from archlens.recorder.onnx.tensor_names import makers

    runs = f"onnxruntime {onnxruntime().__version__}, {provider(device)}"
    shapes = parse_shapes(input)
    return Candidate(
        graph,
        lambda: load_file(model, shapes, batch=batch),
        any_batch=False,
        remark=f"{graph.model}: timed as the file is, with its own weights and types, in {runs}",
        makers=lambda: makers(model, shapes, batch),
    )


def check_built(graph: Graph, advice: str) -> None:
    """Build it without weights, which takes no time. Raises a BuildError that ends in the advice."""
    from archlens.builder import build

    try:
        build(graph, device="meta")
    except BuildError as error:
        raise BuildError(f"{error}; {advice}") from error
