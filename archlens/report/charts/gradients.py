"""The effective receptive field: where the gradient is, beside what the analysis says."""

from typing import TYPE_CHECKING, Any

import altair as alt

from archlens.quantity import plural
from archlens.report.charts.theme import Chart, framed, rows_of, signature
from archlens.report.table import shape

if TYPE_CHECKING:
    from archlens.studies.effective_receptive_field import EffectiveField

__all__ = ["gradients"]

SIDE = 460
"""Pixels of the longer side."""
CELLS = 112
"""Cells along an axis, at most: of a larger map, neighbours are averaged."""
FARTHEST = 0.6
"""How far beyond the input the picture goes for a larger field, as a share of the input."""
MARGIN = 0.02
SOLID, DASHED = "#35d0ff", "#7ad151"
OVERLAP = 0.4
"""How far a cell reaches under the next one, as a share of itself, so that no seam is seen between them."""


def gradients(field: "EffectiveField") -> Chart:
    """The gradient as a heat map, with the 95 % square and the static field around it.

    The colour is the cube root of the gradient over its maximum.
    """
    (top, bottom), (left, right) = limits(field)
    margin = MARGIN * max(field.gradient.shape)
    down = alt.Scale(domain=[bottom + margin, top - margin], nice=False, zero=False)
    along = alt.Scale(domain=[left - margin, right + margin], nice=False, zero=False)
    across = alt.X("left:Q", scale=along, axis=alt.Axis(title="places of the input", grid=False))
    up = alt.Y("top:Q", scale=down, axis=alt.Axis(title=None, grid=False))
    colour = alt.Color(
        "gradient:Q",
        scale=alt.Scale(type="pow", exponent=1 / 3, domain=[0, 1], scheme="magma"),
        legend=alt.Legend(
            title=["mean |gradient|,", "of its maximum"],
            type="symbol",
            symbolType="square",
            symbolSize=160,
            values=[1, 0.3, 0.1, 0.03, 0.01, 0],
            format="~g",
        ),  # a bar of all colours would have another name in each picture: no two would be the same bytes
    )
    cells = (
        alt.Chart(rows_of(heat(field)))
        .mark_rect(stroke=None)
        .encode(x=across, x2="right:Q", y=up, y2="bottom:Q", color=colour)
    )
    scale = SIDE / max(bottom - top, right - left)
    layers = [cells, *(outline(each, across, up) for each in outlines(field))]
    chart = alt.layer(*layers).properties(width=scale * (right - left), height=scale * (bottom - top))
    size = "×".join(map(str, dict.fromkeys(field.static.size)))
    beyond = ", beyond the picture" if is_beyond(field) else ""
    return framed(
        chart,
        title=f"{field.model}: 95 % of what {field.node} sees lies within {field.side:g} places, its field "
        f"is {size}",
        subtitle=[
            f"solid: 95 % of the gradient; dashed: the receptive field{beyond}",
            f"mean of {plural(field.samples, 'random input')} of {shape(field.input)}, seed {field.seed}",
        ],
        source=signature(["measured by gradients in PyTorch: Luo et al., arXiv 1701.04128"]),
        width=SIDE,
    )


def heat(field: "EffectiveField") -> list[dict[str, Any]]:
    """A cell a place, or a mean over some places, as a share of the largest."""
    shown = field.gradient / field.gradient.max()
    step = -(-max(shown.shape) // CELLS)
    height, width = shown.shape
    return [
        {
            "left": x - 0.5, "right": min(x + (1 + OVERLAP) * step, width) - 0.5,
            "top": y - 0.5, "bottom": min(y + (1 + OVERLAP) * step, height) - 0.5,
            "gradient": round(float(shown[y : y + step, x : x + step].mean()), 5),
        }
        for y in range(0, height, step)
        for x in range(0, width, step)
    ]  # fmt: skip


def outlines(field: "EffectiveField") -> list[list[dict[str, Any]]]:
    """The sides of the 95 % square and of the static field, as far as they lie in the picture."""
    half, (y, x) = field.side / 2, field.centre
    found = [sides(field, (y - half, y + half), (x - half, x + half), SOLID)]
    if not is_beyond(field):
        down, along = zip(field.first, field.last, strict=True)
        found.append(sides(field, (down[0] - 0.5, down[1] + 0.5), (along[0] - 0.5, along[1] + 0.5), DASHED))
    return found


def sides(
    field: "EffectiveField", down: tuple[float, float], along: tuple[float, float], colour: str
) -> list[dict[str, Any]]:
    """The four sides of a rectangle, cut where the picture ends."""
    (top, bottom), (left, right) = limits(field)
    high, low = max(down[0], top), min(down[1], bottom)
    near, far = max(along[0], left), min(along[1], right)
    lying = [{"left": near, "right": far, "top": y, "bottom": y} for y in down if top <= y <= bottom]
    standing = [{"left": x, "right": x, "top": high, "bottom": low} for x in along if left <= x <= right]
    return [{**side, "colour": colour} for side in (*lying, *standing)]


def outline(found: list[dict[str, Any]], across: alt.X, up: alt.Y) -> Any:
    """The sides as lines."""
    dashed = any(side["colour"] == DASHED for side in found)
    return (
        alt.Chart(rows_of(found))
        .mark_rule(
            color=DASHED if dashed else SOLID, strokeWidth=1.8, strokeDash=[6, 4] if dashed else [1, 0]
        )
        .encode(x=across, x2="right:Q", y=up, y2="bottom:Q")
    )


def is_beyond(field: "EffectiveField") -> bool:
    """Whether the static field is so large that nothing of its outline can be shown."""
    lengths = zip(field.gradient.shape, field.first, field.last, strict=True)
    return all(-first > FARTHEST * n and last + 1 - n > FARTHEST * n for n, first, last in lengths)


def limits(field: "EffectiveField") -> list[tuple[float, float]]:
    """The input along each axis, and as much around it as the field needs and the picture bears."""
    found = []
    for length, first, last in zip(field.gradient.shape, field.first, field.last, strict=True):
        around = 0.0 if is_beyond(field) else FARTHEST * length
        found.append((max(min(first, 0), -around) - 0.5, min(max(last + 1, length), length + around) - 0.5))
    return found
