"""What is known of a network by name: costs, what is printed of it, its predicted time."""

from dataclasses import replace

import pytest

import archlens
from archlens.devices import find
from archlens.report.choice import FACTS
from archlens.report.facts import facts_of
from tests.wiring import three_nodes


def test_of_the_catalogue() -> None:
    known = facts_of(archlens.load("resnet18"))
    assert (known("params"), known("layers")) == (11_689_512, 18)  # torchvision's count, and the name's
    assert (known("model"), known("family"), known("year")) == ("resnet18", "resnet", 2015)
    assert known("top1") == pytest.approx(69.76)  # as torchvision prints it
    assert known("latency") is None


def test_what_only_bears_the_name_is_known_by_its_costs_alone() -> None:
    known = facts_of(replace(archlens.load("resnet18"), family=""))
    assert [known(name) for name in ("top1", "year", "title")] == [None, None, None]
    assert known("params") == 11_689_512


def test_of_a_network_of_ones_own() -> None:
    known = facts_of(three_nodes())
    assert {name: known(name) for name in FACTS if known(name) is not None}.keys() <= {"model", "family"}


def test_the_time_on_a_device() -> None:
    device, graph = find("pixel3"), archlens.load("mobilenet_v2")
    assert facts_of(graph, device)("latency") == archlens.predict(graph, "pixel3").estimate.seconds
