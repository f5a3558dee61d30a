"""Measured times beside what building blocks save."""

from dataclasses import replace

from archlens.latency.statistics.ratio import LatencyComparison, Ratio
from archlens.report.render import render_text
from archlens.report.savings import savings_as_dict, savings_table
from archlens.report.savings_times import savings_as_dict_with_times, savings_with_times
from archlens.studies.savings.entry import find_entry
from archlens.studies.savings.result import compute
from tests.report.measured import measured

SAVINGS = tuple(compute(find_entry(name)) for name in ("bottleneck", "fire", "vgg_head"))


def comparison(ratio: float, low: float, high: float, *warnings: str) -> LatencyComparison:
    """Two networks of 18 ms and of so many times that."""
    over = Ratio(model="after", baseline="before", ratio=ratio, interval=(low, high), strict=(low, high))
    return LatencyComparison(
        measurements=(measured("before", 18), measured("after", 18 * ratio, *warnings)),
        ratios=(over,),
        baseline=0,
    )


def with_another(found: LatencyComparison) -> LatencyComparison:
    """A third network, as long as the second."""
    return replace(
        found,
        measurements=(*found.measurements, found.measurements[1]),
        ratios=(*found.ratios, found.ratios[0]),
    )


TIMED = {
    "bottleneck": with_another(comparison(0.25, 0.24, 0.26)),
    "fire": comparison(1.25, 0.9, 1.3, "load: others were busy"),
}


def test_the_list_says_what_was_not_shown() -> None:
    shown = render_text(savings_with_times(savings_table(SAVINGS), TIMED))
    rows = [line.split() for line in shown.splitlines()]
    assert rows[3][-1] == "0.25×"
    assert rows[4][-2:] == ["≈", "1.25×"]
    assert rows[5][-1].endswith("×")  # not timed: the last cell is memory access
    assert "1 time in doubt: fire; `archlens savings fire --measure` says why" in shown
    assert shown.count("Some CPU @ 2.0GHz") == 1


def test_the_list_fits_into_80_columns() -> None:
    shown = render_text(savings_with_times(savings_table(SAVINGS), TIMED), width=80)
    assert max(map(len, shown.splitlines())) <= 80
    assert "not shown" not in shown


def test_as_dict() -> None:
    shown = savings_as_dict_with_times(savings_as_dict(SAVINGS), TIMED)
    assert ["latencies" in each for each in shown] == [True, True, False]
    assert shown[1]["ratios"][0]["verdict"] == "no difference shown"
    first, second, third = shown[0]["networks"]
    assert (first["latency_s"], second["latency_s"]) == (0.018, 0.018 * 0.25)
    assert second["latency_ratio"] == third["latency_ratio"] == shown[0]["latency_ratio"] == 0.25
