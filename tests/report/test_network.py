"""The page of one network: what has to be on it."""

from archlens.devices import find
from archlens.report.network import network_result
from archlens.report.page.model import Model, catalogue
from archlens.report.render import render
from tests.wiring import incomplete


def test_a_network_of_the_catalogue() -> None:
    (model,) = catalogue(["shufflenet_v2_x1_0"])
    text = render(network_result(model, find("pixel3")), "markdown")
    for said in (
        "## shufflenet_v2_x1_0",
        "| title | ShuffleNet V2 |",
        "| written in | specs/shufflenet_v2.yaml |",
        "| **total** | **1000** | **2.279M** | **144.9M** |",
        "| concat | 16 |",
        "shufflenet_v2_x1_0 on pixel3, input 1×3×224×224, predicted",
        "## shufflenet_v2_x1_0: printed figures",
        "| params | Table 5 | 2.3M | 2.279M | | equal | |",
        "1. **G4 channel_shuffle: 16 places move",
    ):
        assert said in text


def test_a_network_that_is_too_far_away_has_no_times() -> None:
    (model,) = catalogue(["vit_b_16"])
    text = render(network_result(model, find("pixel3")), "markdown")
    assert "predicted\n" not in text
    assert "is too far from all that the profile was fitted to" in text


def test_an_incomplete_network() -> None:
    text = render(network_result(Model(incomplete())), "markdown")
    assert "≥54" in text
    assert "nothing that would save" in text
