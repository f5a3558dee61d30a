"""The page of a sweep: all of its variants, the front that the sweep has, and the budget in words."""

from typing import TYPE_CHECKING, Any

import pytest

from archlens.models.loading import load_graph
from archlens.spaces.figures import parse_where
from archlens.spaces.page import OPENED, opened, sweep_page, written
from archlens.spaces.sweep import Found
from tests.report.page.unpacked import unpacked
from tests.spaces.conftest import Swept

if TYPE_CHECKING:
    from archlens.spaces.sweep import Sweep


def data_of(sweep: "Sweep") -> dict[str, Any]:
    """What stands in the page."""
    return unpacked(sweep_page(sweep, lambda model: load_graph(model, say=lambda remark: None)))


def test_every_variant_is_on_it(swept: Swept) -> None:
    found = swept()
    data = data_of(found)
    shown = data["sweep"]
    assert sorted(zip(shown["metrics"]["params"], shown["metrics"]["memory_access"], strict=True)) == sorted(
        (each.metrics["params"], each.metrics["memory_access"]) for each in found.all()
    )
    assert set(shown["settings"]) == {"input", "classes"}
    assert shown["aims"] == [{"key": "params", "less": True}, {"key": "memory_access", "less": True}]
    assert data["start"]["view"] == "variants"
    assert data["models"]["model"] == [each.model for each in opened(found.front())]


def test_the_budget_stands_in_it(swept: Swept) -> None:
    found = swept(where="params < 100k", minimise=("memory_access",), maximise=("params",))
    shown = data_of(found)["sweep"]
    assert shown["where"] == "params < 100k"
    assert [each["less"] for each in shown["aims"]] == [True, False]
    assert len(shown["metrics"]["params"]) == 20  # those beyond the budget can be looked at as well


def test_of_very_many_some_and_the_front(swept: Swept, monkeypatch: pytest.MonkeyPatch) -> None:
    from archlens.spaces import page

    monkeypatch.setattr(page, "MOST", 5)
    found = swept()
    shown = data_of(found)["sweep"]
    best = {(each.metrics["params"], each.metrics["memory_access"]) for each in found.front()}
    drawn = {*zip(shown["metrics"]["params"], shown["metrics"]["memory_access"], strict=True)}
    assert best <= drawn
    assert len(drawn) <= len(best) + 5
    assert "shown: the front, and" in shown["source"]


def test_a_device_has_its_interval(swept: Swept) -> None:
    shown = data_of(swept(device="pixel1", minimise=("latency",), maximise=("params",)))
    assert shown["start"]["device"] == "pixel1"
    assert shown["sweep"]["interval"]["low"] < 1 < shown["sweep"]["interval"]["high"]


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("multiply_adds <= 150M and latency < 20 ms", "multiply_adds <= 150M and latency < 20ms"),
        ("params < 1234567 or params > 2G", "params < 1234567 or params > 2G"),
        ("latency < 1 us", "latency < 0.001ms"),
    ],
)
def test_a_budget_in_words_that_the_page_reads(asked: str, shown: str) -> None:
    where = parse_where(asked)
    assert where is not None
    assert written(where) == shown
    assert parse_where(shown) == where


def test_both_ends_of_a_long_front_can_be_opened() -> None:
    front = tuple(Found(number, f"net[{number}]", {}, {}) for number in range(100))
    numbers = [each.number for each in opened(front)]
    assert [numbers[0], numbers[-1], len(numbers)] == [0, 99, OPENED]
    assert opened(front[:3]) == [*front[:3]]
