"""What lint finds, as the page has it."""

import archlens
from archlens.report.page.findings import PLACES, lint_data
from archlens.studies.lint import lint


def test_findings_are_those_of_lint() -> None:
    graph = archlens.load("mobilenet_v2")
    expected = lint(graph)
    found = lint_data(graph)
    assert [each["saved"] for each in found["findings"]] == [each.saved for each in expected.findings]
    assert found["moved"] == expected.memory_access
    assert found["scores"] == expected.scores
    first = found["findings"][0]
    assert first["count"] == len(expected.findings[0].places)
    assert len(first["places"]) == min(PLACES, first["count"])
    assert first["places"][0][0] == expected.findings[0].worst.path
