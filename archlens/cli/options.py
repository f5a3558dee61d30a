"""Options that several commands take, and what their text means."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Annotated
from warnings import catch_warnings, simplefilter

import typer

from archlens.cli.output import Format, write
from archlens.errors import SpecError, UsageError
from archlens.graph import Graph
from archlens.spec.catalog import find
from archlens.spec.read import Value, plain, read
from archlens.spec.values import show

__all__ = [
    "Batch",
    "Columns",
    "Dtype",
    "FormatOption",
    "Fused",
    "Model",
    "Output",
    "Settings",
    "load_graph",
    "parse_columns",
    "parse_input",
    "parse_named_inputs",
    "parse_settings",
]

Model = Annotated[
    str,
    typer.Argument(
        metavar="MODEL",
        help="A name (resnet50), a spec (my.yaml, my.yaml:variant), a file (my.onnx, my.pt2), or a PyTorch "
        "module: package.module:name, file.py:name, timm:NAME, torchvision:NAME.",
    ),
]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", "-s", metavar="KEY=VALUE", help="Override a setting of the spec; may be repeated."),
]
Batch = Annotated[int, typer.Option(min=1, max=10**9, help="Images at once.")]
Dtype = Annotated[str, typer.Option(help="What turns elements into bytes: float32, float16, bfloat16, …")]
Columns = Annotated[
    str | None,
    typer.Option(
        "--columns",
        "-c",
        metavar="A,B,…",
        help="What to show: all, costs, memory, element_wise, fragmentation, peak, receptive_field, or "
        "single columns such as params,kernels.",
    ),
]
Fused = Annotated[
    bool, typer.Option("--fused", help="As it runs: batch normalisations and activations folded away.")
]
FormatOption = Annotated[Format, typer.Option("--format", "-f", help="How to write the result.")]
Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE", readable=False, help="Write to a file instead of stdout."),
]

SHAPE = re.compile(r"\d{1,9}([x×,]\d{1,9})*", re.ASCII)


def parse_input(text: str) -> tuple[int, ...]:
    """`3x224x224` → (3, 224, 224). Raises a UsageError."""
    if not SHAPE.fullmatch(text) or "0" in re.split("[x×,]", text):
        raise UsageError(f"--input {text}: expected channels, height and width, such as 3x224x224")
    return tuple(int(length) for length in re.split("[x×,]", text))


def parse_named_inputs(text: str | None) -> dict[str, tuple[int, ...]]:
    """`image=1x3x224x224,scale=1x2` → shapes by name; a shape alone is that of "". Raises a UsageError."""
    shapes: dict[str, tuple[int, ...]] = {}
    for given in re.split(r",(?=[^,=]*=)", text) if text else ():  # commas may stand in shapes, too
        name, _, shape = given.rpartition("=")
        if name in shapes:
            raise UsageError(f"--input {text}: {name or 'the input'} is given twice")
        shapes[name] = parse_input(shape)
    return shapes


def parse_settings(settings: list[str] | None) -> dict[str, Value]:
    """`groups=32`, `depths=[3,4,6,3]` → values as a spec file would hold them. Raises a UsageError."""
    values: dict[str, Value] = {}
    for setting in settings or ():
        name, equals, text = setting.partition("=")
        try:
            entries = read(f"value: {text}").entries
            if not equals or not name.strip() or not text.strip() or len(entries) > 1:
                raise ValueError
            values[name.strip()] = plain(entries["value"])
        except (SpecError, ValueError):
            raise UsageError(
                f"-s {setting}: expected key=value, such as groups=32 or depths=[3,4,6,3]"
            ) from None
    return values


def load_graph(
    model: str, settings: list[str] | None = None, input: str | None = None, batch: int = 1
) -> Graph:
    """The graph of a model under the options given on the command line.

    Raises a UsageError for options that the model does not take, such as an input with other axes than the
    spec's, which is a slip: `224x224`.
    """
    if model.endswith(".onnx"):
        if settings:
            raise UsageError(f"-s {settings[0]}: an ONNX file has no settings")
        from archlens.recorder.onnx import import_onnx  # imports onnx and numpy

        return import_onnx(model, parse_named_inputs(input), batch=batch)
    overrides = parse_settings(settings)
    if ":" in model or model.endswith(".pt2"):
        from archlens.recorder.sources import is_source

        if is_source(model):
            return record_module(model, overrides, parse_named_inputs(input), batch)
    reference = find(model)
    if input is not None:
        overrides["input"] = shape = parse_input(input)
        own = reference.settings({}).get("input")
        if isinstance(own, tuple) and len(own) != len(shape):
            shown = "x".join(map(str, own))
            raise UsageError(f"--input {input}: {reference.model} takes {len(own)} axes, such as {shown}")
    return reference.lower(overrides, batch=batch)


def record_module(
    model: str, settings: dict[str, Value], inputs: dict[str, tuple[int, ...]], batch: int
) -> Graph:
    """The graph of a PyTorch module; what the recording has to say goes to stderr, a line each.

    Its name tells the settings, as that of a spec does.
    """
    from archlens.recorder.sources import record_source  # imports PyTorch

    with catch_warnings(record=True) as said:
        simplefilter("always", UserWarning)
        graph = record_source(model, settings, inputs, batch=batch)
    for warning in said:
        if str(warning.message).startswith(f"{model}: "):
            write(f"archlens: {warning.message}\n", error=True)
    chosen = [f"{name}={show(value)}" for name, value in settings.items()]
    return replace(graph, model=" ".join([graph.model, *chosen]))


def parse_columns(columns: str | None) -> tuple[str, ...]:
    """`params,kernels` → ("params", "kernels")."""
    return tuple(name.strip() for name in (columns or "").split(",") if name.strip())
