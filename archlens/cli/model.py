"""What the MODEL of a command stands for, and its graph."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from enum import Enum
from typing import TYPE_CHECKING
from warnings import catch_warnings, simplefilter

from archlens.cli.inputs import parse_inputs, parse_shapes
from archlens.cli.options import parse_input, parse_settings
from archlens.cli.output import write
from archlens.errors import UsageError
from archlens.graph import Graph
from archlens.spec.catalog import Reference, find
from archlens.spec.read import Value
from archlens.spec.resized import resized
from archlens.spec.values import show

if TYPE_CHECKING:
    from archlens.recorder.sources import Inputs

__all__ = ["Kind", "dtype_of", "kind_of", "load_graph", "overridden"]


class Kind(Enum):
    """What a model may be."""

    spec = "a spec"
    module = "a PyTorch module"
    program = "an exported program"
    onnx = "an ONNX file"


def kind_of(model: str) -> Kind:
    """What a user named; whether it exists is another question."""
    if model.endswith(".onnx"):
        return Kind.onnx
    if model.endswith(".pt2"):
        return Kind.program
    if ":" not in model:
        return Kind.spec
    from archlens.recorder.sources import is_source

    return Kind.module if is_source(model) else Kind.spec


def dtype_of(model: str) -> str:
    """The type that an ONNX file says that it computes in; "" for others, of which their graph tells."""
    if kind_of(model) is not Kind.onnx:
        return ""
    from archlens.recorder.onnx.precision import precision

    return precision(model)


def load_graph(
    model: str, settings: list[str] | None = None, input: str | None = None, batch: int = 1
) -> Graph:
    """The graph of a model under the options given on the command line.

    Raises a UsageError for options that the model does not take, such as an input with other axes than the
    spec's, which is a slip: `224x224`.
    """
    kind = kind_of(model)
    if kind is Kind.spec:
        reference = find(model)
        overrides = overridden(reference, settings, input)
        graph = reference.lower(overrides, batch=batch)
        if told := resized(reference, overrides, graph):
            write(f"archlens: {told}\n", error=True)
        return graph
    if kind is not Kind.onnx:
        return record_module(model, parse_settings(settings), parse_inputs(input), batch)
    if settings:
        raise UsageError(f"-s {settings[0]}: an ONNX file has no settings")
    from archlens.recorder.onnx import import_onnx  # imports onnx and numpy

    with remarks(model):
        return import_onnx(model, parse_shapes(input), batch=batch)


def overridden(reference: Reference, settings: list[str] | None, input: str | None) -> dict[str, Value]:
    """What the options say of a spec's settings, its input among them. Raises a UsageError."""
    overrides = parse_settings(settings)
    if input is None:
        return overrides
    overrides["input"] = shape = parse_input(input)
    own = reference.settings({}).get("input")
    if isinstance(own, tuple) and len(own) != len(shape):
        shown = "x".join(map(str, own))
        raise UsageError(f"--input {input}: {reference.model} takes {len(own)} axes, such as {shown}")
    return overrides


@contextmanager
def remarks(model: str) -> Iterator[None]:
    """What is said of a model while it is read goes to stderr, a line each."""
    with catch_warnings(record=True) as said:
        simplefilter("always", UserWarning)
        yield
    for warning in said:
        if str(warning.message).startswith(f"{model}: "):
            write(f"archlens: {warning.message}\n", error=True)


def record_module(model: str, settings: dict[str, Value], inputs: "Inputs", batch: int) -> Graph:
    """The graph of a PyTorch module; what the recording has to say goes to stderr, a line each.

    Its name tells the settings, as that of a spec does.
    """
    from archlens.recorder.sources import record_source  # imports PyTorch

    with remarks(model):
        graph = record_source(model, settings, inputs, batch=batch)
    chosen = [f"{name}={show(value)}" for name, value in settings.items()]
    return replace(graph, model=" ".join([graph.model, *chosen]))
