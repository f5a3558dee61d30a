"""Views, against elements moved one at a time and against torch."""

from collections.abc import Callable
from math import prod

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from archlens.cost import Cost
from archlens.ops import (
    OPERATORS,
    Dropout,
    Flatten,
    Identity,
    Input,
    Op,
    Reshape,
    Shape,
    Slice,
    Split,
    Transpose,
    Unknown,
)
from tests.ops.refusal import refuses
from tests.oracles.example import Example
from tests.oracles.layout import cut, flattened, reshaped, transposed, unchanged

X = (2, 6, 3, 4)

EXAMPLES = [
    Example(Input(X), (), lambda: unchanged(X)),
    Example(Identity(), (X,), lambda: unchanged(X)),
    Example(Dropout(0.2), (X,), lambda: unchanged(X)),
    Example(Flatten(), (X,), lambda: flattened(X, start=1)),
    Example(Flatten(start=-2), (X,), lambda: flattened(X, start=2)),
    Example(Reshape((0, 2, 3, -1)), (X,), lambda: reshaped(X, to=(2, 2, 3, 12))),
    Example(Reshape((-1, 0)), (X,), lambda: reshaped(X, to=(24, 6))),
    Example(Reshape((4, 36)), (X,), lambda: reshaped(X, to=(4, 36)), batched=False),
    Example(Transpose((0, 2, 3, 1)), (X,), lambda: transposed(X, order=(0, 2, 3, 1))),
    Example(Transpose((-1, 1, 0, -2)), (X,), lambda: transposed(X, order=(3, 1, 0, 2))),
    Example(Split(3, 1), (X,), lambda: cut(X, axis=1, keep=range(2, 4))),
    Example(Split(2, 1, axis=-1), (X,), lambda: cut(X, axis=3, keep=range(2, 4))),
    Example(Slice(1, 5), (X,), lambda: cut(X, axis=1, keep=range(1, 5))),
    Example(Slice(0, 1, axis=2), (X,), lambda: cut(X, axis=2, keep=range(1))),
]


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_counts_are_those_of_the_moves(example: Example) -> None:
    example.compare()


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_a_view_costs_nothing(example: Example) -> None:
    assert example.op.cost(example.inputs, example.op.output(example.inputs)) == Cost()


def test_the_patches_of_vit_by_hand() -> None:
    # 768 channels of 14×14 become 196 tokens of 768 features, and nothing moves
    tokens = Reshape((0, 0, -1)).output(((1, 768, 14, 14),))
    assert tokens == (1, 768, 196)
    assert Transpose((0, 2, 1)).output((tokens,)) == (1, 196, 768)


def test_an_unknown_operator_is_known_to_be_uncosted() -> None:
    op = Unknown("grid_sample", (1, 3, 8, 8))
    assert op.output((X, X)) == (1, 3, 8, 8)
    assert op.cost((X, X), (1, 3, 8, 8)) == Cost()
    assert not op.costed
    assert op.kind == "unknown"
    assert op.kind not in OPERATORS


@given(st.lists(st.integers(1, 6), min_size=1, max_size=4).map(tuple), st.data())
def test_reshape_is_that_of_torch(x: Shape, data: st.DataObject) -> None:
    elements = prod(x)
    wanted = tuple(data.draw(st.lists(st.sampled_from([-1, 1, 2, 3, elements, *x]), min_size=1, max_size=4)))
    try:
        expected = tuple(torch.empty(x, device="meta").reshape(wanted).shape)
    except RuntimeError:
        with pytest.raises(Exception, match=r"cannot become|at most one -1"):
            Reshape(wanted).output((x,))
    else:
        assert Reshape(wanted).output((x,)) == expected


