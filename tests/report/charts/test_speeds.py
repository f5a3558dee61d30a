"""Speeds against costs: every network of the table, with the correlations that the table prints."""

from pathlib import Path

import pytest

from archlens.report.charts.speeds import FAMILIES, family, speeds
from archlens.studies.guidelines.table8 import PRINTED, Printed, networks
from tests.report.charts.drawn import datasets, head, stable


def test_every_network_is_a_dot_in_both_panels() -> None:
    found = networks()
    chart = speeds(found)
    drawn = [row for table in datasets(chart) for row in table]
    assert [each["network"] for each in drawn] == 2 * [network.printed.name for network in found]
    assert [each["speed"] for each in drawn] == 2 * [each.gpu for each in PRINTED]
    costs = [each["cost"] for each in drawn]
    assert costs[: len(found)] == [network.cost.multiply_adds for network in found]
    assert costs[len(found) :] == [network.cost.memory_access for network in found]
    assert stable(chart)


def test_the_title_has_the_correlations_of_the_table() -> None:
    """−0.73 and −0.97: those that `archlens guidelines table8` prints, and the issue that asked for it."""
    said = str(head(speeds(networks())))
    assert "−0.97" in said
    assert "−0.73" in said


@pytest.mark.parametrize("printed", PRINTED, ids=lambda each: each.name)
def test_every_network_has_a_family(printed: Printed) -> None:
    assert family(printed.name) in FAMILIES


def test_the_picture_of_the_readme_is_this_one() -> None:
    """`archlens guidelines table8 --no-measure --plot docs/images/table8.svg` writes it anew."""
    image = Path(__file__).parents[3] / "docs" / "images" / "table8.svg"
    shown = image.read_text(encoding="utf-8")
    assert "−0.97" in shown
    assert "−0.73" in shown
    assert shown.count("aria-label") == stable(speeds(networks())).count("aria-label")
