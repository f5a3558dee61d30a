"""Graphs wired by hand, so that these tests need no spec."""

from collections.abc import Callable

import pytest

from archlens.graph import Graph, Node, verify
from archlens.ops import Op

Step = tuple[str, Op, tuple[str, ...]]


@pytest.fixture(scope="session")
def wire() -> Callable[..., Graph]:
    """A graph from (name, operator, names of what feeds it), and the names of its outputs."""

    def wired(*steps: Step, outputs: tuple[str, ...] = ()) -> Graph:
        positions = {name: position for position, (name, _, _) in enumerate(steps)}
        nodes: list[Node] = []
        for name, op, feeding in steps:
            inputs = tuple(positions[other] for other in feeding)
            shapes = tuple(nodes[i].shape for i in inputs)
            shape = op.output(shapes)
            nodes.append(Node(name, op, inputs, shape, op.cost(shapes, shape)))
        ends = tuple(positions[name] for name in outputs) or (len(nodes) - 1,)
        graph = Graph("wired", "", tuple(nodes), ends)
        verify(graph)
        return graph

    return wired
