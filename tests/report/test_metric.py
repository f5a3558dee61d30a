"""The metrics: that each has a value and shows it, and how a field looks."""

from dataclasses import replace
from fractions import Fraction

import pytest

import archlens
from archlens.analyses import ReceptiveField, analyse
from archlens.report.metric import BY_KEY, METRICS, field_size, number_of
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


def test_the_number_of_a_metric() -> None:
    assert number_of(3) == 3
    assert number_of(Fraction(1, 2)) == 0.5
    assert number_of(replace(FIELD, size=(7, 9))) == 9
    assert number_of((1, 2)) is number_of(None) is number_of(True) is None


def test_strides_that_are_no_integers() -> None:
    stride = BY_KEY["field_stride"]
    assert stride.show((Fraction(1, 2), Fraction(1, 2))) == "0.5"
    assert stride.show((Fraction(1), Fraction(2))) == "1×2"


def test_every_metric_has_a_value_and_shows_it() -> None:
    whole = analyse(three_nodes()).whole
    assert (
        len({metric.key for metric in METRICS}) == len({metric.label for metric in METRICS}) == len(METRICS)
    )
    for metric in METRICS:
        assert metric.show(metric.value(whole, 4)), metric.key
        assert metric.show(None) == ""


def test_layers_are_those_of_the_papers() -> None:
    for name, layers in (("resnet50", 50), ("inception_v4", 76), ("vgg16", 16), ("alexnet", 8)):
        result = archlens.profile(archlens.load(name))
        assert result.numbers(result.whole)["layers"] == layers
