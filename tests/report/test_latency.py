"""Measured times as tables: golden where people look, raw where machines do."""

import csv
import io
from collections.abc import Callable

import archlens
from archlens.report import render_csv, render_text
from archlens.report.latency import beside, latencies_as_dict, latency_table
from tests.report.measured import comparison, measured

Golden = Callable[[str, str], None]

TWO = (
    measured("resnet50", 41.2),
    measured("lenet5", 0.3, "drift: times got 5 % longer", "load: others were busy", complete=False),
)


def test_golden(golden: Golden) -> None:
    golden("latency.txt", render_text(latency_table(TWO)))


def test_golden_in_a_narrow_terminal(golden: Golden) -> None:
    text = render_text(latency_table(TWO), width=80)
    assert max(map(len, text.splitlines())) <= 80
    assert "unreliable: drift, load" in text
    golden("latency_80_columns.txt", text)


def test_csv_is_raw() -> None:
    first, second = csv.DictReader(io.StringIO(render_csv(latency_table(TWO))))
    assert float(first["median_s"]) == 0.0412
    assert float(first["low_s"]) <= 0.0412 <= float(first["high_s"])
    assert (first["samples"], first["batch"], first["dtype"], first["fused"]) == (
        "11",
        "1",
        "float32",
        "false",
    )
    assert first["warnings"] == ""
    assert second["warnings"] == "drift: times got 5 % longer; load: others were busy"
    assert float(second["gflops_per_second"]) == 2 * 4 / 0.0003


def test_an_interruption_is_told() -> None:
    table = latency_table([measured("resnet50", 41, interrupted=True, peak_memory=None)])
    assert "resnet50 was interrupted after 11 samples" in table.footer


def test_nothing_measured() -> None:
    assert latency_table([]).rows == ()


def test_beside_a_comparison(golden: Golden) -> None:
    costs = archlens.compare(archlens.load("resnet18"), archlens.load("resnet50"))
    table = beside(costs.table(["params", "multiply_adds"]), comparison())
    golden("compare_latency.txt", render_text(table))
    rows = {row["metric"]: row for row in csv.DictReader(io.StringIO(render_csv(table)))}
    assert rows["latency_s"]["resnet50"] == "0.041"
    assert rows["latency_s"]["resnet50 ratio"] == "2.3"


def test_json_of_a_comparison() -> None:
    shown = latencies_as_dict(comparison())
    assert [each["model"] for each in shown["latencies"]] == ["resnet18", "resnet50"]
    assert shown["ratios"] == [
        {
            "model": "resnet50",
            "baseline": "resnet18",
            "ratio": 2.3,
            "interval": [2.2, 2.4],
            "verdict": "slower",
        }
    ]
