"""The run time of networks by classes of operators, beside their share of the work, as a table."""

from collections.abc import Sequence
from typing import Any

from archlens.quantity import duration
from archlens.report.table import Column, Table, share
from archlens.studies.guidelines.decomposition import Decomposition

__all__ = ["decomposition_as_dict", "decomposition_table"]

REST = "framework and rest"
TOLERANCE = 0.1
"""The share of the time that may be in no operator, or in operators twice."""


def decomposition_table(found: Sequence[Decomposition], where: Sequence[str] = ()) -> Table:
    """A row a class of operators, network by network: its share of the work, and of the time, if measured.

    where  the device and how the networks ran on it, then the machine
    """
    measured = any(each.seconds is not None for each in found)
    columns = (
        Column("network", "network", right=False),
        Column("operators", "operators", right=False),
        Column("nodes", "nodes"),
        Column("multiply_adds_share", "multiply-\nadds", share),
        Column("memory_access_share", "memory\naccess", share),
        *((Column("seconds", "time", duration), Column("time_share", "%", share)) if measured else ()),
    )
    rows = [
        (each.model if place == 0 else "", *(values[column.key] for column in columns[1:]))
        for each in found
        for place, values in enumerate(_rows(each))
    ]
    footer = [
        "element-wise: activations, sums, products, normalisations; data: concatenations, shuffles, copies"
    ]
    footer += [
        f"{each.model}: its operators one by one take {1 - each.rest / each.seconds:.0%} of its time; "
        "something disturbed them"
        for each in found
        if each.seconds and each.rest is not None and abs(each.rest) > TOLERANCE * each.seconds
    ]
    footer += where[1:]
    return Table(
        columns,
        tuple(rows),
        title=f"Figure 2: operators of two networks{f'; {where[0]}' if where else ''}",
        footer=tuple(footer),
    )


def decomposition_as_dict(found: Sequence[Decomposition], where: Sequence[str] = ()) -> dict[str, Any]:
    """The decompositions as `--format json` prints them."""
    return {
        "source": "arXiv 1807.11164, Figure 2",
        "networks": [
            {"model": each.model, "seconds": each.seconds, "operators": _rows(each)} for each in found
        ],
        "measured": list(where),
    }


def _rows(each: Decomposition) -> list[dict[str, Any]]:
    """A mapping a class, and one of the time that is in none."""
    rows = [
        {
            "operators": part.name,
            "nodes": part.nodes,
            "multiply_adds_share": part.cost.multiply_adds / each.cost.multiply_adds,
            "memory_access_share": part.cost.memory_access / each.cost.memory_access,
            "seconds": part.seconds,
            "time_share": None if each.seconds is None else (part.seconds or 0.0) / each.seconds,
        }
        for part in each.parts
    ]
    if each.seconds is not None and each.rest is not None:
        rows.append({
            "operators": REST,
            "nodes": None,
            "multiply_adds_share": None,
            "memory_access_share": None,
            "seconds": each.rest,
            "time_share": each.rest / each.seconds,
        })  # fmt: skip
    return rows