@given(st.lists(st.integers(1, 4), min_size=1, max_size=5).map(tuple), st.data())
def test_views_are_those_of_torch(x: Shape, data: st.DataObject) -> None:
    tensor = torch.empty(x, device="meta")
    order = tuple(data.draw(st.permutations(range(len(x)))))
    assert Transpose(order).output((x,)) == tuple(tensor.permute(order).shape)
    axis = data.draw(st.integers(-len(x), len(x) - 1))
    assert Flatten(axis).output((x,)) == tuple(tensor.flatten(axis).shape)
    stop = data.draw(st.integers(1, x[axis]))
    start = data.draw(st.integers(0, stop - 1))
    assert Slice(start, stop, axis).output((x,)) == tuple(tensor.narrow(axis, start, stop - start).shape)
    for index, part in enumerate(tensor.chunk(x[axis], axis)):
        assert Split(x[axis], index, axis).output((x,)) == tuple(part.shape)


@pytest.mark.parametrize(
    ("make", "inputs", "because"),
    [
        (lambda: Input(()), [], "shape=[]: expected lengths, such as [1, 3, 224, 224]"),
        (lambda: Input((1, 0)), [], "shape=[1, 0]: expected lengths, such as [1, 3, 224, 224]"),
        (lambda: Dropout(1.5), [X], "probability=1.5 is not between 0 and 1"),
        (lambda: Dropout(-1), [X], "probability=-1 is not between 0 and 1"),
        (lambda: Flatten(4), [X], "start=4 is not an axis of 2×6×3×4, 0 to 3"),
        (lambda: Reshape((0, 5)), [X], "2×6×3×4 has 144 elements and cannot become 0×5"),
        (lambda: Reshape((7, -1)), [X], "2×6×3×4 has 144 elements and cannot become 7×-1"),
        (lambda: Reshape((145, -1)), [X], "2×6×3×4 has 144 elements and cannot become 145×-1"),
        (lambda: Reshape((-1, -1)), [X], "shape=[-1, -1]: expected lengths, 0 to keep one, at most one -1"),
        (lambda: Reshape((2, -2)), [X], "shape=[2, -2]: expected lengths, 0 to keep one, at most one -1"),
        (lambda: Reshape((8, 0)), [(8,)], "shape=[8, 0]: expected lengths, 0 to keep one, at most one -1"),
        (lambda: Reshape(()), [X], "shape=[]: expected lengths, 0 to keep one, at most one -1"),
        (lambda: Transpose((0, 1)), [X], "order=[0, 1] does not name every axis of 2×6×3×4"),
        (lambda: Transpose((0, 1, 2, 2)), [X], "order=[0, 1, 2, 2] name one axis twice"),
        (lambda: Transpose((0, 4)), [X], "order=[0, 4] are not all axes of 2×6×3×4, 0 to 3"),
        (lambda: Split(0, 0), [X], "parts=0 is not a positive integer"),
        (lambda: Split(2, 2), [X], "index=2 is not one of 2 parts, 0 to 1"),
        (lambda: Split(2, -1), [X], "index=-1 is not one of 2 parts, 0 to 1"),
        (lambda: Split(4, 0), [X], "6 channels cannot be split into 4 equal parts"),
        (lambda: Split(2, 0, axis=2), [X], "3 elements along axis 2 cannot be split into 2 equal parts"),
        (lambda: Split(2, 0, axis=4), [X], "axis=4 is not an axis of 2×6×3×4, 0 to 3"),
        (lambda: Slice(2, 7), [X], "start=2, stop=7: no part of axis 1 of 2×6×3×4"),
        (lambda: Slice(3, 3), [X], "start=3, stop=3: no part of axis 1 of 2×6×3×4"),
        (lambda: Slice(-2, 3, axis=-1), [X], "start=-2, stop=3: no part of axis 3 of 2×6×3×4"),
        (lambda: Slice(0, 1, axis=9), [X], "axis=9 is not an axis of 2×6×3×4, 0 to 3"),
    ],
)
def test_what_views_refuse(make: Callable[[], Op], inputs: list[Shape], because: str) -> None:
    refuses(make, *inputs, because=because)
