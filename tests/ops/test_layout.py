"""Copies, against elements moved one at a time and against torch."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from archlens.cost import Cost
from archlens.ops import ChannelShuffle, Concat, Op, Pad, Shape, Upsample
from tests.ops.refusal import refuses
from tests.oracles.example import Example
from tests.oracles.layout import concatenated, padded_with_zeros, shuffled, upsampled

X = (2, 6, 3, 4)

EXAMPLES = [
    Example(Concat(), (X, (2, 1, 3, 4), X), lambda: concatenated(X, (2, 1, 3, 4), X, axis=1)),
    Example(Concat(axis=-1), (X, (2, 6, 3, 1)), lambda: concatenated(X, (2, 6, 3, 1), axis=3)),
    Example(ChannelShuffle(3), (X,), lambda: shuffled(X, groups=3)),
    Example(Pad(((1, 0), (0, 2))), (X,), lambda: padded_with_zeros(X, pairs={2: (1, 0), 3: (0, 2)})),
    Example(Pad(((0, 3), (0, 0), (1, 1))), (X,), lambda: padded_with_zeros(X, pairs={1: (0, 3), 3: (1, 1)})),
    Example(Upsample(scale=2), (X,), lambda: upsampled(X, size=(6, 8), computed=False)),
    Example(Upsample(size=(7, 9), mode="bilinear"), (X,), lambda: upsampled(X, size=(7, 9), computed=True)),
    Example(Upsample(size=5), ((1, 2, 3),), lambda: upsampled((1, 2, 3), size=(5,), computed=False)),
]


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_counts_are_those_of_the_moves(example: Example) -> None:
    example.compare()


def test_a_concat_and_a_shuffle_by_hand() -> None:
    # ShuffleNet V2's unit: 58 channels beside 58 at 28×28 make 116·784 = 90944 elements, copied twice
    half, whole = (1, 58, 28, 28), (1, 116, 28, 28)
    assert Concat().output((half, half)) == whole
    assert Concat().cost((half, half), whole) == Cost(reads=90_944, writes=90_944)
    assert ChannelShuffle(2).cost((whole,), whole) == Cost(reads=90_944, writes=90_944)


@given(st.lists(st.integers(1, 4), min_size=1, max_size=5).map(tuple), st.data())
def test_concat_is_that_of_torch(x: Shape, data: st.DataObject) -> None:
    tensor = torch.empty(x, device="meta")
    axis = data.draw(st.integers(-len(x), len(x) - 1))
    assert Concat(axis).output((x, x)) == tuple(torch.cat([tensor, tensor], axis).shape)


@given(st.tuples(*[st.integers(0, 3)] * 6))
def test_pad_is_that_of_torch(sides: tuple[int, ...]) -> None:
    pairs = (sides[0:2], sides[2:4], sides[4:6])  # torch names the last axis first
    padded = torch.nn.functional.pad(torch.empty(X, device="meta"), [*pairs[2], *pairs[1], *pairs[0]])
    op = Pad(tuple((before, after) for before, after in pairs))
    assert op.output((X,)) == tuple(padded.shape)


@pytest.mark.parametrize("mode", ["nearest", "bilinear"])
@pytest.mark.parametrize(("scale", "size"), [(3, None), (None, 7), (None, (9, 5))])
def test_upsample_is_that_of_torch(mode: str, scale: int | None, size: int | tuple[int, int] | None) -> None:
    module = torch.nn.Upsample(size, scale, mode)
    assert Upsample(scale, size, mode).output((X,)) == tuple(module(torch.empty(X, device="meta")).shape)


@pytest.mark.parametrize(
    ("make", "inputs", "because"),
    [
        (lambda: Concat(axis=4), [X, X], "axis=4 is not an axis of 2×6×3×4, 0 to 3"),
        (
            Concat,
            [X, (2, 6, 3, 5)],
            "maps of 2×6×3×4 and 2×6×3×5 cannot be joined along axis 1: the other axes differ",
        ),
        (Concat, [(2, 3), (2,)], "maps of 2×3 and 2 cannot be joined along axis 1: the other axes differ"),
        (lambda: ChannelShuffle(4), [X], "6 channels are not divisible by groups=4"),
        (lambda: ChannelShuffle(0), [X], "groups=0 is not a positive integer"),
        (lambda: ChannelShuffle(2), [(1, 4)], "a channel shuffle needs a map with spatial axes, got 1×4"),
        (lambda: Upsample(), [X], "scale=None, size=None: one of the two is needed"),
        (lambda: Upsample(2, (4, 4)), [X], "scale=2, size=[4, 4]: one of the two is needed"),
        (lambda: Upsample(0), [X], "scale=0 is not a positive integer"),
        (
            lambda: Upsample(size=(4, 0)),
            [X],
            "size=[4, 0]: expected an integer of at least 1, or a list of 2, one an axis",
        ),
        (
            lambda: Upsample(2, mode="cubic"),
            [X],
            "mode='cubic' is not one of bilinear, nearest, nearest_exact",
        ),
        (lambda: Upsample(2), [(1, 4)], "an upsampling needs a map with spatial axes, got 1×4"),
        (
            lambda: Upsample(2, mode="bilinear"),
            [(1, 2, 3)],
            "bilinear upsampling needs height and width, got 1×2×3",
        ),
    ],
)
def test_what_layouts_refuse(make: Callable[[], Op], inputs: list[Shape], because: str) -> None:
    refuses(make, *inputs, because=because)


@pytest.mark.parametrize(
    ("pairs", "shown"),
    [((), "[]"), (((0, -1),), "[[0, -1]]"), (((0, 0),) * 4, "[[0, 0], [0, 0], [0, 0], [0, 0]]")],
)
def test_paddings_that_fit_no_axes(pairs: Any, shown: str) -> None:
    because = (
        f"padding={shown}: expected a (before, after) pair for each of the last axes "
        "of 2×6×3×4, such as [[0, 1], [0, 1]]"
    )
    refuses(lambda: Pad(pairs), X, because=because)
