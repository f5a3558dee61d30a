"""What gradients show of networks that are small enough to be told by hand."""

from fractions import Fraction

from archlens import ops
from archlens.analyses.receptive_field import receptive_fields
from archlens.graph import Graph
from archlens.studies.axis_field import AxisField, from_gradients, from_static
from archlens.studies.long_input import LongInput
from tests.wiring import Step, wire


def axis_fields(graph: Graph, axis: int = 2) -> tuple[AxisField, AxisField]:
    """The analysis's and the gradient's, of the last node."""
    long = LongInput(graph, receptive_fields(graph), axis)
    last = len(graph.nodes) - 1
    (found,) = from_gradients(long, [last])
    return from_static(long, last), found


def test_a_window_by_hand() -> None:
    graph = wire(
        ("input", ops.Input((1, 2, 20, 3)), ()),
        ("conv", ops.Conv(2, 3, 2), ("input",)),
    )
    ours, theirs = axis_fields(graph)
    assert ours == theirs
    assert theirs.whole == tuple((2 * place - 1, 2 * place + 1) for place in theirs.places)
    assert (theirs.size, theirs.stride, theirs.padding) == (3, Fraction(2), Fraction(1))
    assert not theirs.everything


def test_a_gate_by_hand() -> None:
    graph = wire(
        ("input", ops.Input((1, 2, 20, 20)), ()),
        ("conv", ops.Conv(2, 3), ("input",)),
        ("pool", ops.GlobalAveragePool(keep_axes=True), ("conv",)),
        ("gate", ops.Multiply(), ("conv", "pool")),
    )
    ours, theirs = axis_fields(graph, 3)
    assert ours == theirs
    assert (theirs.size, theirs.everything) == (3, True)


def test_channels_by_hand() -> None:
    graph = wire(
        ("input", ops.Input((1, 2, 20, 20)), ()),
        ("conv", ops.Conv(2, 5), ("input",)),
        ("joined", ops.Concat(), ("input", "conv")),
    )
    ours, theirs = axis_fields(graph)
    assert ours == theirs
    assert theirs.singles == (0, 2, 3)
    first = theirs.places[0]
    assert theirs.each == ((first, first), (first - 2, first + 2), (first - 2, first + 2))
    assert (theirs.size, theirs.smallest) == (5, 1)


def test_a_thousand_layers_lose_nothing() -> None:
    """Gradients of a thousand means would vanish in float64."""
    steps: list[Step] = [("node0", ops.Input((1, 1, 2100, 1)), ())]
    steps += [(f"node{i + 1}", ops.Conv(1, 3), (f"node{i}",)) for i in range(1000)]
    ours, theirs = axis_fields(wire(*steps))
    assert ours == theirs
    assert theirs.size == 2001


def test_a_reshape_that_ties_axes_together_is_run_on_all_of_them() -> None:
    graph = wire(
        ("input", ops.Input((1, 4, 20, 6)), ()),
        ("parted", ops.Reshape((0, 2, 2, 20, 6)), ("input",)),
        ("sum", ops.Sum((1,)), ("parted",)),
        ("conv", ops.Conv(2, 3), ("sum",)),
    )
    ours, theirs = axis_fields(graph)
    assert ours == theirs
    assert theirs.size == 3
