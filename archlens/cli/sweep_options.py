"""Options that several commands of `archlens sweep` take."""

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["Beside", "Budget", "Colour", "Largest", "Names", "Output", "PageFile", "Plot", "StoreArgument"]

Beside = Annotated[
    list[str] | None,
    typer.Option(metavar="MODEL", help="How far from the front a network is, such as the published one."),
]
StoreArgument = Annotated[
    Path, typer.Argument(metavar="STORE", readable=False, help="The file that a sweep was kept in.")
]
Names = Annotated[str, typer.Option(metavar="A,B", help="Metrics wanted small: latency,memory_access.")]
Largest = Annotated[str, typer.Option(metavar="A,B", help="Metrics wanted large: receptive_field.")]
Budget = Annotated[
    str | None,
    typer.Option(metavar="CONDITION", help="The budget: 'multiply_adds <= 150M and latency <= 20 ms'."),
]
Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE", readable=False, help="Write to a file."),
]


Plot = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", readable=False, help="Draw the front of two objectives: .svg, .png, .pdf or .html."
    ),
]
PageFile = Annotated[
    Path | None,
    typer.Option(
        "--page",
        metavar="FILE.html",
        readable=False,
        help="Write a page of all variants: any number against any other, the front, the best in a budget.",
    ),
]
Colour = Annotated[
    str | None,
    typer.Option(metavar="SETTING", help="What colours the points; what matters most unless given."),
]
