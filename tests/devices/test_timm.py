"""The list of timm's names: every pair is held against our own counts of today."""

import csv

import pytest

import archlens
from archlens.analyses import totals
from archlens.devices.timm import NAMES, in_the_catalogue

with NAMES.open(encoding="utf-8", newline="") as file:
    ROWS = {row["timm"]: row for row in csv.DictReader(file)}


@pytest.mark.filterwarnings("ignore:.* is another network than")  # ViT at 384 has more positions
@pytest.mark.parametrize("name", ROWS)
def test_what_timm_has_is_what_we_count(name: str) -> None:
    """Of timm, what was recorded; of ours, what is counted today."""
    row = ROWS[name]
    cost = totals(archlens.load(row["archlens"], input=(3, int(row["input"]), int(row["input"]))))
    assert cost.params == int(row["params"])
    assert cost.multiply_adds == pytest.approx(int(row["multiply_adds"]), rel=0.005)


def test_by_name_with_and_without_a_tag() -> None:
    assert (
        in_the_catalogue("mobilenetv2_100") == in_the_catalogue("mobilenetv2_100.ra_in1k") == "mobilenet_v2"
    )
    assert in_the_catalogue("resnet50.a1_in1k") == "resnet50"
    assert in_the_catalogue("nobody") is None
