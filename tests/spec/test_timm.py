"""The list of timm's names: every pair is held against our own counts of today."""

import csv

import pytest

import archlens
from archlens.analyses import totals
from archlens.spec.catalog import families
from archlens.spec.timm import NAMES, in_the_catalogue

with NAMES.open(encoding="utf-8", newline="") as file:
    ROWS = {row["timm"]: row for row in csv.DictReader(file)}


OURS = {name for family in families() for name, _ in family.names()}


@pytest.mark.filterwarnings("ignore:.* is another network than")  # ViT at 384 has more positions
@pytest.mark.parametrize("name", ROWS)
def test_what_timm_has_is_what_we_count(name: str) -> None:
    """Of timm, what was recorded; of ours, what is counted today."""
    row = ROWS[name]
    cost = totals(archlens.load(row["archlens"], input=(3, int(row["input"]), int(row["input"]))))
    assert cost.params == int(row["params"])
    assert cost.multiply_adds == pytest.approx(int(row["multiply_adds"]), rel=0.005)


def test_by_name_with_and_without_a_tag() -> None:
    expected = ("mobilenet_v2", (3, 224, 224))
    assert in_the_catalogue("mobilenetv2_100") == in_the_catalogue("mobilenetv2_100.ra_in1k") == expected
    assert in_the_catalogue("resnet50.a1_in1k") == ("resnet50", (3, 224, 224))
    assert in_the_catalogue("nobody") is None


@pytest.mark.filterwarnings("ignore:.* is another network than")
@pytest.mark.parametrize("name", sorted(set(ROWS) - OURS))
def test_timms_name_is_a_name(name: str) -> None:
    """At timm's input, with timm's parameters. A name that is one of our own, too, stands for ours."""
    row = ROWS[name]
    graph = archlens.load(name)
    assert (graph.model, graph.input_shape) == (row["archlens"], (1, 3, *[int(row["input"])] * 2))
    assert totals(graph).params == int(row["params"])


def test_timms_name_takes_settings_and_another_input() -> None:
    graph = archlens.load("mobilenetv2_100[classes=10]", input=(3, 192, 192))
    assert (graph.model, graph.input_shape) == ("mobilenet_v2 classes=10", (1, 3, 192, 192))
    assert archlens.load("vit_base_patch16_384", input=(3, 224, 224)).input_shape == (1, 3, 224, 224)
