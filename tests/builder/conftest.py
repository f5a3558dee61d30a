"""Graphs wired by hand, so that these tests need no spec."""

from collections.abc import Callable

import pytest

from archlens.graph import Graph, verify
from archlens.ops import Op
from tests import wiring

Step = tuple[str, Op, tuple[str, ...]]


@pytest.fixture(scope="session")
def wire() -> Callable[..., Graph]:
    """A graph from (name, operator, names of what feeds it), and the names of its outputs."""

    def wired(*steps: Step, outputs: tuple[str, ...] = ()) -> Graph:
        graph = wiring.wire(*steps, outputs=outputs)
        verify(graph)
        return graph

    return wired
