"""Graphs wired by hand, so that tests need no spec."""

from archlens.graph import Graph, Node
from archlens.ops import Conv, GlobalAveragePool, Input, Op, ReLU, Unknown

__all__ = ["incomplete", "three_nodes", "wire"]

Step = tuple[str, Op, tuple[str, ...]]


def wire(*steps: Step, outputs: tuple[str, ...] = (), model: str = "wired") -> Graph:
    """A graph from (name, operator, names of what feeds it); its output is the last node unless named."""
    positions = {name: position for position, (name, _, _) in enumerate(steps)}
    nodes: list[Node] = []
    for name, op, feeding in steps:
        inputs = tuple(positions[other] for other in feeding)
        shapes = tuple(nodes[i].shape for i in inputs)
        shape = op.output(shapes)
        nodes.append(Node(name, op, inputs, shape, op.cost(shapes, shape)))
    ends = tuple(positions[name] for name in outputs) or (len(nodes) - 1,)
    return Graph(model, "hand", tuple(nodes), ends)


def three_nodes() -> Graph:
    """A convolution and a ReLU in a stage of their own, and a pool that stands alone.

                 params  multiply_adds  elementwise  reads         writes  activations
    stem.conv1   54      864            0            86 = 32 + 54  48      48
    stem.relu1   0       0              48           48            48      0
    pool         0       0              3            48            3       0

    The input has 2·4·4 = 32 elements, the convolution 3·3·2·3 = 54 weights, each used at 4·4 = 16 places.
    """
    return wire(
        ("input", Input((1, 2, 4, 4)), ()),
        ("stem.conv1", Conv(3, 3), ("input",)),
        ("stem.relu1", ReLU(), ("stem.conv1",)),
        ("pool", GlobalAveragePool(), ("stem.relu1",)),
    )


def incomplete() -> Graph:
    """A convolution, and an operator behind it that no rule costs."""
    return wire(
        ("input", Input((1, 2, 4, 4)), ()),
        ("stem.conv1", Conv(3, 3), ("input",)),
        ("head.odd1", Unknown("odd", (1, 7)), ("stem.conv1",)),
    )
