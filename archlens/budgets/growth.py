"""Figures held against those of a baseline."""

from collections.abc import Iterable

from archlens.budgets.baseline import Baseline
from archlens.budgets.config import Budget
from archlens.budgets.finding import Finding, Level, Measured, conditions, level_of, shown
from archlens.models.place import Place
from archlens.report.figure import FIGURES

__all__ = ["grown"]

ROUNDING = 1e-5
"""What the digits of a baseline leave open: it keeps six of them."""
ANEW = "`archlens check --update` takes it anew"


def grown(budget: Budget, network: Measured, baseline: Baseline | None, place: Place) -> Iterable[Finding]:
    """Figures that grew more than they may. Those that shrank are told, and never fail."""
    if not budget.growth:
        return
    if baseline is None or budget.name not in baseline.figures:
        yield _without_baseline(budget, baseline, place)
        return
    asked, now = baseline.asked[budget.name], conditions(budget)
    if differing := [key for key in {**asked, **now} if asked.get(key) != now.get(key)]:
        message = f"the baseline in {baseline.source} is of another {' and '.join(differing)}: {ANEW}"
        yield Finding(level_of(budget), "baseline", "", message, place)
        return
    for key in budget.growth:
        before = baseline.figures[budget.name].get(key)
        if key not in network.figures or before is None:
            message = f"{FIGURES[key].label} has no baseline in {baseline.source}: {ANEW}"
            yield Finding(level_of(budget), "baseline", key, message, place)
        else:
            yield from _compared(budget, key, before, network, baseline.source, place)


def _compared(
    budget: Budget, key: str, before: float, network: Measured, source: str, place: Place
) -> Iterable[Finding]:
    """What a figure is beside what it was."""
    figure, value, allowed = FIGURES[key], network.figures[key], budget.growth[key]
    was, now = figure.show(before), shown(figure, value, network)
    limit = before * (1 + allowed.value)
    if value > limit * (1 + ROUNDING):
        more = f" by {value / before - 1:.1%}" if before else ""
        message = (
            f"{figure.label} grew{more}, from {was} to {now}; {allowed.written} is allowed against {source}"
        )
        yield Finding(level_of(budget), "growth", key, message, place, value, limit)
    elif value < before * (1 - ROUNDING):
        message = f"{figure.label} shrank by {1 - value / before:.1%}, from {was} to {now}"
        yield Finding(Level.note, "growth", key, message, place, value, before)


def _without_baseline(budget: Budget, baseline: Baseline | None, place: Place) -> Finding:
    why = baseline.missing.get(budget.name) if baseline is not None else None
    if why:
        return Finding(Level.note, "baseline", "", f"nothing to compare with: {why}", place)
    message = "its growth is limited, and it has no baseline: `archlens check --update` takes one, to commit"
    return Finding(level_of(budget), "baseline", "", message, place)
