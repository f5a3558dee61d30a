"""The numbers of the page are those of Python: counts, times, predictions, conditions, alignment."""

from typing import Any

import pytest

import archlens
from archlens.budgets.align import align
from archlens.devices.catalog import find
from archlens.devices.device import estimate
from archlens.quantity import duration, human, spread
from archlens.report.choice import Where
from archlens.report.page import Model
from archlens.report.page.devices import shipped
from tests.report.page.conftest import NAMES, Open


def test_numbers_look_as_they_do_in_python(look: Open) -> None:
    counts = [
        0,
        7,
        999,
        1000,
        100250,
        100350,
        999949,
        999950,
        25557032,
        4089184256,
        1234567890123,
        0.5,
        12.3456,
    ]
    times = [0.0123456, 1.0, 2.5, 1e-7, 3.3e-6, 0.00099999, 0.000999951, 123.4567, 4321.1]
    with look() as found:
        assert found.page.evaluate("each => each.map(value => human(value))", counts) == [*map(human, counts)]
        assert found.page.evaluate("each => each.map(duration)", times) == [*map(duration, times)]
        pairs = [[0.01201, 0.01262], [0.00099, 0.0013]]
        assert found.page.evaluate("each => each.map(([a, b]) => spread(a, b))", pairs) == [
            *map(spread, pairs)
        ]


@pytest.mark.parametrize("batch", [1, 64])
def test_predictions_are_those_of_python(look: Open, models: tuple[Model, ...], batch: int) -> None:
    """On every device that ships: seconds, interval, what binds, and what is outside of what was seen."""
    with look() as found:
        told: dict[str, list[Any]] = found.run(
            "readParts().then(() => Object.fromEntries(DATA.devices.map(device => [device.name,"
            f"DATA.models.model.map((_, i) => {{ const p = predict(i, device, {batch}); return [p.seconds,"
            "p.low ?? null, p.high ?? null, p.bound, p.outside.map(each => each.sentence), p.refused]; })])))"
        )
    for device in shipped():
        for model, place in zip(NAMES, range(0, len(NAMES), 4), strict=False):
            graph = archlens.load(model, batch=batch)
            at = [each.graph.model for each in models].index(graph.model)
            expected = estimate(graph, device)
            seconds, low, high, bound, outside, refused = told[device.name][at]
            assert seconds == pytest.approx(expected.seconds, rel=1e-9), (device.name, model, place)
            assert (low, high) == (pytest.approx(expected.interval) if expected.interval else (None, None))
            assert bound == expected.bound_by()
            assert sorted(outside) == sorted(expected.outside)
            assert refused == bool(expected.refused)


def test_conditions_are_those_of_the_command_line(look: Open, models: tuple[Model, ...]) -> None:
    conditions = (
        "params < 5M", "params<5M and multiply_adds < 300M", "year >= 2018 or family = resnet*", "layers=50",
        "model != resnet*", "flops < 1G and family != vgg", "peak-activations > 2M",
        "fragments >= 60 and year < 2016", "top1 > 74 % and params < 30M",
        "memory_access_bytes < 40 MB or title = Deep*",
    )  # fmt: skip
    with look() as found:
        columns = found.run("DATA.models")
        for text in conditions:
            condition = Where.parse(text)
            expected = [
                place
                for place in range(len(models))
                if condition.holds(lambda key, place=place: columns[key][place])  # type: ignore[misc]
            ]
            state = found.page.evaluate("text => { state.where = text; return left(); }", text)
            assert state == expected, text
        for wrong in (
            "params", "params << 5", "parms < 5M", "params < many", "layers = x", "memory_access_bytes < 40",
            "family > a",
        ):  # fmt: skip
            assert found.page.evaluate(
                "text => { try { where(text); return ''; } catch (error) { return error.message; } }", wrong
            ), wrong


PAIRS = (
    ("resnet18", "resnet50"), ("resnet50", "seresnet50"), ("resnet50", "resnext50_32x4d"),
    ("googlenet", "inception_v3"), ("mobilenet_v1", "mobilenet_v2"), ("alexnet", "swin_t"),
    ("shufflenet_v1_g3", "shufflenet_v2_x1_0"), ("densenet121", "nasnet_a_mobile"),
)  # fmt: skip


@pytest.mark.parametrize("pair", PAIRS, ids=" ".join)
def test_layers_are_aligned_as_diff_aligns_them(look: Open, pair: tuple[str, str]) -> None:
    before, after = map(archlens.load, pair)
    with look() as found:
        told = found.page.evaluate(
            "pair => align(...pair.map(name => layersOf(DATA.places.get(name))))", [*pair]
        )
    assert [tuple(each) for each in told] == [(each.before, each.after) for each in align(before, after)]


def test_a_predicted_time_never_stands_without_its_interval(look: Open) -> None:
    (expected,) = [estimate(archlens.load("resnet50", batch=64), find("rtx4090"))]
    assert expected.interval
    text = f"{duration(expected.seconds)} ({spread(expected.interval)})"
    for view in ("networks?batch=64", "network/resnet50?batch=64", "compare/resnet18,resnet50?batch=64"):
        with look(view) as found:
            assert text in found.page.inner_text("main")


def test_lower_bounds_say_so(look: Open) -> None:
    with look("network/wired") as found:
        assert "≥" in found.texts(".facts")[0]
    with look("networks?search=wired") as found:
        assert "≥" in found.texts("tbody tr")[0]
