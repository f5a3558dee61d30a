"""Kernels that a compiler fuses, on graphs small enough to be read."""

from archlens.devices.fusion import Traffic, traffic
from archlens.devices.terms import follows_input
from archlens.graph import Graph, Node
from archlens.ops import Add, Conv, Input, Op, ReLU

X = (1, 2, 3, 3)
"""Eighteen elements."""


def graph_of(*steps: tuple[Op, tuple[int, ...]]) -> Graph:
    """Operators that all keep the shape, each with what feeds it."""
    nodes = [Node("x", Input(X), (), X, Input(X).cost((), X))]
    for number, (op, inputs) in enumerate(steps, 1):
        nodes.append(Node(f"n{number}", op, inputs, X, op.cost((X,) * len(inputs), X)))
    return Graph("g", "", tuple(nodes), (len(nodes) - 1,))


def test_a_chain_is_one_kernel() -> None:
    graph = graph_of((ReLU(), (0,)), (ReLU(), (1,)), (ReLU(), (2,)))
    assert traffic(graph, follows_input(graph)) == [
        Traffic(0, 0, 0),
        Traffic(18, 0, 1),
        Traffic(0, 0, 0),
        Traffic(18, 0, 0),
    ]


def test_what_another_kernel_reads_is_written() -> None:
    graph = graph_of((ReLU(), (0,)), (ReLU(), (1,)), (Conv(2, 3), (1,)), (Add(), (2, 3)))
    relu, again, convolution, add = traffic(graph, follows_input(graph))[1:]
    assert relu == Traffic(18 + 18, 0, 1)  # the convolution reads it
    assert again == Traffic(0, 0, 0)
    assert convolution == Traffic(18 + 18, 0, 1)
    assert add == Traffic(18 + 18, 0, 0)  # reads the convolution's output, writes the network's


def test_what_two_of_a_kernel_read_is_read_once() -> None:
    graph = graph_of((Conv(2, 1), (0,)), (ReLU(), (1,)), (Add(), (2, 1)))
    assert traffic(graph, follows_input(graph))[2:] == [Traffic(18, 0, 1), Traffic(18, 0, 0)]
