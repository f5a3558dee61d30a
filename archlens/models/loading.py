"""A model reference and what is said beside it, settings and input → the graph."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING
from warnings import catch_warnings, simplefilter, warn

from archlens.errors import UsageError
from archlens.graph import Graph
from archlens.spec.catalog import Reference, as_value, find
from archlens.spec.fitting import fitted
from archlens.spec.read import Value
from archlens.spec.reference import Kind, kind_of, parse_input
from archlens.spec.resized import resized
from archlens.spec.values import show

if TYPE_CHECKING:
    from archlens.recorder.sources import Inputs

__all__ = ["Say", "dtype_of", "load", "load_graph", "overridden", "resizer"]

Say = Callable[[str], None]
"""Hears a remark on a network that is loaded all the same, such as an input that changes its weights."""


def load(model: str, *, batch: int = 1, **settings: object) -> Graph:
    """The graph of a model: `resnet50[groups=32]`, `my.yaml:variant`, `net.py:Net`, `timm:NAME`, `net.onnx`.

    batch     images at once; the first axis of every shape
    settings  overrides of the spec's settings: `load("resnet50", groups=32, base=4)`, or keyword arguments of
              what makes a module. `input` is one of them: `load("resnet50", input=(3, 160, 160))`, or
              `input="tokens=16:int64"` of a module

    >>> load("resnet50").nodes[-1].shape
    (1, 1000)

    Warns of an input that makes another network, whose weights are not those of the one that is named.
    Raises UnknownModelError with the nearest name, SpecError, RecordError, or UsageError for a setting that
    the model does not have.
    """
    values = {name: as_value(value) for name, value in settings.items()}
    input = None if kind_of(model) is Kind.spec else values.pop("input", None)
    shown = "x".join(map(str, input)) if isinstance(input, tuple) else input
    return load_graph(model, values, None if shown is None else str(shown), batch)


def warned(remark: str) -> None:
    """Hand a remark on as a warning, which is how Python users hear of it."""
    warn(remark, stacklevel=4)


def load_graph(
    model: str,
    settings: Mapping[str, Value] | None = None,
    input: str | None = None,
    batch: int = 1,
    *,
    say: Say = warned,
) -> Graph:
    """The graph of any model: a network by name, a spec, a PyTorch module, an exported program, an ONNX file.

    settings  of a spec, or keyword arguments of what makes a module
    input     what one image is, "3x224x224", or of a module what each argument is: "tokens=16:int64"
    batch     images at once
    say       hears what there is to remark: a warning unless given

    Raises a UsageError for what the model does not take, such as an input with other axes than the spec's,
    which is a slip: `224x224`; and what finding and reading the model raises.
    """
    settings = settings or {}
    kind = kind_of(model)
    if kind is Kind.spec:
        reference = find(model)
        overrides = overridden(reference, settings, input)
        graph = fitted(reference, overrides, batch=batch)
        if told := resized(reference, overrides, graph):
            say(told)
        return graph
    from archlens.models.inputs import parse_inputs, parse_shapes

    if kind is not Kind.onnx:
        return _recorded(model, settings, parse_inputs(input), batch, say)
    for name, value in settings.items():
        raise UsageError(f"-s {name}={show(value)}: an ONNX file has no settings")
    from archlens.recorder.onnx import import_onnx  # imports onnx and numpy

    with remarks(model, say):
        return import_onnx(model, parse_shapes(input), batch=batch)


def overridden(
    reference: Reference, settings: Mapping[str, Value], input: str | None = None
) -> dict[str, Value]:
    """A spec's settings with its input among them, as a user gave both. Raises a UsageError."""
    overrides = dict(settings)
    if input is None:
        return overrides
    overrides["input"] = shape = parse_input(input)
    own = reference.settings({}).get("input")
    if isinstance(own, tuple) and len(own) != len(shape):
        shown = "x".join(map(str, own))
        raise UsageError(f"--input {input}: {reference.model} takes {len(own)} axes, such as {shown}")
    return overrides


def dtype_of(model: str) -> str:
    """The type that an ONNX file says that it computes in; "" for others, of which their graph tells."""
    if kind_of(model) is not Kind.onnx:
        return ""
    from archlens.recorder.onnx.precision import precision

    return precision(model)


def resizer(model: str, settings: Mapping[str, Value] | None, graph: Graph) -> Callable[[int], Graph] | None:
    """What makes the same network for images of another size: only of a spec, which is quick.

    Nothing is remarked on these networks, as nobody has asked for their sizes.
    """
    if kind_of(model) is not Kind.spec or len(graph.input_shape) < 2:
        return None
    channels = graph.input_shape[1]
    return lambda size: load_graph(model, settings, f"{channels}x{size}x{size}", say=lambda told: None)


@contextmanager
def remarks(model: str, say: Say) -> Iterator[None]:
    """What is said of a model while it is read is handed on; warnings of others are not."""
    with catch_warnings(record=True) as said:
        simplefilter("always", UserWarning)
        yield
    for warning in said:
        if str(warning.message).startswith(f"{model}: "):
            say(str(warning.message))


def _recorded(model: str, settings: Mapping[str, Value], inputs: "Inputs", batch: int, say: Say) -> Graph:
    """The graph of a PyTorch module. Its name tells the settings, as that of a spec does."""
    from archlens.recorder.sources import record_source  # imports PyTorch

    with remarks(model, say):
        graph = record_source(model, settings, inputs, batch=batch)
    chosen = [f"{name}={show(value)}" for name, value in settings.items()]
    return replace(graph, model=" ".join([graph.model, *chosen]))
