"""Bands of stages, and where their names stand."""

from itertools import pairwise

from archlens.report.charts.stages import Band, bands, stages
from archlens.report.charts.theme import WIDTH
from tests.wiring import three_nodes


def test_by_hand() -> None:
    assert stages(three_nodes()) == (Band("input", 0, 1), Band("stem", 1, 3), Band("pool", 3, 4))


def test_names_do_not_overlap() -> None:
    found = [Band(f"stage{i}", i, i + 1) for i in range(40)]
    for chart in bands(found, 40)[1:]:
        places = [each["middle"] * WIDTH / 40 for each in next(iter(chart.to_dict()["datasets"].values()))]
        assert places == sorted(places)
        assert all(b - a >= 5.6 * 6 for a, b in pairwise(places))
