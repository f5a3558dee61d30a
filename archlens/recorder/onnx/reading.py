"""An ONNX file as a model: parsed by the onnx package, its local functions put in place, within bounds."""

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

import onnx
from onnx import FunctionProto, GraphProto, ModelProto, NodeProto
from onnx.inliner import inline_local_functions

from archlens.recorder.onnx.skeleton import skeleton
from archlens.recorder.onnx.trouble import OnnxError, quoted

__all__ = ["read_model"]

OLDEST = 7
MAX_BYTES = 2**31
MAX_NODES = 100_000
MAX_DEPTH = 20

Key = tuple[str, str]


def read_model(path: Path) -> ModelProto:
    """The model in a file, without the data of its weights. External data are not looked for.

    Raises an OnnxError that says, on one line, what is wrong with the file.
    """
    try:
        if not path.is_file():
            raise OnnxError("is not a file" if path.exists() else "there is no such file")
        if path.stat().st_size >= MAX_BYTES:
            gibibytes = path.stat().st_size / 2**30
            raise OnnxError(f"is {gibibytes:.1f} GiB, and no ONNX file is larger than 2 GiB")
        with path.open("rb") as file:
            kept = skeleton(file)
    except OSError as error:
        raise OnnxError(f"cannot be read: {error.strerror or error}") from error
    try:
        model = onnx.load_model_from_string(kept)
    except Exception as error:
        raise OnnxError("is no ONNX file, or is damaged") from error
    if not model.graph.node and not model.graph.output:
        raise OnnxError("is no ONNX file: there is no graph in it")
    check_version(model)
    return inlined(model)


def check_version(model: ModelProto) -> None:
    """Refuse operators that are older or newer than those we know."""
    version = opset(model)
    newest = onnx.defs.onnx_opset_version()
    if version < OLDEST:
        raise OnnxError(f"is of opset {version}, and archlens reads {OLDEST} or newer: export it again")
    if version > newest:
        raise OnnxError(
            f"is of opset {version}, and the onnx package that is installed knows those up to {newest}: "
            "pip install --upgrade onnx"
        )


def opset(model: ModelProto) -> int:
    """The version of the standard's operators that a model is written for."""
    return max((entry.version for entry in model.opset_import if entry.domain in ("", "ai.onnx")), default=1)


def inlined(model: ModelProto) -> ModelProto:
    """A model without local functions. A file cannot ask for more nodes than the bound."""
    functions = {(function.domain, function.name): function for function in model.functions}
    sizes: dict[Key, int] = {}
    total = sum(size_of(node, functions, sizes, ()) for node in nodes(model.graph))
    if total > MAX_NODES:
        raise OnnxError(f"has {total} operators, more than {MAX_NODES}")
    if functions:
        try:
            model = inline_local_functions(model)
        except Exception as error:
            raise OnnxError(f"has functions that cannot be put in place: {quoted(error)}") from error
    check_names(model.graph)
    return model


def check_names(graph: GraphProto) -> None:
    """Refuse names that are no text, which the parser hands on as bytes."""
    named = chain(graph.input, graph.output, graph.value_info, graph.initializer)
    words = chain(
        (entry.name for entry in named),
        *(
            (
                node.name,
                node.op_type,
                node.domain,
                *node.input,
                *node.output,
                *(a.name for a in node.attribute),
            )
            for node in graph.node
        ),
        *((entry.key, entry.value) for node in graph.node for entry in node.metadata_props),
    )
    if not all(isinstance(word, str) for word in words):
        raise OnnxError("is damaged: a name in it is no text")
    for node in graph.node:
        for attribute in node.attribute:
            for inner in (attribute.g, *attribute.graphs):
                if inner.node or inner.initializer:
                    check_names(inner)


def size_of(
    node: NodeProto, functions: dict[Key, FunctionProto], sizes: dict[Key, int], callers: tuple[Key, ...]
) -> int:
    """How many nodes one becomes when functions are put in place."""
    key = (node.domain, node.op_type)
    if key not in functions:
        return 1
    if key in callers or len(callers) >= MAX_DEPTH:
        raise OnnxError(f"has a function that calls itself, or calls too deep: {quoted(node.op_type)}")
    if key not in sizes:
        sizes[key] = sum(
            size_of(inner, functions, sizes, (*callers, key)) for inner in every(functions[key].node)
        )
    return sizes[key]


def nodes(graph: GraphProto) -> Iterator[NodeProto]:
    """All nodes of a graph, and those of the graphs that nodes hold."""
    return every(graph.node)


def every(listed: Iterable[NodeProto]) -> Iterator[NodeProto]:
    """Nodes, and those in their graphs. A parser that read them has bounded how deep they lie."""
    for node in listed:
        yield node
        for attribute in node.attribute:
            for graph in (attribute.g, *attribute.graphs):
                yield from every(graph.node)
