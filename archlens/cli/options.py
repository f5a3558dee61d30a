"""Options that several commands take, and what their text means."""

from pathlib import Path
from typing import Annotated

import typer

from archlens.errors import UsageError, nearest
from archlens.report.formats import FORMATS, format_of, renderer_for

__all__ = [
    "PREDICTED_ON",
    "Batch",
    "Columns",
    "Digits",
    "Dtype",
    "Flops",
    "Force",
    "FormatOption",
    "Fused",
    "Input",
    "Model",
    "Output",
    "OwnDtype",
    "PredictedOn",
    "Settings",
    "Sort",
    "Units",
    "WhereOption",
    "check_output",
    "parse_columns",
    "parse_format",
]

Model = Annotated[
    str,
    typer.Argument(
        metavar="MODEL",
        help="A name (resnet50), a spec (my.yaml, my.yaml:variant), either with settings in brackets "
        "(resnet50[groups=32,base=4]), a file (my.onnx, my.pt2), or a PyTorch "
        "module: package.module:name, file.py:name, timm:NAME, torchvision:NAME.",
    ),
]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", "-s", metavar="KEY=VALUE", help="Override a setting of the spec; may be repeated."),
]
Batch = Annotated[int, typer.Option(min=1, max=10**9, help="Images at once.")]
Dtype = Annotated[str, typer.Option(help="What turns elements into bytes: float32, float16, bfloat16, …")]
OwnDtype = Annotated[
    str | None,
    typer.Option(
        "--dtype",
        help="What turns elements into bytes: float32, float16, …; an ONNX file's own unless given.",
    ),
]
Columns = Annotated[
    str | None,
    typer.Option(
        "--columns",
        "-c",
        metavar="A,B,…",
        help="What to show: six, all, costs, memory, element_wise, fragmentation, peak, receptive_field, or "
        "single columns such as params,kernels. Also flops: here multiply-adds, of 2 FLOPs each.",
    ),
]
Fused = Annotated[
    bool, typer.Option("--fused", help="As it runs: batch normalisations and activations folded away.")
]


def parse_format(name: str) -> str:
    """The name of a format as it is. Raises a UsageError for one that does not exist."""
    if name not in FORMATS:
        raise UsageError(f"--format {name} is not one of {', '.join(FORMATS)}{nearest(name, FORMATS)}")
    renderer_for(name).require()
    return name


def check_output(context: typer.Context, output: Path | None) -> Path | None:
    """The file as it is. Raises a MissingDependencyError before anything is computed that it cannot hold."""
    if output is not None and not context.params.get("format"):
        renderer_for(format_of(output)).require()
    return output


Input = Annotated[
    str | None, typer.Option(metavar="3x224x224", help="Input of one image; the spec's own unless given.")
]
PREDICTED_ON = typer.Option(
    "--device",
    "-d",
    metavar="NAME|FILE|JSON",
    help="Predict times for it: a name that `archlens devices` lists, a file of `archlens calibrate`, or a "
    'data sheet: \'{"tflops": 82.6, "bandwidth": "1008 GB/s", "launch": "4 us"}\'.',
)
PredictedOn = Annotated[str | None, PREDICTED_ON]
Digits = Annotated[
    int | None,
    typer.Option(
        min=0, max=20, help="Significant digits of counts and times; with --units, of counts after the point."
    ),
]
Units = Annotated[
    str, typer.Option(metavar="k|M|G|T", help="One unit for all counts; each its own unless given.")
]
Flops = Annotated[
    int | None,
    typer.Option(
        min=1,
        max=2,
        metavar="1|2",
        help="Show multiply-adds as FLOPs, so many each: most papers count 1, engines count 2.",
    ),
]
WhereOption = Annotated[
    str,
    typer.Option(
        "--where",
        metavar="CONDITION",
        help="Only networks for which it holds: 'params < 5M and multiply_adds < 600M', 'family = resnet*'.",
    ),
]
Sort = Annotated[
    str, typer.Option("--sort", metavar="METRIC", help="The smallest first; with - in front, the largest.")
]
FormatOption = Annotated[
    str | None,
    typer.Option(
        "--format",
        "-f",
        metavar="|".join(FORMATS),
        parser=parse_format,
        is_eager=True,  # known when -o is looked at
        help="How to write the result; unless given, as the extension of -o says, or as text.",
    ),
]
Force = Annotated[
    bool,
    typer.Option("--force", help="Predict what is far from all that the device has run, too."),
]
Output = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        readable=False,
        callback=check_output,
        help=f"Write to a file: {', '.join(FORMATS.values())}. An older file is replaced.",
    ),
]


def parse_columns(columns: str | None) -> tuple[str, ...]:
    """`params,kernels` → ("params", "kernels")."""
    return tuple(name.strip() for name in (columns or "").split(",") if name.strip())
