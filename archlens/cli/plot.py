"""`archlens plot MODEL… --kind KIND -o FILE`"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from archlens.cli.model import load_graph
from archlens.cli.options import Batch, Dtype, Force, Input, PredictedOn, Settings, WhereOption
from archlens.cli.output import replace_file, write
from archlens.cli.progress import Progress
from archlens.devices import find
from archlens.errors import UsageError
from archlens.quantity import plural
from archlens.report.charts.plot import KINDS, Options, check_kind
from archlens.report.choice import Where, chosen
from archlens.report.metric import DTYPES
from archlens.report.metric_name import LATENCY
from archlens.spec.catalog import Reference, expand, specs

if TYPE_CHECKING:
    from archlens.devices import Device
    from archlens.graph import Graph
    from archlens.report.charts.theme import Chart

__all__ = ["plot", "write_picture"]


def plot(
    models: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="MODEL…",
            help="Names, specs, files or PyTorch modules, as `archlens profile` takes them; for pareto, "
            "the whole catalogue unless given.",
        ),
    ] = None,
    kind: Annotated[
        str,
        typer.Option(
            "--kind",
            "-k",
            metavar="|".join(KINDS),
            help="; ".join(f"{name}: {about}" for name, about in KINDS.items()) + ".",
        ),
    ] = "layers",
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            readable=False,
            help="Where to: .svg, .png, .pdf, or .html, a page that loads nothing.",
        ),
    ] = None,
    metric: Annotated[
        str, typer.Option(metavar="METRIC", help="Of layers: a column of `archlens profile`.")
    ] = "multiply_adds",
    depth: Annotated[int, typer.Option(min=1, help="1: a bar a stage; 2: a bar a block; and so on.")] = 1,
    by: Annotated[str, typer.Option(metavar="stage|work", help="Bars of breakdown.")] = "stage",
    x: Annotated[
        str,
        typer.Option(
            "--x", metavar="METRIC", help="Of pareto: a column, top1 as printed, or latency with --device."
        ),
    ] = "multiply_adds",
    y: Annotated[
        str,
        typer.Option(
            "--y", metavar="METRIC", help="Of pareto; unless given latency with --device, else memory_access."
        ),
    ] = "",
    where: WhereOption = "",
    device: PredictedOn = None,
    settings: Settings = None,
    batch: Batch = 1,
    input: Input = None,
    dtype: Dtype = "float32",
    force: Force = False,
) -> None:
    """Charts of what networks cost: where it goes, how they compare.

    Several networks are drawn below each other on one scale, or by pareto as dots of one chart.
    """
    check_kind(kind, device)
    if dtype not in DTYPES:
        raise UsageError(f"dtype {dtype} is not one of {', '.join(DTYPES)}")
    if by not in ("stage", "work"):
        raise UsageError(f"--by {by} is not one of stage, work")
    if output is None:
        raise UsageError("plot needs a file to write: -o FILE.svg, .png, .pdf or .html")
    from archlens.report.charts.picture import check_picture

    check_picture(output, "-o")
    from archlens.report.charts.plot import plot as chart

    options = Options(
        metric=metric, depth=depth, by="work" if by == "work" else "stage", dtype=dtype, x=x, y=y,
        force=force, device=None if device is None else find(device),
    )  # fmt: skip
    condition = Where.parse(where) if where else None
    found = fitting(graphs(models or [], kind, settings, input, batch), condition, options.device)
    write_picture(chart(kind, found, options), output)


def graphs(
    models: list[str], kind: str, settings: list[str] | None, input: str | None, batch: int
) -> "list[Graph]":
    """The networks asked for, or all of the catalogue. Raises a UsageError for none, but for pareto."""
    if models:
        return [load_graph(each, settings, input, batch) for model in models for each in expand(model)]
    if kind != "pareto":
        raise UsageError(f"--kind {kind} draws networks: name one, such as archlens plot resnet50 -k {kind}")
    if settings or input is not None:
        raise UsageError(f"{f'-s {settings[0]}' if settings else f'--input {input}'}: say of which network")
    references = [Reference(spec, variant) for spec in specs(until="claims") for variant in spec.variants]
    found = []
    with Progress() as progress:
        for done, reference in enumerate(references):
            progress.show(reference.model, done / len(references))
            found.append(reference.lower({}, batch=batch))
    return found


def fitting(graphs: "list[Graph]", where: Where | None, device: "Device | None") -> "list[Graph]":
    """The networks for which the conditions hold. Raises a UsageError where that is none."""
    if where is None:
        return graphs
    from archlens.report.facts import facts_of

    if LATENCY in where.names and device is None:
        raise UsageError("--where latency: a predicted time takes a device: --device NAME")
    kept = chosen(graphs, lambda graph: facts_of(graph, device), where, None)
    if not kept:
        raise UsageError(f"--where leaves none of {plural(len(graphs), 'network')}")
    return kept


def write_picture(chart: "Chart", path: Path) -> None:
    """Write a chart to a file, whole or not at all, and say so where it takes the place of another.

    Raises an ArchlensError for what cannot be written.
    """
    from archlens.report.charts.picture import picture

    with Progress() as progress:
        progress.show("drawing", now=True)
        made = picture(chart, path.suffix)
    if replace_file(path, made):
        write(f"archlens: {path}: overwritten\n", error=True)
