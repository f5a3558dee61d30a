"""Charts by their names, of one network and of several."""

import pytest

import archlens
from archlens.devices import find
from archlens.errors import DeviceError, UsageError
from archlens.report.charts.plot import KINDS, Options, check_kind, plot
from tests.report.charts.drawn import datasets, rows, specification, stable
from tests.wiring import incomplete, three_nodes

DEVICE = find("pixel3")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("names", [("resnet18",), ("resnet18", "mobilenet_v2", "shufflenet_v2")])
def test_every_kind_of_one_and_of_several(kind: str, names: tuple[str, ...]) -> None:
    graphs = [archlens.load(name) for name in names]
    chart = plot(kind, graphs, Options(device=DEVICE))
    told = str(specification(chart))
    for graph in graphs:
        assert graph.model in told
    assert told.count("'orient': 'bottom'") == 1  # one line that says from where
    stable(chart)


@pytest.mark.parametrize("kind", ["layers", "memory"])
def test_several_networks_have_numbers_of_their_own(kind: str) -> None:
    graphs = [archlens.load(name) for name in ("resnet18", "vgg16")]
    chart = plot(kind, graphs, Options())
    parts = [{row["part"] for row in table} for table in datasets(chart)]
    assert len(parts) == 2
    assert parts[0] != parts[1]
    inner = specification(chart)["vconcat"]
    assert len({panel["data"]["name"] for panel in inner}) == 2
    assert specification(chart)["resolve"] == {"scale": {"x": "shared"}}


def test_pareto_has_times_with_their_intervals() -> None:
    graphs = [archlens.load(name) for name in ("resnet18", "mobilenet_v2")]
    chart = plot("pareto", graphs, Options(device=DEVICE))
    drawn = {row["name"]: row for row in rows(chart, "name", "group", "x")}
    (whiskers,) = (table for table in datasets(chart) if table and "to" in table[0])
    for graph in graphs:
        told = archlens.predict(graph, DEVICE)
        assert drawn[graph.model]["x"] == archlens.profile(graph).totals.multiply_adds
        assert drawn[graph.model]["y"] == told.estimate.seconds
        assert told.interval == next((w["y"], w["to"]) for w in whiskers if w["name"] == graph.model)


def test_pareto_of_analyses() -> None:
    graphs = [archlens.load(name) for name in ("resnet18", "mobilenet_v2")]
    drawn = rows(plot("pareto", graphs, Options(x="layers", y="receptive_field")), "name", "group")
    assert [(each["x"], each["y"]) for each in drawn] == [(18, 435), (53, 491)]


def test_an_incomplete_network_is_hollow() -> None:
    drawn = rows(plot("pareto", [three_nodes(), incomplete()], Options()), "name", "complete")
    assert [each["complete"] for each in drawn] == [True, False]


def test_results_plot_themselves() -> None:
    graph = archlens.load("resnet18")
    profile = archlens.profile(graph, by="work")
    drawn = rows(profile.plot("layers", "memory_access"), "part", "value")
    assert [each["part"] for each in drawn] == [row.name for row in profile.rows]
    for kind in ("memory", "activations", "receptive-field"):
        assert specification(profile.plot(kind)) == specification(
            plot(kind, [graph], Options()) if kind != "memory" else profile.plot("memory")
        )
    both = archlens.compare(graph, archlens.load("mobilenet_v2")).plot(x="params", y="layers")
    dots = {each["name"]: (each["x"], each["y"]) for each in rows(both, "name", "group")}
    assert dots == {"resnet18": (11689512, 18), "mobilenet_v2": (3504872, 53)}
    with pytest.raises(UsageError, match="did you mean memory"):
        profile.plot("memmory")
    with pytest.raises(UsageError, match="did you mean roofline"):
        archlens.predict(graph, DEVICE).plot("rofline")


def test_kinds_that_cannot_be() -> None:
    with pytest.raises(UsageError, match="--kind pie is not one of layers, memory"):
        check_kind("pie")
    with pytest.raises(UsageError, match="--kind roofline draws predicted times: it takes a device"):
        check_kind("roofline")
    with pytest.raises(DeviceError, match="too far"):
        plot("breakdown", [archlens.load("vit_b_16")], Options(device=DEVICE))
