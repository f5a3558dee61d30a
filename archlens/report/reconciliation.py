"""Other counters beside ours, and printed figures, as a table: a row a term, to the last multiply-add."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from archlens.graph import Graph
from archlens.quantity import plural
from archlens.report.table import AtLeast, Column, Shown, Table, exact, signed_exact
from archlens.studies.reconciliation.claim import Claim, Way
from archlens.studies.reconciliation.terms import Term

if TYPE_CHECKING:  # its module imports PyTorch
    from archlens.studies.reconciliation.reconcile import Difference

__all__ = ["reconciliation_as_dict", "reconciliation_table"]

MOST_WAYS = 10
UNEXPLAINED = "unexplained"
COLUMNS = (
    Column("counter", "counter", right=False),
    Column("version", "version", right=False, priority=2),
    Column("count", "count", str),
    Column("term", "because", right=False),
    Column("how", "which is", right=False, priority=1),
)
OF_COUNTERS = {"version", "how"}
"""Columns that are empty without counters."""


def reconciliation_table(graph: Graph, differences: Sequence["Difference"], claim: Claim | None) -> Table:
    """Our count, each counter's and what its difference consists of, and the figure that was printed."""
    ours = sum(node.cost.multiply_adds for node in graph.nodes)
    known = Shown(ours if graph.complete else AtLeast(ours), exact)
    rows: list[tuple[Any, ...]] = [("archlens", "", known, "", "")]
    for each in differences:
        rows += difference_rows(each)
    if claim is not None:
        rows += claim_rows(claim)
    footer = ["1 multiply-add = 1 multiply-accumulate of a convolution, a linear layer or a matrix product"]
    if differences:
        footer.append("the terms under a counter add up to its difference from archlens")
    if not graph.complete:
        missing = plural(len(graph.uncosted), "operator")
        footer.append(f"≥ is a lower bound: {graph.model} has {missing} without a rule")
    title = f"{graph.model}, input {'×'.join(map(str, graph.input_shape))}"
    kept = COLUMNS if differences else tuple(column for column in COLUMNS if column.key not in OF_COUNTERS)
    positions = [COLUMNS.index(column) for column in kept]
    cells = tuple(tuple(row[i] for i in positions) for row in rows)
    return Table(kept, cells, title=title, footer=tuple(footer))


def difference_rows(each: "Difference") -> Iterator[tuple[Any, ...]]:
    """A counter's total, and under it the terms of its difference."""
    count = each.count
    if count.total is None:
        yield (count.counter, count.version, Shown(None, exact), f"failed: {count.failed}", "")
        return
    yield (count.counter, count.version, Shown(count.total, exact), "" if each.difference else "equal", "")
    for term in each.terms:
        yield ("", "", Shown(term.amount, signed_exact), term.name, how(term))
    if each.unexplained:
        yield ("", "", Shown(each.unexplained, signed_exact), UNEXPLAINED, "")


def claim_rows(claim: Claim) -> Iterator[tuple[Any, ...]]:
    """The conventions that give a figure, or that none does."""
    label = f"printed: {claim.printed.text}"
    if not claim.ways:
        sentence = f"none of {claim.tried:,} conventions gives it; nearest: {convention(claim.nearest)}"
        yield (label, "", Shown(claim.nearest.count, exact), sentence, "")
    for way in claim.ways[:MOST_WAYS]:
        yield (label, "", Shown(way.count, exact), convention(way), "")
        label = ""
    more = len(claim.ways) - MOST_WAYS
    if more > 0:
        yield ("", "", Shown(None, exact), f"and {plural(more, 'convention')} of as many terms or more", "")


def convention(way: Way) -> str:
    """The terms of a convention in one line."""
    return ", ".join(way.terms) or "as archlens counts"


def how(term: Term) -> str:
    """What a term is the sum of: `5,588,496 inputs × 3 − 28,368 rows`."""
    text = ""
    for part in term.parts:
        sign = "−" if part.factor < 0 else "+" if text else ""
        times = f" × {abs(part.factor)}" if abs(part.factor) != 1 else ""
        gap = " " if text else ""
        text += f"{gap}{sign}{gap}{part.measured:,} {part.measure}{times}"
    return text


def reconciliation_as_dict(
    graph: Graph, differences: Iterable["Difference"], claim: Claim | None
) -> dict[str, Any]:
    """The counters and the claim as `--format json` prints them."""
    shown: dict[str, Any] = {
        "model": graph.model,
        "input": list(graph.input_shape),
        "multiply_adds": sum(node.cost.multiply_adds for node in graph.nodes),
        "complete": graph.complete,
        "counters": [
            {
                "counter": each.count.counter,
                "version": each.count.version,
                "total": each.count.total,
                "failed": each.count.failed,
                "difference": each.difference,
                "terms": [{"term": term.name, "count": term.amount, "how": how(term)} for term in each.terms],
                "unexplained": each.unexplained,
            }
            for each in differences
        ],
    }
    if claim is not None:
        shown["claim"] = {
            "printed": claim.printed.text,
            "tried": claim.tried,
            "counter": f"printed: {claim.printed.text}",
            "conventions": [
                {"term": convention(way), "terms": list(way.terms), "count": way.count} for way in claim.ways
            ],
            "nearest": {
                "term": convention(claim.nearest),
                "terms": list(claim.nearest.terms),
                "count": claim.nearest.count,
            },
        }
    return shown
