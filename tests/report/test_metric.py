"""The names of the columns, what they stand for, and how a field looks."""

from dataclasses import replace
from fractions import Fraction

import pytest

import archlens
from archlens.analyses import ReceptiveField, analyse
from archlens.errors import UsageError
from archlens.report.metric import BY_KEY, GROUPS, METRICS, columns_named, field_size, meanings
from tests.wiring import three_nodes

FIELD = ReceptiveField(
    size=(7, 7), smallest=(7, 7), stride=(Fraction(2),) * 2, padding=(3, 3), centre=(Fraction(0),) * 2,
    everything=False, local=True, aligned=True,
)  # fmt: skip


@pytest.mark.parametrize(
    ("field", "shown"),
    [
        (None, ""),
        (FIELD, "7"),
        (replace(FIELD, size=(7, 9), smallest=(7, 9)), "7×9"),
        (replace(FIELD, smallest=(3, 3)), "3–7"),
        (replace(FIELD, aligned=False), "7*"),
        (replace(FIELD, everything=True), "all (7)"),
        (replace(FIELD, smallest=(3, 5), everything=True, aligned=False), "all (3×5–7*)"),
    ],
)
def test_how_a_field_looks(field: ReceptiveField | None, shown: str) -> None:
    assert field_size(field) == shown


def test_strides_that_are_no_integers() -> None:
    stride = BY_KEY["field_stride"]
    assert stride.show((Fraction(1, 2), Fraction(1, 2))) == "0.5"
    assert stride.show((Fraction(1), Fraction(2))) == "1×2"


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


def test_every_metric_has_a_value_and_shows_it() -> None:
    whole = analyse(three_nodes()).whole
    assert (
        len({metric.key for metric in METRICS}) == len({metric.label for metric in METRICS}) == len(METRICS)
    )
    for metric in METRICS:
        assert metric.show(metric.value(whole, 4)), metric.key
        assert metric.show(None) == ""


def test_every_column_of_a_group_exists() -> None:
    for group in GROUPS.values():
        assert columns_named(group)


def test_layers_are_those_of_the_papers() -> None:
    for name, layers in (("resnet50", 50), ("inception_v4", 76), ("vgg16", 16), ("alexnet", 8)):
        result = archlens.profile(archlens.load(name))
        assert result.numbers(result.whole)["layers"] == layers


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
