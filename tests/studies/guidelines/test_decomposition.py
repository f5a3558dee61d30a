"""Networks by classes of operators."""

import pytest

from archlens.ops import Op
from archlens.spec.loading import load
from archlens.studies.guidelines.decomposition import (
    CLASSES,
    MODELS,
    Times,
    decompose,
    graphs,
    operator_class,
)
from tests.spec.written import network


def test_the_networks_of_the_figure() -> None:
    assert [graph.model for graph in graphs()] == ["shufflenet_v1_g3", "mobilenet_v2"]
    assert {graph.input_shape for graph in graphs(batch=2)} == {(2, 3, 224, 224)}


def test_classes_by_hand() -> None:
    graph = network(
        "[{conv: {out: 4}}, bn, relu, {channel_shuffle: {groups: 2}}, {add: [identity, {conv: {out: 4}}]}, "
        "{concat: [identity, identity]}, {max_pool: {kernel: 2}}, global_average_pool, {linear: {out: 2}}]"
    )
    found = [(node.op.kind, operator_class(node)) for node in graph.nodes if node.inputs]
    assert found == [
        ("conv", "convolution"),
        ("batch_norm", "element-wise"),
        ("relu", "element-wise"),
        ("channel_shuffle", "data"),
        ("conv", "convolution"),
        ("add", "element-wise"),
        ("concat", "data"),
        ("max_pool", "other"),
        ("global_average_pool", "other"),
        ("linear", "other"),
    ]


def test_every_class_names_work_that_operators_do() -> None:
    known = {kind.work for kind in every_operator(Op)}  # type: ignore[type-abstract]
    assert {work for listed in CLASSES.values() for work in listed} <= known


def every_operator(parent: type[Op]) -> set[type[Op]]:
    """All operators that there are."""
    children = set(parent.__subclasses__())
    return children.union(*(every_operator(child) for child in children)) if children else children


@pytest.mark.parametrize("model", MODELS)
def test_parts_add_up(model: str) -> None:
    found = decompose(load(model))
    assert [part.name for part in found.parts] == list(CLASSES)
    assert sum(part.cost.multiply_adds for part in found.parts) == found.cost.multiply_adds
    assert sum(part.cost.memory_access for part in found.parts) == found.cost.memory_access
    assert found.seconds is None
    assert found.rest is None


def test_times_go_to_the_classes_of_their_nodes() -> None:
    graph = network("[{conv: {out: 4}}, relu, {conv: {out: 4}}, global_average_pool, {linear: {out: 2}}]")
    count = sum(bool(node.inputs) for node in graph.nodes)
    found = decompose(graph, Times(whole=1.0, nodes=tuple(2.0**-i for i in range(1, count + 1))))
    seconds = {part.name: part.seconds for part in found.parts}
    assert seconds["convolution"] == 0.5 + 0.125
    assert seconds["element-wise"] == 0.25
    assert found.rest == pytest.approx(2.0**-count)
    assert sum(part.seconds or 0 for part in found.parts) + 2.0**-count == 1
