"""Measured times as tables: golden where people look, raw where machines do."""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import archlens
from archlens.latency.statistics.ratio import LatencyComparison, Ratio
from archlens.report import render_csv, render_text
from archlens.report.latency import (
    beside,
    beside_models,
    comparison_as_dict,
    comparison_rows,
    latencies_as_dict,
    latency_table,
    slower_threads,
)
from archlens.report.savings_times import saving_with_times
from archlens.report.table import Column, Shown, Table
from archlens.studies.guidelines.speed import of_comparison
from archlens.studies.lint.timing import time_worst
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


SECONDS = st.floats(1e-6, 1e3)


@st.composite
def comparisons(draw: st.DrawFn) -> LatencyComparison:
    """Networks whose medians by themselves say nothing about their ratios, as on a busy machine."""
    models = "abcd"[: draw(st.integers(2, 4))]
    baseline = draw(st.integers(0, len(models) - 1))
    measurements = tuple(measured(model, 1e3 * draw(SECONDS)) for model in models)
    ratios = tuple(
        Ratio(
            model=model,
            baseline=models[baseline],
            ratio=draw(st.floats(1e-2, 1e2)),
            interval=(1e-3, 1e3),
            strict=(1e-3, 1e3),
        )
        for place, model in enumerate(models)
        if place != baseline
    )
    return LatencyComparison(measurements=measurements, ratios=ratios, baseline=baseline)


def agree(seconds: Sequence[float], ratios: Sequence[float], baseline: int = 0) -> None:
    """Whether each time over the baseline's is the ratio beside it."""
    assert [each / seconds[baseline] for each in seconds] == pytest.approx([*ratios])


@given(comparisons())
def test_all_times_have_the_quotients_that_stand_beside_them(timed: LatencyComparison) -> None:
    """In `compare`, `savings`, `guidelines` and `lint`, in JSON, in CSV and in their tables."""
    place = timed.baseline
    told = [1.0 if each is None else each.ratio for each in by_place(timed)]
    rows = comparison_rows(timed)
    agree([each["latency_s"] for each in rows], told, place)
    assert [each["latency_ratio"] for each in rows] == told
    models = beside_models(
        Table((Column("model", "model"),), tuple((row,) for row in range(len(rows)))), timed
    )
    keys = [column.key for column in models.columns]
    columns = dict(zip(keys, zip(*models.rows, strict=True), strict=True))
    agree(columns["latency_s"], columns["latency_ratio"], place)
    cells = beside(Table((), ()), timed).rows[0][2:]
    shown = [each.value for each in cells if isinstance(each, Shown)]
    agree(shown, told, place)
    assert [each for each in cells if not isinstance(each, Shown)] == [each.ratio for each in timed.ratios]
    race = of_comparison(replace(timed, baseline=0))
    agree([each.seconds for each in race.speeds], [1.0, *(each.ratio for each in timed.ratios)])
    agree([1 / each.ratio for each in race.speeds], [1.0, *(each.ratio for each in timed.ratios)])
    saving = saving_with_times(Table((), ((),) * len(rows)), replace(timed, baseline=0))
    times, factors = zip(*saving.rows, strict=True)
    agree(times, [1.0, *(each.value for each in factors[1:])])
    pair = replace(timed, measurements=timed.measurements[:2], ratios=timed.ratios[:1], baseline=0)
    finding: Any = SimpleNamespace(worst=SimpleNamespace(pair=SimpleNamespace(now=0, instead=0, whole=True)))
    timing = time_worst(finding, lambda graphs: pair)
    assert timing is not None
    agree([timing.now, timing.instead], [1.0, pair.ratios[0].ratio])


def by_place(timed: LatencyComparison) -> list[Ratio | None]:
    """The ratios in the order of the networks, None for the baseline."""
    ratios: list[Ratio | None] = [*timed.ratios]
    ratios.insert(timed.baseline, None)
    return ratios


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
