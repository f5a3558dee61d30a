"""Pictures of effective fields: their cells against the gradient, and what they say."""

import pytest

from archlens.report.charts.gradients import CELLS, DASHED, gradients, limits, sides
from archlens.spec.loading import load
from archlens.studies.effective_receptive_field import EffectiveField, effective_receptive_field
from tests.report.charts.drawn import datasets, head, rows, stable


@pytest.fixture(scope="module")
def field() -> EffectiveField:
    """Of a map whose field fits into the input."""
    graph = load("lenet5")
    return effective_receptive_field(graph, [node.name for node in graph.nodes].index("C3.conv1"), samples=1)


@pytest.fixture(scope="module")
def beyond() -> EffectiveField:
    """Of a map whose field is much larger than the input."""
    return effective_receptive_field(load("resnet32"), samples=1)


def test_a_cell_is_a_place(field: EffectiveField) -> None:
    chart = gradients(field)
    cells = rows(chart, "gradient", "left", "top")
    assert len(cells) == 32 * 32
    most = float(field.gradient.max())
    for each in cells:
        own = field.gradient[int(each["top"] + 0.5), int(each["left"] + 0.5)]
        assert each["gradient"] == pytest.approx(float(own) / most, abs=1e-5)
        assert each["right"] <= 31.5
    assert max(each["gradient"] for each in cells) == 1
    assert stable(chart)


def test_neighbours_of_a_large_map_are_averaged() -> None:
    found = effective_receptive_field(load("squeezenet1_1"), samples=1)
    cells = rows(gradients(found), "gradient", "left", "top")
    assert len(cells) == CELLS**2
    mean = sum(each["gradient"] for each in cells) / len(cells)
    assert mean == pytest.approx(float((found.gradient / found.gradient.max()).mean()), abs=1e-5)


def test_a_picture_says_what_it_shows(field: EffectiveField) -> None:
    title, subtitle, _ = head(gradients(field))
    assert title.replace("\u00a0", " ") == (
        f"lenet5: 95 % of what C3.conv1 sees lies within {field.side:g} places, its field is 14"
    )
    assert "dashed: the receptive field\n" in subtitle
    assert "mean of 1 random input of 1×32×32, seed 0" in subtitle


def test_the_outlines_are_the_square_and_the_field(field: EffectiveField) -> None:
    made = [table for table in datasets(gradients(field)) if "colour" in table[0]]
    assert [len(table) for table in made] == [4, 4]
    lengths = [
        {each["right"] - each["left"] + each["bottom"] - each["top"] for each in table} for table in made
    ]
    assert sorted(map(min, lengths)) == sorted(map(max, lengths)) == sorted([field.side, 14.0])


def test_a_side_beyond_the_picture_is_not_drawn(field: EffectiveField) -> None:
    (top, bottom), (left, right) = limits(field)
    found = sides(field, (top - 9, bottom - 1), (left + 1, right + 9), DASHED)
    assert [{key: side[key] for key in ("left", "right", "top", "bottom")} for side in found] == [
        {"left": left + 1, "right": right, "top": bottom - 1, "bottom": bottom - 1},
        {"left": left + 1, "right": left + 1, "top": top, "bottom": bottom - 1},
    ]


def test_a_field_much_larger_than_the_input_is_said_to_be(beyond: EffectiveField) -> None:
    chart = gradients(beyond)
    assert "dashed: the receptive field, beyond the picture" in head(chart)[1]
    assert sum("colour" in table[0] for table in datasets(chart)) == 1
    assert limits(beyond) == [(-0.5, 31.5), (-0.5, 31.5)]
