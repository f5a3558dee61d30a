"""How metrics are asked for: each name means the same wherever one is asked for."""

import pytest

from archlens.errors import UsageError
from archlens.report.charts.metrics import metric_named as on_an_axis
from archlens.report.choice import fact_named as in_a_condition
from archlens.report.figure import figure_named
from archlens.report.metric import BY_KEY
from archlens.report.metric_name import GROUPS, columns_named, key_meant, meanings
from archlens.spaces.figures import metric_key


def test_names_and_groups() -> None:
    assert columns_named(["params", "kernels", "params"]) == ("params", "kernels")
    assert columns_named(["receptive_field"]) == (
        "receptive_field",
        "field_stride",
        "field_padding",
        "field_centre",
    )
    assert columns_named([]) == ()
    assert columns_named(["memory_access_share"]) == ("memory_access_share",)
    assert set(BY_KEY) <= set(columns_named(["all"]))


@pytest.mark.parametrize("name", ["parallelism_share", "receptive", "", "params "])
def test_names_that_are_none(name: str) -> None:
    with pytest.raises(UsageError, match="no such column"):
        columns_named([name])


def test_every_column_of_a_group_exists() -> None:
    for group in GROUPS.values():
        assert columns_named(group)


def test_what_else_people_call_them() -> None:
    assert columns_named(["flops"]) == columns_named(["MACs"]) == columns_named(["multiply-adds"])
    assert columns_named(["mac"]) == ("multiply_adds", "memory_access")
    assert len(columns_named(["six"])) == 6
    assert meanings(["params"]) == ()
    assert [line.split(":")[0] for line in meanings(["FLOPs", "layers", "flops"])] == ["flops", "layers"]


def test_a_miss_names_the_nearest_or_the_groups() -> None:
    with pytest.raises(UsageError, match="did you mean kernels"):
        columns_named(["kernal"])
    with pytest.raises(UsageError, match="groups of them are six, costs, ") as raised:
        columns_named(["quux"])
    assert len(str(raised.value)) < 160


@pytest.mark.parametrize(
    "name", ["multiply_adds", "multiply-adds", "Multiply-Adds", "flops", "MACs", "MAdds"]
)
def test_a_name_means_the_same_everywhere(name: str) -> None:
    assert columns_named([name]) == ("multiply_adds",)
    assert in_a_condition(name, "--where").key == "multiply_adds"
    assert on_an_axis(name, "--x") == "multiply_adds"
    assert figure_named(name, "max").key == "multiply_adds"
    assert metric_key(name, "--minimise") == "multiply_adds"


def test_a_name_of_several_metrics_is_none_where_one_is_asked_for() -> None:
    assert key_meant("mac", BY_KEY) is None
    for asking in (in_a_condition, on_an_axis, figure_named, metric_key):
        with pytest.raises(UsageError, match="mac"):
            asking("mac", "somewhere")
