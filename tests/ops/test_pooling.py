"""Poolings, against windows pushed over the map and against torch."""

from collections.abc import Callable

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from archlens.ops import (
    AdaptiveAveragePool,
    AdaptiveMaxPool,
    AveragePool,
    GlobalAveragePool,
    GlobalMaxPool,
    MaxPool,
    Op,
    Window,
)
from tests.ops.refusal import refuses
from tests.oracles.example import Example
from tests.oracles.pooling import adaptively_pooled, globally_pooled, pooled
from tests.oracles.sliding import pad_like_tensorflow, pad_to_keep

X = (2, 3, 6, 7)

EXAMPLES = [
    Example(MaxPool(2), (X,), lambda: pooled(X, kernel=(2, 2), stride=(2, 2))),
    Example(
        MaxPool(3, stride=2, padding=1),
        (X,),
        lambda: pooled(X, kernel=(3, 3), stride=(2, 2), padding=((1, 1),) * 2),
    ),
    Example(
        MaxPool(3, stride=2, ceil_mode=True),
        (X,),
        lambda: pooled(X, kernel=(3, 3), stride=(2, 2), ceil=True),
    ),
    Example(  # ceil mode's last window would start on the padding behind the input: it is dropped
        MaxPool(2, stride=2, padding=1, ceil_mode=True),
        (X,),
        lambda: pooled(X, kernel=(2, 2), stride=(2, 2), padding=((1, 1),) * 2, ceil=True),
    ),
    Example(
        MaxPool((3, 2), stride=(1, 3), dilation=(2, 1)),
        (X,),
        lambda: pooled(X, kernel=(3, 2), stride=(1, 3), dilation=(2, 1)),
    ),
    Example(
        MaxPool(3, stride=1, padding="same"),
        (X,),
        lambda: pooled(X, kernel=(3, 3), stride=(1, 1), padding=(pad_to_keep(6, 3), pad_to_keep(7, 3))),
    ),
    Example(
        AveragePool(3, stride=2, padding="tensorflow_same"),
        (X,),
        lambda: pooled(
            X,
            kernel=(3, 3),
            stride=(2, 2),
            padding=(pad_like_tensorflow(6, 3, 2), pad_like_tensorflow(7, 3, 2)),
        ),
    ),
    Example(AveragePool(3), ((1, 2, 7),), lambda: pooled((1, 2, 7), kernel=(3,), stride=(3,))),
    Example(
        AveragePool(2, padding=((1, 0), (0, 1)), ceil_mode=True, count_include_pad=False),
        (X,),
        lambda: pooled(X, kernel=(2, 2), stride=(2, 2), padding=((1, 0), (0, 1)), ceil=True),
    ),
    Example(AdaptiveAveragePool(3), (X,), lambda: adaptively_pooled(X, size=(3, 3))),
    Example(AdaptiveMaxPool((4, 9)), (X,), lambda: adaptively_pooled(X, size=(4, 9))),
    Example(GlobalAveragePool(), (X,), lambda: globally_pooled(X, keep=False)),
    Example(GlobalMaxPool(keep_axes=True), (X,), lambda: globally_pooled(X, keep=True)),
]


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_counts_are_those_of_the_loops(example: Example) -> None:
    example.compare()


def test_the_pooling_of_resnet_by_hand() -> None:
    # 112×112 in windows of 3×3, every second place: 56×56 of them, in 64 channels
    x = (1, 64, 112, 112)
    op = MaxPool(3, stride=2, padding=1)
    assert op.output((x,)) == (1, 64, 56, 56)
    cost = op.cost((x,), (1, 64, 56, 56))
    assert (cost.elementwise, cost.reads, cost.writes) == (200_704, 802_816, 200_704)
    assert (cost.params, cost.multiply_adds, cost.activations) == (0, 0, 0)


def test_the_ceil_mode_of_squeezenet_by_hand() -> None:
    # 109 elements, windows of 3, stride 2: 54 fit and reach 2·53 + 3 = 109. 110 leave one over.
    assert MaxPool(3, stride=2, ceil_mode=True).output(((1, 1, 109, 110),)) == (1, 1, 54, 55)
    assert MaxPool(3, stride=2).output(((1, 1, 109, 110),)) == (1, 1, 54, 54)


def test_windows_are_told() -> None:
    expected = (Window(3, 2, 1, 1, 1), Window(3, 2, 1, 1, 1))
    assert MaxPool(3, stride=2, padding=1).windows((X,)) == expected
    assert AveragePool(3, stride=2, padding=1).windows((X,)) == expected
    assert MaxPool(2, dilation=2).windows((X,)) == (Window(2, 2, 2, 0, 0),) * 2


