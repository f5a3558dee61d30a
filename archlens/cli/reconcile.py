"""`archlens reconcile MODEL`"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from archlens.cli.model import load_graph
from archlens.cli.options import Digits, FormatOption, Input, Model, Output, Settings, Units
from archlens.cli.output import emit
from archlens.cli.progress import Progress
from archlens.errors import UsageError
from archlens.graph import Graph
from archlens.models.inputs import parse_inputs
from archlens.models.loading import resizer
from archlens.quantity import plural
from archlens.report.result import Result
from archlens.report.style import Style
from archlens.spec.reference import Kind, kind_of, parse_settings

if TYPE_CHECKING:
    from archlens.studies.reconciliation.reconcile import Difference

    Resizer = Callable[[int], Graph] | None

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
    digits: Digits = None,
    units: Units = "",
    format: FormatOption = None,
    output: Output = None,
) -> None:
    """Why another number differs: other counters beside ours, each difference in named terms.

    The counters run on the network in PyTorch, each in a process of its own. What each of them counts beside
    multiply-adds, and what it misses, is computed from our graph; what that leaves is printed as unexplained.

    With --claim, the conventions under which the figure comes out to the digits printed, fewest terms first.
    """
    from archlens.report.reconciliation import reconciliation_as_dict, reconciliation_table
    from archlens.studies.reconciliation.claim import check_claim, parse_claim
    from archlens.studies.reconciliation.processes import chosen

    style, printed = Style(digits, units), parse_claim(claim)
    given = None if counters is None else [name.strip() for name in counters.split(",") if name.strip()]
    names = () if given is None and printed is not None else chosen(given)
    graph = load_graph(model, settings, input)
    differences = run(graph, model, settings, input, names) if names else []
    with Progress() as progress:
        at_size = told(resizer(model, parse_settings(settings), graph), progress)
        found = check_claim(graph, printed, at_size) if printed else None
    emit(
        Result.of(
            lambda: reconciliation_table(graph, differences, found),
            lambda: reconciliation_as_dict(graph, differences, found),
        ),
        format,
        output,
        style,
    )


def told(at_size: "Resizer", progress: Progress) -> "Resizer":
    """The same, which says on a terminal at which size it counts."""
    from archlens.studies.reconciliation.claim import SIZES

    def counted(size: int) -> Graph:
        assert at_size is not None
        progress.show(f"at {size}×{size}", SIZES.index(size) / len(SIZES), now=True)
        return at_size(size)

    return counted if at_size is not None else None


def run(
    graph: Graph, model: str, settings: list[str] | None, input: str | None, names: tuple[str, ...]
) -> "list[Difference]":
    """What the counters say, with a bar on a terminal meanwhile."""
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
    differences = []
    with Progress() as progress:
        progress.show(f"counting with {plural(len(names), 'counter')}", now=True)
        for difference in found:
            differences.append(difference)
            progress.show(f"{difference.count.counter}: done", len(differences) / len(names))
    return differences
