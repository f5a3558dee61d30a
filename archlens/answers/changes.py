"""What changed between two networks, and whether networks keep to their budgets, from Python."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from archlens.answers.network import Network, graph_of
from archlens.graph import Graph
from archlens.report.answer import Answer
from archlens.report.result import Result

if TYPE_CHECKING:
    from archlens.budgets.check import Check
    from archlens.budgets.config import Budget
    from archlens.budgets.difference import Difference

__all__ = ["check", "diff"]


def diff(before: Network, after: Network, *, device: str | None = None) -> "Answer[Difference]":
    """What changed between two networks, layer by layer, and what each change costs.

    device  one whose predicted time is told, too

    >>> diff("resnet18", "resnet34").found.empty
    False
    """
    from archlens.budgets.difference import diff as make_difference
    from archlens.budgets.rows import difference_table
    from archlens.devices import find

    both = graph_of(before), graph_of(after)
    found = make_difference(*both, device=find(device) if device else None)
    shown = Result.of(lambda: difference_table(found), found.as_dict)
    return Answer(found, shown, f"{both[0].model} → {both[1].model}")


def check(config: str | Path | None = None, *names: str) -> "Answer[tuple[Check, ...]]":
    """Networks held against their budgets, and against the baseline that is committed.

    config  archlens.toml, or a pyproject.toml with [tool.archlens]; the nearest one unless given
    names   only these budgets

    Raises a UsageError for a configuration that cannot be read.
    """
    from dataclasses import replace

    from archlens.budgets.baseline import read_baseline
    from archlens.budgets.check import check as make_check
    from archlens.budgets.config import budgets_named, find_config, read_config
    from archlens.budgets.report import checks_as_list, checks_table
    from archlens.spec.reference import anchored

    def load(budget: "Budget", folder: Path) -> Graph:
        return graph_of(anchored(budget.model, folder), budget.input, budget.batch)

    read = read_config(Path(config or os.path.relpath(find_config(Path.cwd()))))
    read = replace(read, budgets=budgets_named(read, names))
    found = make_check(read, load, read_baseline(read.baseline))
    return Answer(
        found, Result.of(lambda: checks_table(found), lambda: checks_as_list(found)), "networks and budgets"
    )
