"""What lint finds in networks, as the page shows it."""

from typing import Any

from archlens.graph import Graph
from archlens.studies.lint import GUIDELINES
from archlens.studies.lint.finding import Finding
from archlens.studies.lint.lint import lint

__all__ = ["GUIDELINES", "lint_data"]

PLACES = 6
"""Of a finding, those that would save most: as many are listed with what could stand there."""


def lint_data(graph: Graph) -> dict[str, Any]:
    """The scores of a network and its findings, those that would save most first.

    moved  elements that the folded network moves, which findings save a share of
    """
    found = lint(graph)
    return {
        "scores": dict(found.scores),
        "moved": found.memory_access,
        "findings": [_finding(finding) for finding in found.findings],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "guideline": finding.guideline,
        "subject": finding.subject,
        "advice": finding.advice,
        "saved": finding.saved,
        "kernels": finding.kernels,
        "count": len(finding.places),
        "places": [[place.path, place.now, place.instead, place.saved] for place in finding.places[:PLACES]],
    }
