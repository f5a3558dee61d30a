"""Bars a row: what charts of the parts of a network have in common."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import altair as alt

__all__ = ["down", "height", "largest"]

Thing = TypeVar("Thing")

TALLEST = 1500
ROOMY, TIGHT = 22.0, 4.0
MOST = 300
"""Rows of a chart; of more, the largest are drawn."""


def largest(parts: Sequence[Thing], size: Callable[[Thing], float]) -> tuple[list[Thing], list[str]]:
    """The largest parts in their order, as many as a chart can show, and what to say of the others."""
    if len(parts) <= MOST:
        return [*parts], []
    kept = sorted(range(len(parts)), key=lambda i: -size(parts[i]))[:MOST]
    return [parts[i] for i in sorted(kept)], [f"the {MOST} largest of {len(parts)} parts"]


def height(rows: int, most: float = ROOMY) -> float:
    """Pixels of a row: fewer where there are many, so that a chart fits a page.

    >>> height(5), height(150)
    (22.0, 10.0)
    """
    return max(TIGHT, min(most, TALLEST / max(rows, 1)))


def down(field: str, order: list[str], step: float, **more: Any) -> alt.Y:
    """The axis of names, from the top in this order; names that would overlap are left out."""
    size = 11 if step >= 13 else max(7, int(step) - 2)
    return alt.Y(
        f"{field}:N",
        sort=order,
        scale=alt.Scale(domain=order, paddingInner=0.25 if step >= 10 else 0.1),
        axis=alt.Axis(
            title=None, labelOverlap="greedy", ticks=False, domain=False, labelFontSize=size, labelPadding=6
        ),
        **more,
    )
