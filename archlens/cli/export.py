"""`archlens export NAME -o FILE`"""

from pathlib import Path
from typing import Annotated

import typer

from archlens.cli.model import load_graph
from archlens.cli.options import Batch, Model, Settings
from archlens.cli.output import write
from archlens.cli.progress import Progress

__all__ = ["export"]


def export(
    model: Model,
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            readable=False,
            help="Where to: .pt2 for torch.export, .onnx for ONNX.",
        ),
    ],
    settings: Settings = None,
    batch: Batch = 1,
    input: Annotated[str | None, typer.Option(metavar="3x224x224", help="Input of one image.")] = None,
) -> None:
    """Write a network to a file, with random weights."""
    graph = load_graph(model, settings, input, batch)
    with Progress() as progress:
        from archlens.builder.export import export as export_graph  # imports PyTorch

        progress.show(f"{graph.model}: building and exporting", now=True)
        export_graph(graph, output)
    write(f"{output}: {graph.model}, {output.stat().st_size} bytes\n")
