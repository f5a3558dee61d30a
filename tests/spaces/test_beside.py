"""A network beside the front of a sweep, counted by hand over all variants."""

import pytest

import archlens
from archlens.errors import UnknownModelError
from archlens.spaces.beside import compare
from tests.spaces.conftest import Swept


def test_a_network_that_is_beaten(swept: Swept) -> None:
    found = swept(minimise=("memory_access",), maximise=("params",))
    compared = compare(found, "lenet5[input=1x40x40,classes=3]")
    with pytest.warns(UserWarning, match="is another network"):
        totals = archlens.profile(archlens.load("lenet5[input=1x40x40,classes=3]")).totals
    assert compared.metrics["params"] == totals.params
    factors = {
        each.model: (
            totals.memory_access / each.metrics["memory_access"], each.metrics["params"] / totals.params,
        )
        for each in found.front()
    }  # fmt: skip
    beating = {model: pair for model, pair in factors.items() if min(pair) >= 1 and max(pair) > 1}
    assert compared.beaten == len(beating)
    best = max(beating or factors, key=lambda model: min(factors[model]))
    assert compared.closest is not None
    assert compared.closest.model == best
    assert tuple(compared.factors.values()) == factors[best]


def test_a_network_far_from_the_front(swept: Swept) -> None:
    """ResNet-18 reads and writes more than any LeNet-5 and has more parameters: fewer of both are better."""
    found = swept()
    compared = compare(found, "resnet18")
    assert compared.beaten == len(found.front())
    assert min(compared.factors.values()) > 50
    assert "of the front beat it" in compared.sentence


def test_a_network_that_none_beats(swept: Swept) -> None:
    found = swept(where="params > 70k")
    compared = compare(found, "lenet5[input=1x32x32,classes=2]")
    assert compared.beaten == 0
    assert compared.sentence.endswith("no variant within the budget beats it")
    assert compare(swept(where="params < 1"), "lenet5").closest is None


def test_an_unknown_network(swept: Swept) -> None:
    with pytest.raises(UnknownModelError):
        compare(swept(), "lenet55")
