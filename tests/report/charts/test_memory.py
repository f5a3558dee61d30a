"""Two shares a part, against the counts themselves."""

import pytest

import archlens
from archlens.report.charts.memory import memory
from tests.report.charts.drawn import head, rows, stable
from tests.wiring import incomplete, three_nodes


def test_by_hand() -> None:
    """The stem moves 32 + 54 + 48 and 48 + 48 of the 281 elements, and does all of the arithmetic."""
    chart = memory(three_nodes())
    drawn = {
        (each["part"], each["what"]): (each["value"], each["share"]) for each in rows(chart, "part", "what")
    }
    assert drawn == {
        ("stem", "multiply-adds"): (864, 1.0),
        ("stem", "memory access"): (230, 230 / 281),
        ("pool", "multiply-adds"): (0, 0.0),
        ("pool", "memory access"): (51, 51 / 281),
    }
    assert (
        head(chart)[0] == "wired: pool has 18\u00a0% of the memory access and 0\u00a0% of the multiply-adds"
    )


def test_lower_bounds_say_so() -> None:
    assert "multiply-adds ≥864" in head(memory(incomplete()))[1]


@pytest.mark.parametrize("name", ["resnet50", "shufflenet_v2", "densenet201", "nasnet_a_mobile"])
def test_pictures(name: str) -> None:
    graph = archlens.load(name)
    chart = memory(graph)
    assert sum(each["value"] for each in rows(chart, "part", "what") if each["what"] == "memory access") == (
        archlens.profile(graph).totals.memory_access
    )
    assert stable(chart)
