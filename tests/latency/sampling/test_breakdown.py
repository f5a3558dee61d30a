"""Where the time goes: made-up times that must add up, and a real network, never its times."""

import json

import pytest
import torch

import archlens
from archlens.cost import Cost, total
from archlens.errors import UsageError
from archlens.latency.network.candidate import Candidate
from archlens.latency.network.conditions import Conditions
from archlens.latency.network.preparation import inference, prepare
from archlens.latency.sampling.breakdown import REST, Breakdown, Part, break_down, calmer, kind_of_work, turns
from archlens.latency.sampling.node_times import Walk, clock_times, empty_time
from archlens.recorder.loading import Loaded

ONE = Conditions(threads=1)


def part(name: str, seconds: float, multiply_adds: int = 0) -> Part:
    return Part(name=name, nodes=1, seconds=seconds, cost=Cost(multiply_adds=multiply_adds))


MADE_UP = Breakdown(
    model="made_up",
    seconds=10.0,
    nodes=(part("stem.conv1", 3, 8), part("stem.relu1", 1), part("head.linear1", 5, 2)),
    kinds=("convolution, dense", "activation", "linear and products"),
    totals=Cost(multiply_adds=10),
)


def names(parts: tuple[Part, ...]) -> list[tuple[str, float]]:
    return [(each.name, each.seconds) for each in parts]


def test_parts_by_hand() -> None:
    assert names(MADE_UP.parts("work")) == [
        ("linear and products", 5), ("convolution, dense", 3), ("activation", 1), (REST, 1),
    ]  # fmt: skip
    assert names(MADE_UP.parts("stage")) == [("stem", 4), ("head", 5), (REST, 1)]
    assert names(MADE_UP.parts("node")) == [
        ("stem.conv1", 3), ("stem.relu1", 1), ("head.linear1", 5), (REST, 1),
    ]  # fmt: skip
    assert MADE_UP.adds_up


def test_every_grouping_adds_up_to_the_whole() -> None:
    shown = json.loads(json.dumps(MADE_UP.as_dict()))
    for by in ("by_work", "by_stage", "by_node"):
        assert sum(each["seconds"] for each in shown[by]) == pytest.approx(10.0)
        assert sum(each["share"] for each in shown[by]) == pytest.approx(1.0)
        assert sum(each["multiply_adds"] for each in shown[by]) == 10


def test_parts_that_do_not_add_up_are_told() -> None:
    short = Breakdown(model="x", seconds=10.0, nodes=(part("a", 8.9),), kinds=("activation",), totals=Cost())
    assert not short.adds_up
    assert short.rest == pytest.approx(1.1)


def test_calmer_is_the_mean_of_the_faster_half() -> None:
    assert calmer([4.0, 1.0, 9.0, 3.0]) == 2.0
    assert calmer([5.0]) == 5.0
    assert list(calmer([[1.0, 1.0], [9.0, 0.0], [3.0, 1.0]])) == [2.0, 1.0]


def kinds(name: str) -> set[str]:
    graph = archlens.load(name)
    return {kind_of_work(graph, node) for node in graph.nodes if node.inputs}


def test_kinds_of_work() -> None:
    assert kinds("shufflenet_v2_x1_0") == {
        "convolution, dense", "convolution, 1×1", "convolution, depthwise", "normalization", "activation",
        "pooling", "data movement", "linear and products",
    }  # fmt: skip
    assert "convolution, grouped" in kinds("shufflenet_v1_g3")
    assert "element-wise" in kinds("resnet18")
    assert "other" not in kinds("resnet18")


def test_every_operator_of_the_catalogue_has_a_kind(catalogue: dict[str, archlens.Graph]) -> None:
    found = {kind_of_work(graph, node) for graph in catalogue.values() for node in graph.nodes if node.inputs}
    assert "other" not in found


@pytest.mark.parametrize("name", ["lenet5", "squeezenet1_1", "shufflenet_v2_x0_5"])
def test_the_walk_computes_the_network(name: str) -> None:
    graph = archlens.load(name)
    prepared = prepare(graph, ONE)
    walk = Walk.of(graph, prepared.module)
    seen: list[torch.Tensor] = []
    walk.steps[-1][0].register_forward_hook(lambda module, inputs, output: seen.append(output))
    with inference(ONE):
        times = clock_times(walk, prepared.inputs)
        expected = prepared.run()
    assert len(times) == sum(bool(node.inputs) for node in graph.nodes)
    assert torch.equal(seen[0], expected)


def test_the_walk_keeps_nothing_that_is_not_read_again() -> None:
    graph = archlens.load("resnet18")
    walk = Walk.of(graph, archlens.build(graph, device="meta"))
    freed = [position for *_, read in walk.steps for position in read]
    assert len(freed) == len(set(freed)) == len(graph.nodes) - len(graph.outputs)


def test_a_real_network() -> None:
    graph = archlens.load("squeezenet1_1")
    found = break_down(graph, ONE, min_time=0.0)
    computed = [node for node in graph.nodes if node.inputs]
    assert [node.name for node in found.nodes] == [node.name for node in computed]
    assert total(node.cost for node in found.nodes) == found.totals
    assert all(node.seconds >= 0 for node in found.nodes)
    assert sum(each.seconds for each in found.parts()) == pytest.approx(found.seconds)


def test_turns_alternate() -> None:
    order: list[str] = []

    def whole() -> float:
        order.append("whole")
        return 1.0

    def single() -> list[float]:
        order.append("single")
        return [0.5]

    now = iter(range(1000))
    turns(whole, single, min_time=0.0, shown=lambda share: None, clock=lambda: float(next(now)))
    assert order[:4] == ["whole", "single", "single", "whole"]
    assert order.count("whole") == order.count("single")


def test_reading_the_clock_takes_what_the_clock_says() -> None:
    ticks = iter(range(0, 100_000, 40))
    assert empty_time(lambda: next(ticks)) == pytest.approx(40e-9)


def test_only_eager_networks_have_nodes() -> None:
    with pytest.raises(UsageError, match="compile leaves no single operators to time"):
        break_down(archlens.load("lenet5"), Conditions(mode="compile"))


def test_a_breakdown_is_of_what_is_built_from_the_graph() -> None:
    def never() -> Loaded:
        raise AssertionError

    found = break_down(Candidate(archlens.load("lenet5"), never), ONE, min_time=0.0)
    assert found.model == "lenet5"
