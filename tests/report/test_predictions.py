"""Several networks on one device, a row each."""

import pytest

from archlens.report.prediction import predict
from archlens.report.predictions import predictions_table
from archlens.report.render import render_csv, render_text
from tests.report.test_prediction import SHEET
from tests.wiring import incomplete, three_nodes


def test_a_lower_bound_is_told_as_one() -> None:
    both = render_text(
        predictions_table([predict(network, SHEET) for network in (incomplete(), three_nodes())])
    ).splitlines()
    assert both[5].split()[:4] == ["wired", "2×4×4", "≥6.360", "µs"]
    assert any(line.startswith("≥ is a lower bound: wired has 1 operator") for line in both)


def test_several_networks_and_csv() -> None:
    table = predictions_table([predict(three_nodes(), SHEET)] * 2)
    header, first, second = render_csv(table).splitlines()
    assert header.startswith("model,input,batch,latency_s,low_s,high_s,images_per_second,bound_by")
    assert first == second
    assert float(first.split(",")[3]) == pytest.approx(11.24e-6)
