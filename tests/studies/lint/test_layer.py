"""Layers whose channels can be chosen, and layers with other channels."""

from archlens.analyses import memory_access
from archlens.ops import Conv, Fused, Linear, ReLU
from archlens.passes import fold
from archlens.studies.lint.layer import free_layers, is_depthwise, map_size, resized, widened, with_channels
from tests.spec.written import network


def test_the_first_and_the_last_are_not_free() -> None:
    graph = network(
        "[relu, {conv: {out: 8}}, {conv: {out: 8}}, {add: [{conv: {out: 8}}, identity]}, {conv: {out: 2}}]"
    )
    assert [layer.name for layer in free_layers(graph)] == ["conv2", "conv3"]


def test_groups_are_those_of_the_layer_behind_an_activation() -> None:
    graph = fold(network("[{conv: {out: 8}}, {conv: {out: 8, groups: 2}}, relu, {conv: {out: 2}}]"))
    (layer,) = free_layers(graph)
    assert layer.groups == 2


def test_depthwise() -> None:
    assert is_depthwise(8, 8)
    assert not is_depthwise(8, 4)
    assert not is_depthwise(1, 1)


def test_another_size() -> None:
    assert resized(Conv(8, 3, 2, groups=4), 6, 2) == Conv(6, 3, 2, groups=2)
    assert resized(Linear(8), 6, 1) == Linear(6)
    assert resized(Fused(Conv(8), (ReLU(),)), 6, 1) == Fused(Conv(6), (ReLU(),))
    assert widened((1, 8, 4, 4), Conv(8), 6) == (1, 6, 4, 4)
    assert widened((1, 4, 8), Linear(8), 6) == (1, 4, 6)
    assert (map_size((1, 8, 4, 5)), map_size((1, 8)), map_size((1, 197, 8), 2)) == (" at 4×5", "", " at 197")


def test_the_nearest_whole_numbers() -> None:
    """10.5·10.5 is 110.25: 10·11 is nearer than 10·10 and 11·11."""
    graph = network("[{conv: {out: 6}}, {conv: {out: 18}}, {conv: {out: 2}}]")
    layer = memory_access(graph).layers[1]
    place = with_channels(graph, layer, (10.5, 10.5), 1)
    assert place is not None
    assert sorted(int(word) for word in place.instead.split() if word.isdigit()) == [10, 11]
    assert place.multiply_adds == 110 / 108


def test_no_saving_is_no_place() -> None:
    graph = network("[{conv: {out: 8}}, {conv: {out: 8}}, {conv: {out: 2}}]")
    assert with_channels(graph, memory_access(graph).layers[1], (4, 16), 1) is None
