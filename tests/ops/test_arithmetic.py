"""Sums, products, means and maxima, against one output at a time and against torch."""

from collections.abc import Callable

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from archlens.ops import (
    Add,
    Divide,
    Gain,
    Maximum,
    Mean,
    Multiply,
    Op,
    Scale,
    Shape,
    Shift,
    Subtract,
    Sum,
)
from tests.ops.refusal import refuses
from tests.oracles.arithmetic import combined, gained, reduced, scaled
from tests.oracles.example import Example

X = (2, 3, 4, 5)
GATE = (2, 3, 1, 1)

EXAMPLES = [
    Example(Add(), (X, X), lambda: combined(X, X)),
    Example(Add(), (X, X, X), lambda: combined(X, X, X)),
    Example(Add(), (GATE, X, GATE), lambda: combined(GATE, X, GATE)),
    Example(Add(), (X, (4, 1)), lambda: combined(X, (4, 1)), batched=False),
    Example(Subtract(), (X, GATE, X), lambda: combined(X, GATE, X)),
    Example(Multiply(), (X, GATE), lambda: combined(X, GATE)),
    Example(Multiply(), ((2, 3, 4, 1), (2, 1, 1, 5)), lambda: combined((2, 3, 4, 1), (2, 1, 1, 5))),
    Example(Divide(), (X, GATE), lambda: combined(X, GATE)),
    Example(Divide(), (GATE, X, GATE), lambda: combined(GATE, X, GATE)),
    Example(Shift(1e-5), (X,), lambda: scaled(X)),
    Example(Scale(0.17), (X,), lambda: scaled(X)),
    Example(Gain(), (X,), lambda: gained(X, per_channel=False)),
    Example(Gain(per_channel=True, initial=1e-6), (X,), lambda: gained(X, per_channel=True)),
    Example(Mean(), (X,), lambda: reduced(X, axes={2, 3}, keep=False)),
    Example(Mean(axes=(-1,), keep_axes=True), (X,), lambda: reduced(X, axes={3}, keep=True)),
    Example(Mean(axes=(0, 1, 2, 3)), (X,), lambda: reduced(X, axes={0, 1, 2, 3}, keep=False), batched=False),
    Example(Sum(axes=(1,)), (X,), lambda: reduced(X, axes={1}, keep=False)),
    Example(Sum(keep_axes=True), (X,), lambda: reduced(X, axes={2, 3}, keep=True)),
    Example(Maximum(), (X,), lambda: reduced(X, axes={2, 3}, keep=False)),
    Example(Maximum(axes=(1,), keep_axes=True), (X,), lambda: reduced(X, axes={1}, keep=True)),
]


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_counts_are_those_of_the_loops(example: Example) -> None:
    example.compare()


def test_a_shortcut_by_hand() -> None:
    # two maps of 256·56·56 = 802816 elements are read, one is written
    x = (1, 256, 56, 56)
    cost = Add().cost((x, x), x)
    assert cost.reads == 1_605_632
    assert cost.writes == cost.elementwise == 802_816
    assert cost.memory_access == 2_408_448


def test_three_summands_by_hand() -> None:
    # 10 + 10 read, 10 written; those 10 and the last 10 read, 10 written
    x = (1, 10)
    cost = Add().cost((x, x, x), x)
    assert (cost.reads, cost.writes, cost.elementwise) == (40, 20, 20)


def test_a_gate_by_hand() -> None:
    # squeeze and excite: 64 numbers stretched over 64 maps of 7×7
    x, gate = (1, 64, 7, 7), (1, 64, 1, 1)
    cost = Multiply().cost((x, gate), x)
    assert (cost.reads, cost.writes) == (3_136 + 64, 3_136)


@given(st.lists(st.integers(1, 4), min_size=1, max_size=4).map(tuple), st.data())
def test_reductions_are_those_of_torch(x: Shape, data: st.DataObject) -> None:
    axes = tuple(data.draw(st.sets(st.integers(0, len(x) - 1), min_size=1)))
    signed = tuple(data.draw(st.sampled_from([axis, axis - len(x)])) for axis in axes)
    keep = data.draw(st.booleans())
    expected = tuple(torch.empty(x, device="meta").mean(axes, keepdim=keep).shape)
    assert Mean(signed, keep).output((x,)) == expected
    assert Sum(signed, keep).output((x,)) == expected
    assert Maximum(signed, keep).output((x,)) == expected


@pytest.mark.parametrize("op", [Add(), Multiply(), Subtract(), Divide()], ids=str)
def test_shapes_that_do_not_stretch(op: Op) -> None:
    because = "1×64×56×56 and 1×64×28×28 do not fit together, axis by axis"
    refuses(lambda: op, (1, 64, 56, 56), (1, 64, 28, 28), because=because)
    because = "2×3 and 1×3 and 3 and 2×4 do not fit together, axis by axis"
    refuses(lambda: op, (2, 3), (1, 3), (3,), (2, 4), because=because)


@pytest.mark.parametrize(
    ("make", "x", "because"),
    [
        (Gain, (4,), "a gain needs a channel axis, got 4"),
        (Mean, (1, 4), "axes=[2, 3] are not all axes of 1×4, 0 to 1"),
        (lambda: Mean(axes=(1, 1)), X, "axes=[1, 1] name one axis twice"),
        (lambda: Sum(axes=(3, -1)), X, "axes=[3, -1] name one axis twice"),
        (lambda: Sum(axes=()), X, "axes=[] names no axis of 2×3×4×5: expected a list such as [2, 3]"),
        (lambda: Scale(float("nan")), X, "factor=nan is not a number"),
        (lambda: Scale(float("-inf")), X, "factor=-inf is not a number"),
        (lambda: Scale(True), X, "factor=True is not a number"),
        (lambda: Shift(float("inf")), X, "offset=inf is not a number"),
    ],
)
def test_what_arithmetic_refuses(make: Callable[[], Op], x: Shape, because: str) -> None:
    refuses(make, x, because=because)
