"""Measured times as tables: golden where people look, raw where machines do."""

import csv
import io
from collections.abc import Callable
from dataclasses import replace

import pytest

import archlens
from archlens.latency.statistics.ratio import Ratio
from archlens.report import render_csv, render_text
from archlens.report.latency import (
    beside,
    beside_models,
    comparison_as_dict,
    latencies_as_dict,
    latency_table,
    slower_threads,
)
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
    assert rows["latency_s"]["resnet50"] == str(0.018 * 2.3)
    assert rows["latency_s"]["resnet50 ratio"] == "2.3"


def test_times_have_the_quotient_that_is_printed() -> None:
    """On a busy machine the medians may have another: 41 / 18 is 2.28, and side by side it was 3.0."""
    ratio = Ratio(model="resnet50", baseline="resnet18", ratio=3.0, interval=(2.2, 3.4), strict=(2.1, 3.5))
    busy = comparison(ratio)
    assert busy.times == (0.018, 0.018 * 3.0)
    costs = archlens.compare(archlens.load("resnet18"), archlens.load("resnet50"))
    shown = render_text(beside(costs.table(["params"]), busy))
    assert "18.00 ms   54.00 ms  3.00×" in shown
    assert "by themselves, at other moments: resnet50 41.00 ms" in shown
    rows = list(csv.DictReader(io.StringIO(render_csv(beside_models(costs.models_table(["params"]), busy)))))
    first, second = (float(row["latency_s"]) for row in rows)
    assert second / first == pytest.approx(float(rows[1]["latency_ratio"]))
    models = comparison_as_dict(costs.as_dict(), busy)["models"]
    assert models[1]["latency_s"] / models[0]["latency_s"] == pytest.approx(models[1]["latency_ratio"])


def test_more_threads_that_are_slower_are_told() -> None:
    quick = replace(measured("lenet5", 58), one_thread=0.0004)
    assert slower_threads([quick]) == ["lenet5 is slower at 2 threads than at one (400.0 µs): --threads 1"]
    assert slower_threads([measured("lenet5", 58), replace(measured("lenet5", 58), one_thread=0.06)]) == []


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
