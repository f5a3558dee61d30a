"""A measured breakdown as bars, against its own parts."""

from dataclasses import replace

import pytest

from archlens.latency.sampling.breakdown import KINDS, REST, By
from archlens.report.charts.measured import COLOUR_OF_WORK, NAMED, measured_breakdown
from tests.latency.sampling.test_breakdown import MADE_UP, part
from tests.report.charts.drawn import head, rows, stable
from tests.report.measured import measured

ONE = measured("made_up", 1e4)


@pytest.mark.parametrize("by", ["work", "stage", "node"])
def test_the_pieces_are_the_parts(by: By) -> None:
    chart = measured_breakdown([MADE_UP], [ONE], by)
    drawn = rows(chart, "part", "seconds", "share")
    assert {each["part"]: each["seconds"] for each in drawn} == {
        each.name: each.seconds for each in MADE_UP.parts(by)
    }
    assert sum(each["share"] for each in drawn) == pytest.approx(1)
    assert all(each["to"] - each["from"] == pytest.approx(each["seconds"] / 10) for each in drawn)
    assert stable(chart)


@pytest.mark.parametrize("by", ["work", "stage", "node"])
def test_bars_end_at_their_frame(by: By) -> None:
    """Also where the parts come to more than the whole, as when something disturbed them."""
    less = replace(MADE_UP, model="less", seconds=MADE_UP.seconds / 1.5)
    chart = measured_breakdown([MADE_UP, less], [ONE, ONE], by)
    ends: dict[str, float] = {}
    for each in rows(chart, "part", "seconds", "share"):
        assert each["from"] == pytest.approx(ends.get(each["network"], 0.0))
        ends[each["network"]] = each["to"]
    assert [*ends.values()] == pytest.approx([1.0, 1.0])
    assert "less: the parts do not add up" in head(chart)[1]


def test_what_it_says() -> None:
    title, subtitle, source = head(measured_breakdown([MADE_UP], [ONE]))
    assert title == "made_up: 50\u00a0% of the measured time is linear and products"
    assert subtitle == "latency on cpu, batch 1, float32, nchw, eager, 2 threads"
    assert "Some CPU @ 2.0GHz" in source


def test_every_kind_has_a_colour() -> None:
    assert set(KINDS.values()) | {REST} <= set(COLOUR_OF_WORK)


def test_more_parts_than_a_legend_holds() -> None:
    many = replace(
        MADE_UP,
        nodes=tuple(part(f"a{i}", 0.1) for i in range(2 * NAMED)),
        kinds=("activation",) * 2 * NAMED,
    )
    assert (
        f"{2 * NAMED + 1} parts, in the order in which they run"
        in head(measured_breakdown([many], [ONE], "node"))[1]
    )
