"""Checks as people read them: a row a limit, and a line a finding."""

from collections.abc import Iterable, Sequence
from typing import Any

from archlens.budgets.check import Check
from archlens.budgets.finding import Finding, Level
from archlens.quantity import plural
from archlens.report.figure import FIGURES
from archlens.report.table import Column, Shown, Table, share, text

__all__ = ["checks_as_list", "checks_table"]

VERDICTS = {Level.error: "✗ broken", Level.warning: "! warning", None: "✓"}


def checks_table(checks: Sequence[Check]) -> Table:
    """Every limit of every network with what it is held against, and below, what there is to say."""
    broken = sum(check.failed for check in checks)
    columns = (
        Column("budget", "", text, right=False),
        Column("figure", "", text, right=False),
        Column("value", "is"),
        Column("limit", "may be"),
        Column("used", "used", share, priority=1),
        Column("verdict", "", text, right=False),
    )
    said = (
        f"{finding.level} {finding.place}: {finding.message}"
        for check in checks
        for finding in check.findings
    )
    summary = (
        f"{plural(len(checks), 'budget')}, {broken} broken"
        if broken
        else f"{plural(len(checks), 'budget')} kept"
    )
    rows = tuple(row for check in checks for row in _rows(check))
    return Table(columns, rows, None, "", (*said, summary))


def score_shown(value: Any) -> str:
    """The score of a guideline."""
    return "" if value is None else f"{value:.3g}"


def _rows(check: Check) -> Iterable[tuple[Any, ...]]:
    """A row a limit; one for a network that could not be loaded."""
    name = check.budget.name
    if not check.figures:
        yield name, "", "", "", None, VERDICTS[check.findings[0].level]
        return
    for key, limit in check.budget.limits.items():
        figure, value = FIGURES[key], check.figures.get(key)
        shown = Shown(value, figure.shown)
        used = value / limit.value if value is not None and limit.value else None
        yield name, figure.label, shown, limit.written, used, _verdict(check, "max", key)
    for key, allowed in check.budget.growth.items():
        figure = FIGURES[key]
        value = check.figures.get(key)
        shown = Shown(value, figure.shown)
        yield (
            name,
            f"{figure.label}, grown",
            shown,
            f"+{allowed.written}",
            None,
            _verdict(check, "growth", key),
        )
    for guideline, score in check.budget.guidelines.items():
        found = check.scores.get(guideline)
        shown = Shown(found, score_shown)
        yield (
            name,
            f"guideline {guideline}",
            shown,
            f"{score:g}",
            None,
            _verdict(check, "guidelines", guideline),
        )


def _verdict(check: Check, rule: str, figure: str) -> str:
    """What became of one limit. Where there is no baseline, no growth was held against anything."""
    levels = [finding.level for finding in check.findings if _is_about(finding, rule, figure)]
    if Level.error in levels:
        return VERDICTS[Level.error]
    return VERDICTS[Level.warning] if Level.warning in levels else VERDICTS[None]


def _is_about(finding: Finding, rule: str, figure: str) -> bool:
    if rule == "growth" and finding.rule == "baseline":
        return finding.figure in ("", figure)
    return (finding.rule, finding.figure) == (rule, figure)


def checks_as_list(checks: Sequence[Check]) -> list[dict[str, Any]]:
    """The checks as `--format json` prints them."""
    return [
        {
            "name": check.budget.name,
            "model": check.budget.model,
            "failed": check.failed,
            "figures": dict(check.figures),
            "scores": dict(check.scores),
            "findings": [
                {
                    "level": str(finding.level), "rule": finding.rule, "figure": finding.figure,
                    "message": finding.message, "file": finding.place.file, "line": finding.place.line,
                    "value": finding.value, "limit": finding.limit,
                }
                for finding in check.findings
            ],
        }
        for check in checks
    ]  # fmt: skip
