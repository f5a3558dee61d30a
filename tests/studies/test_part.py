"""The part of a graph that leads somewhere."""

from archlens import ops
from archlens.graph import verify
from archlens.studies.part import part
from tests.wiring import wire

GRAPH = wire(
    ("input", ops.Input((1, 4, 8, 8)), ()),
    ("conv", ops.Conv(4, 3), ("input",)),
    ("pool", ops.GlobalAveragePool(keep_axes=True), ("conv",)),
    ("gate", ops.Multiply(), ("conv", "pool")),
    ("aside", ops.Conv(2), ("conv",)),
    ("end", ops.ReLU(), ("gate",)),
)


def test_only_what_is_needed_is_kept() -> None:
    found = part(GRAPH, [3])
    verify(found)
    assert [node.name for node in found.nodes] == ["input", "conv", "pool", "gate"]
    assert found.outputs == (3,)


def test_several_ends_become_outputs_in_their_order() -> None:
    found = part(GRAPH, [4, 1])
    verify(found)
    assert [found.nodes[i].name for i in found.outputs] == ["aside", "conv"]


def test_a_tensor_that_is_given_becomes_an_input() -> None:
    found = part(GRAPH, [5], lambda node, feeding: GRAPH.nodes[feeding].name == "pool")
    verify(found)
    assert [node.name for node in found.nodes] == ["input", "conv", "given2", "gate", "end"]
    assert [found.nodes[i].shape for i in found.inputs] == [(1, 4, 8, 8), (1, 4, 1, 1)]
    assert found.nodes[3].inputs == (1, 2)
