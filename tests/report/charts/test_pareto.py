"""Points, their front and their names, as they are drawn."""

import pytest

from archlens.report.charts.front import Point
from archlens.report.charts.pareto import pareto
from archlens.report.charts.quantity import Quantity
from tests.report.charts.drawn import datasets, head, rows, specification, stable

COST, ERROR = Quantity("multiply-adds"), Quantity("error", "%", logarithmic=False)


def test_lower_bounds_are_hollow() -> None:
    points = [Point(name="bound", x=1, y=1, complete=False), Point(name="known", x=2, y=2)]
    chart = pareto(points, COST, ERROR)
    assert "hollow: lower bounds (≥)" in head(chart)[1]
    drawn = rows(chart, "name", "group", "front")
    assert {each["name"]: (each["complete"], each["front"]) for each in drawn} == {
        "bound": (False, False),
        "known": (True, True),
    }


def test_the_data_are_the_points() -> None:
    points = [Point(name=f"n{i}", x=10.0**i, y=100 / (i + 1), group=f"g{i % 2}") for i in range(6)]
    drawn = rows(pareto(points, COST, ERROR), "name", "group", "front")
    assert {(each["name"], each["x"], each["y"], each["group"]) for each in drawn} == {
        (point.name, point.x, point.y, point.group) for point in points
    }
    assert [each["front"] for each in drawn] == [True] * 6


def test_what_it_says() -> None:
    points = [Point(name="a", x=1, y=3), Point(name="b", x=2, y=3), Point(name="c", x=3, y=1)]
    title, subtitle, source = head(pareto(points, COST, ERROR, source=["some device"]))
    assert title == "2 of 3 networks are beaten by none in multiply-adds and error"
    assert "least multiply-adds and least error" in subtitle
    assert source.startswith("archlens ")
    assert source.endswith("some device")
    whole = str(specification(pareto(points, COST, ERROR)))
    assert "'title': 'error (%)'" in whole


def test_numbers_without_a_place_are_left_out_and_told() -> None:
    points = [Point(name="a", x=1, y=3), Point(name="zero", x=0, y=3)]
    chart = pareto(points, COST, ERROR)
    assert "1 without such numbers are left out" in head(chart)[1]
    assert [each["name"] for each in rows(chart, "name", "group")] == ["a"]


def test_three_labels_are_the_ends_and_the_middle() -> None:
    points = [Point(name=f"n{i}", x=1 + i, y=50 - i) for i in range(9)]
    chart = pareto(points, COST, ERROR, labels=3)
    named = {row["name"] for table in datasets(chart) for row in table if "dx" in row}
    assert named == {"n0", "n4", "n8"}


def test_many_families_leave_seven_with_colours_and_the_rest_together() -> None:
    points = [Point(name=f"n{i}", x=1 + i, y=2 + i, group=f"family{i % 20:02}") for i in range(60)]
    drawn = rows(pareto(points, COST, ERROR), "name", "group")
    shown = {each["shown"] for each in drawn}
    assert len(shown) == 8
    assert {each["shown"] for each in drawn if each["front"]} == {"family00"}


def test_settings_are_coloured_in_their_order() -> None:
    points = [Point(name=f"n{i}", x=1 + i, y=2 + i, group=str(4 * i)) for i in range(12)]
    whole = str(specification(pareto(points, COST, ERROR, colour="width")))
    assert "'scheme': 'viridis'" in whole
    assert f"'domain': {[str(4 * i) for i in range(12)]}" in whole


def test_intervals_are_drawn() -> None:
    points = [Point(name="a", x=1, y=3, y_range=(2.0, 4.0)), Point(name="b", x=2, y=3)]
    (rule,) = (table for table in datasets(pareto(points, COST, ERROR)) if table and "to" in table[0])
    assert [(each["y"], each["to"], each["x"]) for each in rule] == [(2.0, 4.0, 1)]


@pytest.mark.parametrize("count", [0, 1, 300])
def test_pictures(count: int) -> None:
    points = [Point(name=f"n{i}", x=1 + i, y=1 + (7 * i) % 13, group=f"f{i % 9}") for i in range(count)]
    assert stable(pareto(points, COST, ERROR)).startswith("<svg")
