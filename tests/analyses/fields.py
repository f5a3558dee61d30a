"""What the tests of receptive fields share."""

from archlens import ops
from archlens.analyses.receptive_field import ReceptiveField, receptive_fields
from archlens.graph import Graph
from tests.wiring import Step, wire

__all__ = ["X", "chain", "field"]

X = ops.Input((1, 4, 32, 32))


def field(graph: Graph, name: str = "") -> ReceptiveField:
    """The field of a node, of the last one unless named."""
    names = [node.name for node in graph.nodes]
    found = receptive_fields(graph).of(names.index(name) if name else len(names) - 1)
    assert found is not None
    return found


def chain(*operators: ops.Op, x: ops.Op = X) -> Graph:
    steps: list[Step] = [("node0", x, ())]
    for at, op in enumerate(operators):
        steps.append((f"node{at + 1}", op, (f"node{at}",)))
    return wire(*steps)
