"""How tall charts of bars get."""

import pytest

from archlens.report.charts.bars import TALLEST, TIGHT, height


@pytest.mark.parametrize("rows", [1, 10, 100, 300])
def test_charts_fit_a_page(rows: int) -> None:
    assert TIGHT <= height(rows) <= 22
    assert rows * height(rows) <= TALLEST
