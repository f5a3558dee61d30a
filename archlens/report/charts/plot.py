"""The charts by their names: of networks, of what a device takes for them, of many beside each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING, Literal

from archlens.analyses import Row, analyse, rows_by_stage, totals
from archlens.devices import Device, estimate, told
from archlens.devices.estimate import Estimate
from archlens.errors import MissingDependencyError, UsageError, nearest
from archlens.graph import Graph
from archlens.report.metric import BY_KEY, DTYPES
from archlens.spec.accuracy import accuracy_of

if TYPE_CHECKING:
    from archlens.report.charts.front import Point
    from archlens.report.charts.theme import Chart

__all__ = ["KINDS", "Options", "check_kind", "plot", "plot_forecast", "plot_network"]

NETWORKS = {
    "layers": "a metric of every stage or layer",
    "memory": "memory access beside multiply-adds",
    "receptive-field": "how much is seen along the depth",
    "activations": "what is alive while it runs",
}
FORECASTS = {
    "roofline": "layers under a device's roof",
    "breakdown": "where the predicted time goes",
}
KINDS = {**NETWORKS, **FORECASTS, "pareto": "networks by two numbers, with the front"}
"""What can be drawn: of networks, of what a device takes for them, of many beside each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What may be asked of a chart.

    metric  of the bars of layers
    depth   1 for a bar a stage, 2 for a bar a block, and so on
    by      what a bar of a breakdown is: a stage or a kind of work
    dtype   what turns elements into bytes
    device  what times are predicted for
    x, y    the numbers of pareto
    force   predict what is too far from all that the device has run, too
    """

    metric: str = "multiply_adds"
    depth: int = 1
    by: Literal["stage", "work"] = "stage"
    dtype: str = "float32"
    device: Device | None = None
    x: str = "multiply_adds"
    y: str = ""
    force: bool = False


def check_kind(kind: str, device: object = None, option: str = "--kind") -> None:
    """Raise a UsageError for a kind that does not exist, and for one that lacks its device."""
    if kind not in KINDS:
        raise UsageError(f"{option} {kind} is not one of {', '.join(KINDS)}{nearest(kind, KINDS)}")
    if kind in FORECASTS and device is None:
        raise UsageError(f"{option} {kind} draws predicted times: it takes a device, --device NAME")


def installed() -> None:
    """Raise a MissingDependencyError without Altair."""
    if find_spec("altair") is None:
        raise MissingDependencyError("a chart needs Altair", extra="charts")


def plot(kind: str, graphs: Sequence[Graph], options: Options) -> "Chart":
    """The chart of one network, or those of several below each other on one scale.

    Raises a UsageError for what cannot be drawn, a DeviceError for what cannot be predicted.
    """
    check_kind(kind, options.device)
    installed()
    from archlens.report.charts.theme import stacked

    if kind == "pareto":
        return plot_pareto(graphs, options)
    if kind in FORECASTS and options.device is not None:
        from archlens.report.charts.forecast import Forecast

        found = [Forecast.of(graph, options.device, force=options.force) for graph in graphs]
        return stacked(
            [plot_forecast(kind, each.graph, each.estimate, each.about, options.by) for each in found],
            "x" if kind == "breakdown" else "",
        )
    charts = [
        plot_network(kind, graph, rows_by_stage(graph, options.depth), options.metric, options.dtype)
        for graph in graphs
    ]
    return stacked(charts, {"layers": "x", "memory": "x", "activations": "y"}.get(kind, ""))


def plot_network(
    kind: str, graph: Graph, rows: Sequence[Row], metric: str = "multiply_adds", dtype: str = "float32"
) -> "Chart":
    """A chart of one network. Raises a UsageError for a kind that is none."""
    installed()
    from archlens.report.charts.activations import activations
    from archlens.report.charts.layers import layers
    from archlens.report.charts.memory import memory
    from archlens.report.charts.receptive_field import receptive_field

    drawing = {
        "layers": partial(layers, graph, metric, rows=rows, dtype=dtype),
        "memory": partial(memory, graph, rows=rows),
        "receptive-field": partial(receptive_field, graph),
        "activations": partial(activations, graph, dtype),
    }
    if kind not in drawing:
        raise UsageError(f"{kind} is not one of {', '.join(drawing)}{nearest(kind, drawing)}")
    return drawing[kind]()


def plot_forecast(
    kind: str, graph: Graph, estimate: Estimate, about: tuple[str, ...], by: Literal["stage", "work"]
) -> "Chart":
    """A chart of what a device takes for one network. Raises a UsageError for a kind that is none."""
    installed()
    from archlens.report.charts.breakdown import breakdown
    from archlens.report.charts.forecast import Forecast
    from archlens.report.charts.roofline import roofline

    forecast = Forecast(graph, estimate, about)
    drawing = {"breakdown": partial(breakdown, forecast, by), "roofline": partial(roofline, forecast)}
    if kind not in drawing:
        raise UsageError(f"{kind} is not one of {', '.join(drawing)}{nearest(kind, drawing)}")
    return drawing[kind]()


def plot_pareto(graphs: Sequence[Graph], options: Options) -> "Chart":
    """The networks by two of their numbers: unless given, multiply-adds and the time, or memory access."""
    from archlens.report.charts.metrics import metric_named, quantity_of
    from archlens.report.charts.pareto import pareto
    from archlens.report.metric_name import LATENCY, TOP1

    timed = options.device is not None
    x = metric_named(options.x, "--x", timed=timed, many=True)
    y = metric_named(options.y or (LATENCY if timed else "memory_access"), "--y", timed=timed, many=True)
    about = told(options.device) if options.device is not None and LATENCY in (x, y) else ()
    if TOP1 in (x, y):
        about = (*about, "accuracy: as papers and releases print it, each network trained in its own way")
    points = [point(graph, x, y, options) for graph in graphs]
    return pareto(points, quantity_of(x), quantity_of(y), source=about)


def point(graph: Graph, x: str, y: str, options: Options) -> "Point":
    """A network at two of its numbers; 0, which has no place, where it has no such number."""
    from archlens.report.charts.front import Point
    from archlens.report.metric import number_of
    from archlens.report.metric_name import LATENCY, TOP1

    cost = totals(graph)
    numbers: dict[str, float] = {key: getattr(cost, key) for key in (x, y) if hasattr(cost, key)}
    if TOP1 in (x, y):
        printed = accuracy_of(graph.model, family=graph.family, input=graph.input_shape, params=cost.params)
        numbers[TOP1] = printed.top1 if printed else 0.0
    if missing := {x, y} - {LATENCY, *numbers}:
        whole, size = analyse(graph).whole, DTYPES[options.dtype]
        numbers |= {key: number_of(BY_KEY[key].value(whole, size)) or 0.0 for key in missing}
    ranges: dict[str, tuple[float, float] | None] = {}
    if LATENCY in (x, y) and options.device is not None:
        found = estimate(graph, options.device)
        numbers[LATENCY] = 0.0 if found.refused and not options.force else found.seconds
        ranges[LATENCY] = found.interval if graph.complete else None
    return Point(
        name=graph.model, x=numbers[x], y=numbers[y], group=graph.family, complete=graph.complete,
        x_range=ranges.get(x), y_range=ranges.get(y),
    )  # fmt: skip
