"""The counts by hand, against a recorded pass: archlens is right on each row of the bake-off."""

import pytest
import torch

import archlens
from benchmarks.bakeoff import CONTESTANTS, shown, table
from benchmarks.contested import NETWORKS
from benchmarks.handcount import TRUTHS


def test_every_network_is_counted_by_hand() -> None:
    assert TRUTHS.keys() == NETWORKS.keys()


@pytest.mark.parametrize("network", NETWORKS)
def test_archlens_is_right(network: str) -> None:
    make, give = NETWORKS[network]
    with torch.device("meta"):
        module, x = make().eval(), give()
    totals = archlens.profile(archlens.record(module, x)).totals
    truth = TRUTHS[network]
    assert (totals.params, totals.multiply_adds) == (truth.params, truth.multiply_adds)


def test_cells() -> None:
    assert shown({"params": 3, "multiply_adds": 1024}, "multiply_adds", 1024) == "✓"
    assert shown({"params": 3, "multiply_adds": 1024}, "params", 4) == "3"
    assert shown({"params": None, "multiply_adds": 1024}, "params", 4) == "–"
    assert shown("ValueError: no", "params", 4) == "fails"


def test_failures_are_told_below() -> None:
    names = list(CONTESTANTS)
    counted = {(network, name): "no way" for network in TRUTHS for name in names}
    made = table("multiply_adds", "Multiply-adds", names, counted, ("note",))
    assert len(made.rows) == len(TRUTHS)
    assert made.footer[:2] == ("note", "archlens fails on F.conv2d, no modules: no way")