@given(st.data())
def test_max_pool_is_that_of_torch(data: st.DataObject) -> None:
    kernel = data.draw(st.tuples(st.integers(1, 4), st.integers(1, 4)))
    stride = data.draw(st.none() | st.tuples(st.integers(1, 4), st.integers(1, 4)))
    padding = (data.draw(st.integers(0, kernel[0] // 2)), data.draw(st.integers(0, kernel[1] // 2)))
    dilation = data.draw(st.tuples(st.integers(1, 2), st.integers(1, 2)))
    ceil = data.draw(st.booleans())
    x = (1, 2, data.draw(st.integers(7, 12)), data.draw(st.integers(7, 12)))
    module = torch.nn.MaxPool2d(kernel, stride, padding, dilation, ceil_mode=ceil)
    op = MaxPool(kernel, stride, padding, dilation, ceil)
    assert op.output((x,)) == tuple(module(torch.empty(x, device="meta")).shape)
    if dilation == (1, 1):
        average = torch.nn.AvgPool2d(kernel, stride, padding, ceil)
        expected = tuple(average(torch.empty(x, device="meta")).shape)
        assert AveragePool(kernel, stride, padding, ceil).output((x,)) == expected


@pytest.mark.parametrize(
    ("module", "op"),
    [
        (torch.nn.AdaptiveAvgPool2d((3, 9)), AdaptiveAveragePool((3, 9))),
        (torch.nn.AdaptiveMaxPool2d(5), AdaptiveMaxPool(5)),
        (torch.nn.AdaptiveAvgPool2d(1), GlobalAveragePool(keep_axes=True)),
        (torch.nn.AdaptiveMaxPool2d(1), GlobalMaxPool(keep_axes=True)),
    ],
    ids=str,
)
def test_adaptive_poolings_are_those_of_torch(module: torch.nn.Module, op: Op) -> None:
    assert op.output((X,)) == tuple(module(torch.empty(X, device="meta")).shape)


@given(st.integers(1, 20), st.integers(1, 5), st.integers(1, 4))
def test_same_paddings_set_the_size(size: int, kernel: int, stride: int) -> None:
    x = (1, 1, size, size)
    steps = len(range(0, size, stride))
    for pool in (MaxPool, AveragePool):
        assert pool(kernel, stride=1, padding="same").output((x,)) == x
        assert pool(kernel, stride, padding="tensorflow_same").output((x,)) == (1, 1, steps, steps)


ANY_POOL: list[Callable[[], Op]] = [
    lambda: MaxPool(2),
    lambda: AveragePool(2),
    lambda: AdaptiveAveragePool(1),
    lambda: AdaptiveMaxPool(1),
    GlobalAveragePool,
    GlobalMaxPool,
]


@pytest.mark.parametrize("make", ANY_POOL, ids=lambda make: make().kind)
def test_a_pooling_needs_a_map(make: Callable[[], Op]) -> None:
    refuses(make, (1, 8), because="a pooling needs a map with spatial axes, got 1×8")


@pytest.mark.parametrize("pool", [MaxPool, AveragePool])
def test_what_sliding_poolings_refuse(pool: type[MaxPool] | type[AveragePool]) -> None:
    of_two = "expected an integer of at least 1, or a list of 2, one an axis"
    refuses(lambda: pool(0), X, because=f"kernel=0: {of_two}")
    refuses(lambda: pool((3, 3, 3)), X, because=f"kernel=[3, 3, 3]: {of_two}")
    refuses(lambda: pool(3, stride=0), X, because=f"stride=0: {of_two}")
    refuses(
        lambda: pool(3, padding=2),
        X,
        because="padding=2 is more than half of kernel=3: some windows would hold nothing",
    )
    refuses(
        lambda: pool((2, 5), padding=((1, 2), 0)),
        X,
        because="padding=[[1, 2], 0] is as wide as kernel=[2, 5]: some windows would hold nothing",
    )
    refuses(
        lambda: pool(8),
        X,
        because="the 8×8 window does not fit into the 6×7 map, 6×7 with its padding: "
        "a larger input or fewer strides are needed",
    )


@pytest.mark.parametrize("pool", [AdaptiveAveragePool, AdaptiveMaxPool])
def test_what_adaptive_poolings_refuse(pool: type[AdaptiveAveragePool] | type[AdaptiveMaxPool]) -> None:
    of_two = "expected an integer of at least 1, or a list of 2, one an axis"
    refuses(lambda: pool(0), X, because=f"size=0: {of_two}")
    refuses(lambda: pool((1, 2, 3)), X, because=f"size=[1, 2, 3]: {of_two}")
