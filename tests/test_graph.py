"""Graphs: what they tell about themselves, and each rule broken once."""

from collections.abc import Callable
from dataclasses import FrozenInstanceError, replace

import pytest

from archlens.cost import Cost
from archlens.errors import GraphError
from archlens.graph import Graph, Node, verify
from archlens.ops import Add, Conv, Input, Unknown
from tests.wiring import incomplete, three_nodes, wire


def changed(position: int, **fields: object) -> Graph:
    """The three nodes, one of them with other fields."""
    graph = three_nodes()
    nodes = list(graph.nodes)
    nodes[position] = replace(nodes[position], **fields)  # type: ignore[arg-type]  # that is the test
    return replace(graph, nodes=tuple(nodes))


def test_a_graph_that_keeps_its_rules() -> None:
    graph = three_nodes()
    verify(graph)
    assert [node.name for node in graph.nodes] == ["input", "stem.conv1", "stem.relu1", "pool"]
    assert graph.inputs == (0,)
    assert graph.input_shape == (1, 2, 4, 4)
    assert graph.complete
    assert graph.uncosted == ()


def test_several_inputs() -> None:
    graph = wire(
        ("a", Input((1, 2, 4, 4)), ()),
        ("b", Input((1, 2, 4, 4)), ()),
        ("sum", Add(), ("a", "b")),
        ("again", Add(), ("sum", "a")),
    )
    verify(graph)
    assert graph.inputs == (0, 1)


def test_a_graph_knows_what_it_could_not_cost() -> None:
    graph = incomplete()
    verify(graph)
    assert not graph.complete
    assert [node.name for node in graph.uncosted] == ["head.odd1"]


def test_an_operator_without_a_rule_takes_any_number_of_tensors() -> None:
    verify(wire(("a", Input((1, 2)), ()), ("odd", Unknown("odd", (1, 7)), ("a",))))
    verify(wire(("a", Input((1, 2)), ()), ("odd", Unknown("odd", (1, 7)), ("a", "a", "a"))))


def test_weights_that_an_earlier_node_has_counted() -> None:
    cost = Cost(params=14, multiply_adds=864, reads=86, writes=48, activations=48)
    verify(changed(1, shared=40, cost=cost))


BROKEN: dict[str, tuple[Callable[[], Graph], str]] = {
    "no node at all": (
        lambda: Graph("wired", "hand", (), ()),
        "wired: no node is an input",
    ),
    "no input": (
        lambda: Graph("wired", "hand", (Node("odd", Unknown("odd", (1, 7)), (), (1, 7), Cost()),), (0,)),
        "wired: no node is an input",
    ),
    "a name twice": (
        lambda: changed(2, name="stem.conv1"),
        "wired: 'stem.conv1' is not a name of its own",
    ),
    "a name that is a scope": (
        lambda: changed(3, name="stem"),
        "wired: 'stem' is not a name of its own",
    ),
    "an empty name": (
        lambda: changed(3, name=""),
        "wired: '' is not a name of its own",
    ),
    "an empty part of a name": (
        lambda: changed(3, name="head..pool"),
        "wired: 'head..pool' is not a name of its own",
    ),
    "signs in a name": (
        lambda: changed(3, name="pool one"),
        "wired: 'pool one' is not a name of its own",
    ),
    "letters that module names do not have": (
        lambda: changed(3, name="größe"),
        "wired: 'größe' is not a name of its own",
    ),
    "a line break behind a name": (
        lambda: changed(3, name="pool\n"),
        "wired: 'pool\\n' is not a name of its own",
    ),
    "fed by a later node": (
        lambda: changed(1, inputs=(2,)),
        "wired: stem.conv1 is fed by (2,), not all of them before it",
    ),
    "fed by itself": (
        lambda: changed(1, inputs=(1,)),
        "wired: stem.conv1 is fed by (1,), not all of them before it",
    ),
    "fed from before the start": (
        lambda: changed(1, inputs=(-1,)),
        "wired: stem.conv1 is fed by (-1,), not all of them before it",
    ),
    "fed by nothing": (
        lambda: changed(1, inputs=()),
        "wired: stem.conv1 (conv) is fed by 0 tensors",
    ),
    "fed by too many": (
        lambda: changed(1, inputs=(0, 0)),
        "wired: stem.conv1 (conv) is fed by 2 tensors",
    ),
    "a sum of one": (
        lambda: changed(2, op=Add()),
        "wired: stem.relu1 (add) is fed by 1 tensors",
    ),
    "an input that is fed": (
        lambda: changed(2, op=Input((1, 3, 4, 4))),
        "wired: stem.relu1 (input) is fed by 1 tensors",
    ),
    "shapes that the operator refuses": (
        lambda: changed(2, op=Conv(4, groups=2)),
        "wired: stem.relu1 (conv): 3 in channels are not divisible by groups=2",
    ),
    "another shape": (
        lambda: changed(2, shape=(1, 3, 4, 5)),
        "wired: stem.relu1 has shape (1, 3, 4, 5), its rule says (1, 3, 4, 4)",
    ),
    "another cost": (
        lambda: changed(2, cost=Cost(elementwise=47, reads=48, writes=48)),
        "wired: stem.relu1 does not cost what its rule says",
    ),
    "shared weights that its cost still holds": (
        lambda: changed(1, shared=54),
        "wired: stem.conv1 does not cost what its rule says",
    ),
    "more shared weights than it has": (
        lambda: changed(
            1, shared=55, cost=Cost(params=-1, multiply_adds=864, reads=86, writes=48, activations=48)
        ),
        "wired: stem.conv1 does not cost what its rule says",
    ),
    "no outputs": (
        lambda: replace(three_nodes(), outputs=()),
        "wired: () are not nodes of the graph",
    ),
    "an output beyond the end": (
        lambda: replace(three_nodes(), outputs=(3, 4)),
        "wired: (3, 4) are not nodes of the graph",
    ),
    "an output before the start": (
        lambda: replace(three_nodes(), outputs=(-1,)),
        "wired: (-1,) are not nodes of the graph",
    ),
}


@pytest.mark.parametrize("rule", BROKEN)
def test_each_rule_broken_once(rule: str) -> None:
    make, message = BROKEN[rule]
    with pytest.raises(GraphError) as caught:
        verify(make())
    assert str(caught.value) == message


def test_every_network_of_the_catalogue_keeps_the_rules(catalogue: dict[str, Graph]) -> None:
    for graph in catalogue.values():
        verify(graph)
        assert graph.complete


def test_graphs_are_frozen_values() -> None:
    graph = three_nodes()
    assert graph == three_nodes()
    assert hash(graph) == hash(three_nodes())
    with pytest.raises(FrozenInstanceError):
        graph.model = "other"  # type: ignore[misc]
