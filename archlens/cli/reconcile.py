"""`archlens reconcile MODEL`"""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from archlens.cli.inputs import parse_inputs
from archlens.cli.model import Kind, kind_of, load_graph
from archlens.cli.options import (
    FormatOption,
    Input,
    Model,
    Output,
    Settings,
    parse_settings,
)
from archlens.cli.output import emit
from archlens.errors import UsageError
from archlens.graph import Graph
from archlens.quantity import Quantity
from archlens.report.result import Result

if TYPE_CHECKING:
    from archlens.studies.reconciliation.reconcile import Difference

__all__ = ["reconcile"]


def reconcile(
    model: Model,
    counters: Annotated[
        str | None,
        typer.Option(
            "--with",
            metavar="A,B,…",
            help="fvcore, torchinfo, ptflops, thop, calflops, torchprofile, torch; all that are installed, "
            "unless given or --claim is.",
        ),
    ] = None,
    claim: Annotated[
        str | None, typer.Option(metavar="4.12G", help="A printed figure: how must one count to get it?")
    ] = None,
    settings: Settings = None,
    input: Input = None,
    format: FormatOption = None,
    output: Output = None,
) -> None:
    """Why another number differs: other counters beside ours, each difference in named terms.

    The counters run on the network in PyTorch, each in a process of its own. What each of them counts beside
    multiply-adds, and what it misses, is computed from our graph; what that leaves is printed as unexplained.

    With --claim, the conventions under which the figure comes out to the digits printed, fewest terms first.
    """
    from archlens.report.reconciliation import reconciliation_as_dict, reconciliation_table
    from archlens.studies.reconciliation.claim import check_claim

    printed = parse_claim(claim)
    names = () if counters is None and printed is not None else chosen(counters)
    graph = load_graph(model, settings, input)
    differences = run(graph, model, settings, input, names) if names else []
    found = check_claim(graph, printed, resizer(model, settings, graph)) if printed else None
    emit(
        Result.of(
            lambda: reconciliation_table(graph, differences, found),
            lambda: reconciliation_as_dict(graph, differences, found),
        ),
        format,
        output,
    )


def chosen(counters: str | None) -> tuple[str, ...]:
    """`fvcore,torch` → ("fvcore", "torch"), or all that are installed."""
    from archlens.studies.reconciliation.processes import asked, installed

    if counters is None:
        return installed() or ("torch",)
    return asked(name.strip() for name in counters.split(",") if name.strip())


def run(
    graph: Graph, model: str, settings: list[str] | None, input: str | None, names: tuple[str, ...]
) -> "list[Difference]":
    """What the counters say, with a bar on a terminal meanwhile."""
    from rich.console import Console
    from rich.progress import track

    from archlens.studies.reconciliation.reconcile import reconcile as compare

    kind = kind_of(model)
    if kind is Kind.program:
        raise UsageError(
            f"{model}: other counters take modules, not exported programs; --claim alone does not"
        )
    if kind is Kind.module:
        found = compare(
            graph, names, module=model, settings=parse_settings(settings), inputs=parse_inputs(input)
        )
    else:
        found = compare(graph, names)
    console = Console(stderr=True)
    return list(
        track(
            found,
            description="counting",
            total=len(names),
            console=console,
            transient=True,
            disable=not sys.stderr.isatty(),
        )
    )


def parse_claim(text: str | None) -> Quantity | None:
    """`4.12G` → what is printed. Raises a UsageError."""
    if text is None:
        return None
    try:
        return Quantity.parse(text)
    except ValueError as error:
        raise UsageError(f"--claim {error}") from None


def resizer(model: str, settings: list[str] | None, graph: Graph) -> Callable[[int], Graph] | None:
    """What makes the network for images of another size: only of a spec, which is quick."""
    if kind_of(model) is not Kind.spec or len(graph.input_shape) < 2:
        return None
    channels = graph.input_shape[1]
    return lambda size: load_graph(model, settings, f"{channels}x{size}x{size}")
