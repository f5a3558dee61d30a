"""What alternatives would save on a device, held against the sums of the networks that they stand for."""

import pytest

import archlens
from archlens.devices import find
from archlens.report.lint import LintReport, lint_as_dict, lint_result
from archlens.report.prediction import predict
from archlens.report.render import render
from archlens.studies.lint import lint
from archlens.studies.lint.predicted import predicted_savings

SHEET = '{"name": "some", "tflops": 1, "bandwidth": "10 GB/s"}'


def test_savings_are_those_of_all_places() -> None:
    graph = archlens.load("mobilenet_v2")
    found = lint(graph)
    savings = predicted_savings(graph, found.findings, find(SHEET))
    number, saving = next(iter(savings.items()))
    pairs = [place.pair for place in found.findings[number].places if place.pair]
    assert saving.now == pytest.approx(sum(predict(pair.now, SHEET).estimate.seconds for pair in pairs))
    assert saving.instead == pytest.approx(sum(predict(p.instead, SHEET).estimate.seconds for p in pairs))
    assert saving.network == predict(graph, SHEET).estimate.seconds
    assert saving.saved == saving.now - saving.instead


def test_they_are_shown_and_printed_as_json() -> None:
    graph = archlens.load("mobilenet_v2")
    found = lint(graph)
    report = LintReport(found, predicted=predicted_savings(graph, found.findings, find(SHEET)))
    assert "predicted on some: " in render(lint_result(report))
    shown = lint_as_dict(report)["findings"][0]["predicted"]
    assert shown["device"] == "some"
    assert shown["saved_s"] == pytest.approx(shown["now_s"] - shown["instead_s"])
