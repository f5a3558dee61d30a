"""Findings as people and machines read them."""

import csv
import io
import json

import archlens
from archlens.report.formats.renderer import Paper
from archlens.report.lint import LintReport, lint_as_dict, lint_result
from archlens.report.render import render
from archlens.studies.lint import KNOWN, lint
from archlens.studies.lint.timing import Timing
from tests.spec.written import network

UNEQUAL = "[{conv: {out: 8}}, {conv: {out: 32}}, {conv: {out: 8}}, {conv: {out: 4}}]"

WIDTH = 80


def lint_text(report: LintReport) -> str:
    return render(lint_result(report), paper=Paper(WIDTH))


def test_text_of_a_network_worked_by_hand() -> None:
    found = lint(network(UNEQUAL))
    lines = lint_text(LintReport(found, written={"conv2": "my.yaml:7"})).splitlines()
    at = next(at for at, line in enumerate(lines) if line.startswith("1. "))
    assert lines[at : at + 4] == [
        "1. G1 conv 1×1, channels 1:4: 2 places move 5.632k (77.9%)",
        "   give both sides as many channels; their neighbours have to take them: saves",
        "     1.024k (14.2%), at 1.00 times the multiply-adds",
        "   worst: conv2 (my.yaml:7): 8 → 32 channels at 8×8; instead 16 → 16 channels",
    ]


def test_a_measured_place() -> None:
    found = lint(network(UNEQUAL))
    timings = {0: Timing(0.003, 0.002, "faster", "the alternative is faster", whole=False, interrupted=False)}
    report = LintReport(found, timings=timings)
    expected = "measured there, with and without it: 3.000 ms and 2.000 ms; the alternative is faster"
    assert expected in " ".join(lint_text(report).split())
    assert expected in render(lint_result(report), "markdown")
    assert lint_as_dict(report)["findings"][0]["measured"]["saved_s"] == 0.003 - 0.002


def test_text_fits() -> None:
    for name in ("nasnet_a_mobile", "vgg16", "shufflenet_v1"):
        assert max(map(len, lint_text(LintReport(lint(archlens.load(name)))).splitlines())) <= WIDTH


def test_no_findings() -> None:
    text = lint_text(LintReport(lint(archlens.load("vgg16"))))
    assert text.endswith("\nno findings: nothing would save 0.5% of the memory access\n")
    assert "findings overlap" not in text


def test_a_known_network_has_one_row() -> None:
    text = lint_text(LintReport(lint(archlens.load("resnet50"))))
    rows = [line.split()[0] for line in text.splitlines() if line.split()[:1] and line.split()[0] in KNOWN]
    assert sorted(rows) == sorted(KNOWN)


def test_the_limit_and_the_guidelines() -> None:
    found = lint(archlens.load("shufflenet_v1"))
    report = LintReport(found, ("g1", "g2"), 1)
    assert len(report.all_findings) == 2
    assert "\n1 finding more: --limit 2 shows all\n" in lint_text(report)
    shown = lint_as_dict(report)
    assert [each["guideline"] for each in shown["findings"]] == ["g2"]
    assert (shown["not_shown"], [*shown["scores"]]) == (1, ["g1", "g2"])
    assert "G4" not in lint_text(report).split("\n1. ")[0].split("\n1: ")[0]


def test_json_has_every_place() -> None:
    shown = lint_as_dict(LintReport(lint(network(UNEQUAL)), written={"conv2": "my.yaml:7"}))
    (finding,) = shown["findings"]
    assert [place["path"] for place in finding["places"]] == ["conv2", "conv3"]
    assert [place["written"] for place in finding["places"]] == ["my.yaml:7", ""]
    assert finding["saved"] == sum(place["saved"] for place in finding["places"]) == 1024
    assert json.loads(json.dumps(shown)) == shown


def test_csv_has_a_row_a_place() -> None:
    report = LintReport(lint(network(UNEQUAL)), written={"conv2": "my.yaml:7"})
    rows = list(csv.DictReader(io.StringIO(render(lint_result(report), "csv"))))
    assert [(row["finding"], row["path"], row["written"]) for row in rows] == [
        ("1", "conv2", "my.yaml:7"), ("1", "conv3", ""),
    ]  # fmt: skip
    assert sum(int(row["saved"]) for row in rows) == 1024
    (finding,) = lint_as_dict(report)["findings"]
    assert set(rows[0]) - {"finding", "guideline", "subject", "advice"} == set(finding["places"][0])
