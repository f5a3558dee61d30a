"""Predicted times beside what a profile or a comparison shows."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from archlens.graph import Graph
from archlens.passes.fold import absorbed
from archlens.report.comparison import Comparison
from archlens.report.prediction import Prediction
from archlens.report.profile import Profile
from archlens.report.table import AtLeast, Column, Shown, Table, seconds_shown

__all__ = ["beside_comparison", "beside_models", "beside_profile", "comparison_as_dict", "profile_as_dict"]


def row_times(profile: Profile, prediction: Prediction, graph: Graph, shown: Graph) -> list[float]:
    """Seconds of each row of a profile.

    graph  that the prediction is of
    shown  that the profile is of: the same, or the same folded, where a node that became a part of another
           takes its time along
    """
    homes = absorbed(graph) if shown is not graph else [None] * len(graph.nodes)
    spent: dict[str, float] = {}
    for position, (node, home) in enumerate(zip(graph.nodes, homes, strict=True)):
        name = node.name if home is None else graph.nodes[home].name
        spent[name] = spent.get(name, 0.0) + sum(prediction.estimate.parts([position]))
    return [sum(spent.get(shown.nodes[i].name, 0.0) for i in row.positions) for row in profile.rows]


def beside_profile(
    table: Table, profile: Profile, prediction: Prediction, graph: Graph, shown: Graph
) -> Table:
    """The table of a profile with a column of predicted times, and what is known about them below."""
    times = row_times(profile, prediction, graph, shown)
    column = Column("latency_s", "predicted\ntime", seconds_shown)
    cells = [
        seconds if row.complete else AtLeast(seconds)
        for row, seconds in zip(profile.rows, times, strict=True)
    ]
    totals = table.totals and (*table.totals, prediction.latency)
    return replace(
        table,
        columns=(*table.columns, column),
        rows=tuple((*row, cell) for row, cell in zip(table.rows, cells, strict=True)),
        totals=totals,
        footer=(*table.footer, *notes(prediction)),
    )


def notes(prediction: Prediction) -> tuple[str, ...]:
    """What to say about the predicted times of one network."""
    constant = prediction.estimate.constant
    headline, *others = prediction.notes()
    once = [f"predicted times add up to the total with {seconds_shown(constant)} that a batch takes once"]
    return (f"predicted: {headline}", *(once if constant else []), *others)


def profile_as_dict(profile: Profile, prediction: Prediction, graph: Graph, shown: Graph) -> dict[str, Any]:
    """A profile as JSON, each row with its predicted time, and the prediction beside it."""
    found = profile.as_dict()
    for row, seconds in zip(found["rows"], row_times(profile, prediction, graph, shown), strict=True):
        row["latency_s"] = seconds
    return {**found, "prediction": prediction.as_dict()}


def beside_comparison(table: Table, comparison: Comparison, predictions: Sequence[Prediction]) -> Table:
    """The table of a comparison with a row of predicted times, and what is known about them below.

    table  has a column a network, each but the baseline's with a ratio behind it
    """
    ratios = time_ratios(comparison, predictions)
    cells: list[Any] = ["latency_s", "predicted time"]
    for i, each in enumerate(predictions):
        cells.append(Shown(each.latency, seconds_shown))
        if i != comparison.baseline:
            cells.append(ratios[i])
    return replace(
        table,
        rows=(*table.rows, tuple(cells)),
        footer=(*table.footer, *notes_of_comparison(comparison, predictions)),
    )


def beside_models(table: Table, comparison: Comparison, predictions: Sequence[Prediction]) -> Table:
    """The table with a row a network and columns of predicted times; machines get the intervals as well."""
    made = (
        Column("latency_s", "predicted\ntime", seconds_shown),
        Column("low_s", "low", machine=True),
        Column("high_s", "high", machine=True),
        Column("latency_ratio", "latency ratio", machine=True),
        Column("device", "device", machine=True),
    )
    ratios = time_ratios(comparison, predictions)
    rows = []
    for row, each, over in zip(table.rows, predictions, ratios, strict=True):
        low, high = each.interval or (None, None)
        rows.append((*row, each.latency, low, high, over, each.estimate.device))
    footer = (*table.footer, *notes_of_comparison(comparison, predictions))
    return replace(table, columns=(*table.columns, *made), rows=tuple(rows), footer=footer)


def time_ratios(comparison: Comparison, predictions: Sequence[Prediction]) -> list[float | None]:
    """Each time over the baseline's; None where either is only known from below."""
    base = predictions[comparison.baseline]
    known = base.complete and base.estimate.seconds
    return [
        each.estimate.seconds / base.estimate.seconds if known and each.complete else None
        for each in predictions
    ]


def notes_of_comparison(comparison: Comparison, predictions: Sequence[Prediction]) -> tuple[str, ...]:
    """What is known about the predicted times of several networks."""
    said = [
        f"{label} on {each.estimate.device}: {each.notes()[0]}; most of it is {each.bound_by}"
        for label, each in zip(comparison.labels, predictions, strict=True)
    ]
    outside = [
        f"{label}, outside: {sentence}"
        for label, each in zip(comparison.labels, predictions, strict=True)
        for sentence in each.estimate.outside
    ]
    return (*said, *outside, *predictions[0].about)


def comparison_as_dict(comparison: Comparison, predictions: Sequence[Prediction]) -> dict[str, Any]:
    """A comparison as JSON with a prediction for each model."""
    found = comparison.as_dict()
    ratios = time_ratios(comparison, predictions)
    for model, each, over in zip(found["models"], predictions, ratios, strict=True):
        model |= {"latency_s": each.as_dict()["latency_s"], "latency_ratio": over}
    return {**found, "predictions": [each.as_dict() for each in predictions]}
