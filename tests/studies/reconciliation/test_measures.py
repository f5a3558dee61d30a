"""What can be counted of a node, by hand."""

import pytest

from archlens import ops
from archlens.cost import Cost
from archlens.graph import Graph, Node
from archlens.recorder.dynamic import Attention
from archlens.recorder.recurrent import Recurrent
from archlens.studies.reconciliation.conventions import CONVENTIONS
from archlens.studies.reconciliation.measures import MEASURES, key

Shape = tuple[int, ...]


def node(op: ops.Op, *inputs: Shape) -> tuple[Node, tuple[Shape, ...]]:
    shape = op.output(inputs)
    return Node("it", op, (), shape, op.cost(inputs, shape)), inputs


CONV = node(ops.Conv(6, 3, bias=True), (1, 4, 8, 8))
TRANSPOSED = node(ops.TransposedConv(6, 2, 2, bias=True), (1, 4, 8, 8))
LINEAR = node(ops.Linear(3), (1, 5, 8))
NORM = node(ops.BatchNorm(), (1, 4, 8, 8))
SOFTMAX = node(ops.Softmax(2), (1, 5, 8))
ATTENTION = node(Attention("attention", (1, 2, 5, 4)), *[(1, 2, 5, 4)] * 3)
LSTM = node(Recurrent("lstm", (1, 5, 6), 6, bias=48), (1, 5, 8))
MULTIPLY = node(ops.Multiply(), *[(1, 2, 3)] * 3)
NEIGHBOURS = node(ops.LocalResponseNorm(3), (1, 4, 8, 8))
GROUPED = node(ops.TransposedConv(6, 2, 2, groups=2), (1, 4, 8, 8))
STANDARDIZED = node(ops.WeightStandardizedConv(6, 3, bias=True), (1, 4, 8, 8))


@pytest.mark.parametrize(
    ("found", "measure", "expected"),
    [
        (CONV, "multiply-adds", 9 * 4 * 6 * 64),
        (CONV, "biases", 6 * 64),
        (CONV, "outputs", 6 * 64),
        (CONV, "inputs", 4 * 64),
        (CONV, "weights", 9 * 4 * 6 + 6),
        (CONV, "channels", 6),
        (CONV, "operators", 1),
        (CONV, "weights of the kernel", 0),
        (STANDARDIZED, "weights of the kernel", 9 * 4 * 6),
        (TRANSPOSED, "multiply-adds", 4 * 6 * 4 * 64),
        (TRANSPOSED, "multiply-adds at the output", 4 * 6 * 4 * 256),
        (TRANSPOSED, "biases", 6 * 256),
        (GROUPED, "multiply-adds", 4 * 3 * 4 * 64),
        (GROUPED, "multiply-adds at the output without groups", 4 * 6 * 4 * 256),
        (GROUPED, "multiply-adds by groups twice", 4 * (3 // 2) * 4 * 64),
        (LINEAR, "multiply-adds", 5 * 8 * 3),
        (LINEAR, "weights once", 8 * 3 + 3),
        (LINEAR, "joint projections", 0),
        (node(ops.Linear(16), (1, 5, 8)), "joint projections", 1),
        (node(ops.Linear(24), (2, 8)), "weights × hidden features of 4 gates", 2 * (8 * 24 + 24) * 6),
        (NORM, "inputs of images", 4 * 64),
        (LSTM, "inputs of images", 0),
        (LINEAR, "weights without bias", 8 * 3),
        (LINEAR, "biases once", 3),
        (LINEAR, "biases", 15),
        (NORM, "weights", 8),
        (NORM, "biases", 0),
        (NORM, "inputs with channels of padding", 4 * 64),
        (NEIGHBOURS, "inputs with channels of padding", (4 + 2) * 64),
        (SOFTMAX, "rows", 5),
        (ATTENTION, "scores", 2 * 5 * 5),
        (LSTM, "multiply-adds", 5 * 4 * 6 * (8 + 6)),
        (LSTM, "biases", 5 * 2 * 4 * 6),
        (MULTIPLY, "element-wise", 2 * 6),
    ],
)
def test_by_hand(found: tuple[Node, tuple[Shape, ...]], measure: str, expected: int) -> None:
    assert MEASURES[measure](*found) == expected


def test_shared_weights_are_measured_too() -> None:
    own, inputs = LINEAR
    again = Node("again", own.op, (), own.shape, Cost(multiply_adds=120), shared=27)
    assert MEASURES["weights"](again, inputs) == MEASURES["weights"](own, inputs) == 27


def test_several_samples_use_their_weights_once_each() -> None:
    assert MEASURES["weights without bias"](*node(ops.Linear(3), (7, 5, 8))) == 7 * 24


def test_nothing_feeds_an_input() -> None:
    source = Node("input", ops.Input((1, 3)), (), (1, 3), Cost())
    assert Graph("m", "", (source,), (0,)).shapes_into(source) == ()
    assert {measure(source, ()) for measure in MEASURES.values()} <= {0, 1, 3}


@pytest.mark.parametrize(
    ("found", "name"),
    [
        (CONV, "conv"),
        (NORM, "batch_norm"),
        (node(ops.BatchNorm(affine=False), (1, 4, 8, 8)), "batch_norm without weights"),
        (node(ops.Upsample(scale=2, mode="bilinear"), (1, 4, 8, 8)), "upsample bilinear"),
        (LSTM, "lstm"),
        (ATTENTION, "attention"),
    ],
)
def test_what_conventions_call_it(found: tuple[Node, tuple[Shape, ...]], name: str) -> None:
    assert key(found[0]) == name


def test_conventions_measure_what_can_be_measured() -> None:
    rates = [
        rate
        for convention in CONVENTIONS.values()
        for table in (convention.operators, convention.modules, convention.layers)
        for rated in table.values()
        for rate in rated
    ]
    assert {rate.measure for rate in rates} <= MEASURES.keys()
    assert all(rate.term or rate.measure == "multiply-adds" for rate in rates)
