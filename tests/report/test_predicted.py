"""Predicted times beside a profile and a comparison, on a device that is worked out by hand."""

import pytest

from archlens.passes import fold
from archlens.report.comparison import compare
from archlens.report.predicted import (
    beside_comparison,
    beside_profile,
    comparison_as_dict,
    profile_as_dict,
)
from archlens.report.prediction import predict
from archlens.report.profile import profile
from archlens.report.render import render_csv, render_text
from tests.wiring import incomplete, three_nodes

SHEET = '{"name": "some", "tflops": 0.001728, "bandwidth": "0.1 GB/s", "launch": "1 us"}'
"""As in test_prediction.py: 5.36 µs for the convolution, 3.84 for the ReLU, 2.04 for the pool."""


def test_a_column_of_a_profile() -> None:
    graph = three_nodes()
    found, prediction = profile(graph), predict(graph, SHEET)
    text = render_text(beside_profile(found.table(["params"]), found, prediction, graph, graph))
    lines = text.splitlines()
    assert lines[5].split() == ["stem", "3×4×4", "54", "9.200", "µs"]
    assert lines[6].split() == ["pool", "3", "0", "2.040", "µs"]
    assert lines[8].split()[-2:] == ["11.24", "µs"]
    assert any(line.startswith("predicted: 11.24 µs a batch") for line in lines)
    shown = profile_as_dict(found, prediction, graph, graph)
    assert [row["latency_s"] for row in shown["rows"]] == pytest.approx([9.2e-6, 2.04e-6])
    assert shown["prediction"] == prediction.as_dict()


def test_what_is_folded_away_takes_its_time_along() -> None:
    graph = three_nodes()
    folded = fold(graph)
    assert len(folded.nodes) == len(graph.nodes) - 1
    found = profile(folded, by="work")
    shown = profile_as_dict(found, predict(graph, SHEET), graph, folded)
    assert {row["name"]: row["latency_s"] for row in shown["rows"]} == pytest.approx(
        {"convolution": 9.2e-6, "pooling": 2.04e-6}
    )


def test_rows_that_are_not_complete_are_lower_bounds() -> None:
    graph = incomplete()
    found = profile(graph)
    lines = render_text(
        beside_profile(found.table(["params"]), found, predict(graph, SHEET), graph, graph)
    ).splitlines()
    assert lines[6].split()[-2:] == ["≥1.000", "µs"]
    assert lines[8].split()[-2:] == ["≥6.360", "µs"]


def test_a_row_of_a_comparison() -> None:
    graphs = three_nodes(), three_nodes(), incomplete()
    predictions = [predict(graph, SHEET) for graph in graphs]
    both = compare(*graphs)
    table = beside_comparison(both.table(["params"]), both, predictions)
    assert render_csv(table).splitlines()[-1].split(",")[0] == "latency_s"
    lines = render_text(table).splitlines()
    (row,) = [line.split() for line in lines if line.startswith("predicted time")]
    assert row == ["predicted", "time", "11.24", "µs", "11.24", "µs", "1.00×", "≥6.360", "µs"]
    assert any("most of it is memory" in line for line in lines)
    assert len(comparison_as_dict(both, predictions)["predictions"]) == 3
