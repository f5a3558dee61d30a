"""Where the time of networks goes, as a table: shares of the time beside shares of the work."""

from collections.abc import Sequence
from typing import Any

from archlens.latency.sampling.breakdown import Breakdown, By, Part
from archlens.latency.sampling.measurement import Measurement
from archlens.report.latency import doubts, how
from archlens.report.results import duration
from archlens.report.table import Column, Table, share

__all__ = ["breakdown_table"]

HEADINGS: dict[By, str] = {"work": "kind of work", "stage": "stage", "node": "node"}


def breakdown_table(
    breakdowns: Sequence[Breakdown], measurements: Sequence[Measurement], by: By = "work"
) -> Table:
    """A row a kind of work, a stage or a node, network by network, and one of what they do not explain."""
    columns = (
        Column("model", "model", right=False),
        Column("part", HEADINGS[by], right=False),
        Column("nodes", "nodes", priority=2),
        Column("seconds", "time", duration),
        Column("time_share", "%", share, follows=True),
        Column("multiply_adds_share", "multiply-\nadds %", share, priority=1),
        Column("memory_access_share", "memory\naccess %", share, priority=1),
    )
    rows = [
        (each.model if position == 0 else "", *_cells(each, part))
        for each in breakdowns
        for position, part in enumerate(each.parts(by))
    ]
    footer = [_sum(each) for each in breakdowns]
    footer.append("times are means over the faster half of the runs, network and nodes in turns")
    footer += [*doubts(measurements), *dict.fromkeys(str(each.machine) for each in measurements)]
    return Table(
        columns, tuple(rows), title=f"where the time goes: {how(measurements)}", footer=tuple(footer)
    )


def _cells(whole: Breakdown, part: Part) -> tuple[Any, ...]:
    shares = (
        (part.cost.multiply_adds, whole.totals.multiply_adds),
        (part.cost.memory_access, whole.totals.memory_access),
    )
    work = [some / every if part.nodes and every else None for some, every in shares]
    return (part.name, part.nodes or None, part.seconds, part.seconds / whole.seconds, *work)


def _sum(each: Breakdown) -> str:
    """How the parts add up."""
    explained = 100 * (1 - each.rest / each.seconds)
    doubt = "" if each.adds_up else ": they do not add up, so something disturbed them"
    return f"{each.model}: {duration(each.seconds)}; its nodes one by one come to {explained:.0f} %{doubt}"
