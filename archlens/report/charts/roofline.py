"""The layers of a network under the roof of a device."""

from typing import Any

import altair as alt

from archlens.devices.estimate import PARTS, binding
from archlens.errors import UsageError
from archlens.quantity import human
from archlens.report.charts.breakdown import COLOUR_OF
from archlens.report.charts.forecast import Forecast
from archlens.report.charts.quantity import Quantity
from archlens.report.charts.theme import INK, WIDTH, Chart, framed, rows_of, signature
from archlens.report.table import shape

__all__ = ["roofline"]

HEIGHT = 380
INTENSITY = Quantity("intensity", "multiply-adds a byte")
SPEED = Quantity("speed", "multiply-adds a second")
SHAPE_OF = dict(zip(PARTS, ("circle", "square", "diamond", "triangle-up"), strict=True))


def roofline(forecast: Forecast) -> Chart:
    """A dot a convolution, linear layer or product: its multiply-adds a byte, and a second, as predicted.

    speed ≤ min(highest speed, intensity · bandwidth)

    Williams, Waterman and Patterson, "Roofline", CACM 52 (2009). The roof is that of the data sheet, or of
    the middle kind of work of a profile, whose faster kinds lie above it. Hollow is what was never seen.

    Raises a UsageError for a network without such layers.
    """
    rows = layers(forecast)
    if not rows:
        raise UsageError(
            f"{forecast.graph.model} has no layer that multiplies: there is nothing under a roof"
        )
    roof = forecast.estimate.roof
    ridge = [roof[0] / roof[1]] if roof else []
    x_domain = INTENSITY.domain([*(row["intensity"] for row in rows), *ridge])
    y_domain = SPEED.domain([*(row["speed"] for row in rows), *([roof[0]] if roof else [])])
    across = alt.X("intensity:Q", scale=INTENSITY.scale(x_domain), axis=INTENSITY.axis(x_domain))
    up = alt.Y("speed:Q", scale=SPEED.scale(y_domain), axis=SPEED.axis(y_domain))
    names = [*COLOUR_OF]
    legend = alt.Legend(title="bound by", symbolOpacity=1)
    scale = alt.Scale(domain=names, range=[*COLOUR_OF.values()])
    dots = (
        alt.Chart(rows_of(rows))
        .mark_point(strokeWidth=1.2)
        .encode(
            x=across, y=up,
            color=alt.Color("bound_by:N", scale=scale, legend=legend),
            fill=alt.Fill("bound_by:N", scale=scale, legend=legend),
            shape=alt.Shape(
                "bound_by:N", scale=alt.Scale(domain=names, range=[*SHAPE_OF.values()]), legend=legend
            ),
            fillOpacity=alt.condition("datum.seen", alt.value(0.5), alt.value(0)),
            size=alt.Size(
                "share:Q",
                scale=alt.Scale(domain=[0, max(row["share"] for row in rows)], range=[18, 420]),
                legend=alt.Legend(title="of the time", format=".1~%", symbolFillColor="transparent"),
            ),
            tooltip=["layer:N", "bound_by:N", *(alt.Tooltip(f"{key}:Q", format=".3~s")
                     for key in ("intensity", "speed", "seconds", "share"))],
        )
    )  # fmt: skip
    about = forecast.about
    return framed(
        alt.layer(*roofs(roof, x_domain, y_domain, across, up), dots).properties(width=WIDTH, height=HEIGHT),
        title=forecast.headline,
        subtitle=[
            told(forecast, rows),
            *under(forecast),
            f"a dot a layer that multiplies, at its predicted speed; batch {forecast.estimate.batch}, "
            f"input {shape(forecast.graph.input_shape)}",
            *(line.replace("hatched", "hollow") for line in forecast.outside),
        ],
        source=signature(about),
    )


def layers(forecast: Forecast) -> list[dict[str, Any]]:
    """The layers that multiply and take time."""
    found, whole = forecast.estimate, forecast.estimate.seconds
    rows = []
    for position, node in enumerate(forecast.graph.nodes):
        times = found.parts([position])
        seconds, moved = sum(times), node.cost.memory_access * found.itemsize
        if node.cost.multiply_adds and seconds and moved:
            rows.append(
                {
                    "layer": node.name, "intensity": node.cost.multiply_adds / moved,
                    "speed": node.cost.multiply_adds / seconds, "seconds": seconds, "share": seconds / whole,
                    "bound_by": binding(times), "seen": position not in found.unseen,
                }
            )  # fmt: skip
    return rows


def told(forecast: Forecast, rows: list[dict[str, Any]]) -> str:
    """How much of the time is left of the ridge, and what layers that multiply take in all."""
    share = sum(row["share"] for row in rows)
    ridge = forecast.estimate.ridge
    if ridge is None:
        return f"layers that multiply take {100 * share:.0f} % of the time"
    left = sum(row["share"] for row in rows if row["intensity"] < ridge)
    return (
        f"layers that multiply take {100 * share:.0f} % of the time, {100 * left:.0f} % left of the ridge at "
        f"{INTENSITY.shown(float(f'{ridge:.3g}'))} multiply-adds a byte"
    )


def under(forecast: Forecast) -> list[str]:
    """The line below the chart: what the roof stands for."""
    found = forecast.estimate
    if found.roof is None:
        return []
    kinds = "" if found.overlaps else "; of the middle kind of work: faster kinds lie above it"
    return [
        f"roof: {SPEED.shown(found.roof[0])} multiply-adds and {human(found.roof[1], 'B')} a second{kinds}"
    ]


def roofs(
    roof: tuple[float, float] | None, x_domain: tuple[float, float], y_domain: tuple[float, float],
    across: alt.X, up: alt.Y,
) -> list[alt.Chart]:  # fmt: skip
    """The roof: a slope of the bandwidth, then the highest speed."""
    if roof is None:
        return []
    speed, bandwidth = roof
    ridge = speed / bandwidth
    start = max(x_domain[0], y_domain[0] / bandwidth)
    line = [
        {"intensity": start, "speed": start * bandwidth},
        {"intensity": ridge, "speed": speed},
        {"intensity": x_domain[1], "speed": speed},
    ]
    return [alt.Chart(rows_of(line)).mark_line(color=INK, strokeWidth=1.6).encode(x=across, y=up)]
