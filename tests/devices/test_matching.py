"""Rows of a table become networks, and those that cannot are said."""

from pathlib import Path

import pytest

import archlens
from archlens.devices.matching import matched
from archlens.devices.table import TimedRow
from archlens.errors import DeviceError
from archlens.graph import Graph
from tests.wiring import incomplete

PATH = Path("times.csv")


def load(model: str, input: str | None, batch: int) -> Graph:
    """What the command line does, for specs; and a network that is not complete."""
    if model == "odd":
        return incomplete()
    settings = {"input": tuple(map(int, input.split("x")))} if input else {}
    return archlens.load(model, batch=batch, **settings)


def rows(*models: str, seconds: float = 0.01) -> list[TimedRow]:
    return [TimedRow(line, model, None, 1, seconds) for line, model in enumerate(models, 2)]


FIVE = ("lenet5", "resnet18", "squeezenet1_1", "mobilenet_v2", "alexnet")


def test_networks_of_the_catalogue_and_of_timm_by_name() -> None:
    found, said = matched(rows(*FIVE[:4], "mobilenetv2_100.ra_in1k"), load, PATH)
    assert [each.graph.model for each in found] == [*FIVE[:4], "mobilenet_v2"]
    assert [each.model for each in found][4] == "mobilenetv2_100.ra_in1k"
    assert said == ()


def test_input_and_batch() -> None:
    given = [*rows(*FIVE), TimedRow(9, "resnet18", (3, 64, 64), 4, 0.01)]
    assert matched(given, load, PATH)[0][5].graph.input_shape == (4, 3, 64, 64)


def test_what_is_unknown_is_left_out_and_said_once() -> None:
    found, said = matched(rows(*FIVE, "resnet19", "resnet19", "odd"), load, PATH)
    assert [each.model for each in found] == [*FIVE]
    assert said[0].startswith("times.csv:7: no model is called resnet19; did you mean resnet")
    assert said[1:] == ("times.csv:9: odd is not complete, so that its time cannot be explained: unknown",)


def test_many_that_are_unknown_are_cut_short() -> None:
    _, said = matched(rows(*FIVE, *(f"net{i}" for i in range(9))), load, PATH)
    assert len(said) == 4
    assert said[3] == "times.csv: 6 more models are left out as well"


def test_too_few_are_refused() -> None:
    with pytest.raises(
        DeviceError, match=r"has 4 rows of networks .* takes 5 networks .*times.csv:6: no model"
    ):
        matched(rows(*FIVE[:4], "nobody"), load, PATH)
    with pytest.raises(DeviceError, match="has 6 rows"):
        matched(rows(*["lenet5"] * 6), load, PATH)


@pytest.mark.parametrize("seconds", [1e6, 1e-12])
def test_times_of_another_unit_are_refused(seconds: float) -> None:
    with pytest.raises(DeviceError, match="has the column of times the right name"):
        matched(rows(*FIVE, seconds=seconds), load, PATH)
