"""Windows, against windows pushed along a written-out axis and against PyTorch."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from archlens.errors import OperatorError
from archlens.ops.window import PADDING_WORDS, Window, per_axis, slide, windows
from tests.ops.refusal import refusal
from tests.oracles.sliding import BEFORE, pad_like_tensorflow, pad_to_keep, padded, places

sizes = st.integers(1, 20)
kernels = st.integers(1, 6)
strides = st.integers(1, 5)
dilations = st.integers(1, 3)
paddings = st.integers(0, 4)


def positions(axis_size: int, window: Window, *, ceil: bool) -> int:
    """How many places the window takes, found by pushing it."""
    axis = padded(axis_size, window.before, window.after)
    return len(places(axis, window.kernel, window.stride, window.dilation, ceil=ceil))


def test_a_window_by_hand() -> None:
    # · 0 1 2 3 4 ·   a window of three taps, every second place: it starts on ·, 1 and 3.
    window = Window(kernel=3, stride=2, dilation=1, before=1, after=1)
    assert places(padded(5, 1, 1), 3, 2) == [(BEFORE, 0, 1), (1, 2, 3), (3, 4, "after")]
    assert window.positions(5) == 3
    assert window.extent == 3
    assert Window(kernel=3, stride=1, dilation=4, before=0, after=0).extent == 9


@given(sizes, kernels, strides, dilations, paddings, paddings)
def test_floor_mode_takes_the_places_that_fit(
    size: int, kernel: int, stride: int, dilation: int, before: int, after: int
) -> None:
    window = Window(kernel, stride, dilation, before, after)
    assert max(window.positions(size), 0) == positions(size, window, ceil=False)


@given(sizes, kernels, strides, dilations, st.data())
def test_ceil_mode_lets_the_last_window_hang_over(
    size: int, kernel: int, stride: int, dilation: int, data: st.DataObject
) -> None:
    before, after = (data.draw(st.integers(0, kernel // 2)) for _ in range(2))
    window = Window(kernel, stride, dilation, before, after)
    assert max(window.positions(size, ceil_mode=True), 0) == positions(size, window, ceil=True)


@given(sizes, kernels, strides, st.booleans(), st.data())
def test_positions_are_those_of_torch(
    size: int, kernel: int, stride: int, ceil: bool, data: st.DataObject
) -> None:
    padding = data.draw(st.integers(0, kernel // 2))
    expected = Window(kernel, stride, 1, padding, padding).positions(size, ceil_mode=ceil)
    module = torch.nn.MaxPool1d(kernel, stride, padding, ceil_mode=ceil)
    x = torch.empty(1, 1, size, device="meta")
    if expected < 1:
        with pytest.raises(RuntimeError):
            module(x)
    else:
        assert module(x).shape[-1] == expected


@given(sizes, kernels, strides, dilations)
def test_same_pads_as_when_the_size_is_kept_at_stride_1(
    size: int, kernel: int, stride: int, dilation: int
) -> None:
    (window,) = windows((size,), kernel, stride, dilation, "same")
    assert (window.before, window.after) == pad_to_keep(size, kernel, dilation)
    (unmoved,) = windows((size,), kernel, 1, dilation, "same")
    assert unmoved.positions(size) == size


@given(sizes, kernels, strides, dilations)
def test_tensorflow_same_takes_a_place_for_each_step_of_the_stride(
    size: int, kernel: int, stride: int, dilation: int
) -> None:
    (window,) = windows((size,), kernel, stride, dilation, "tensorflow_same")
    assert (window.before, window.after) == pad_like_tensorflow(size, kernel, stride, dilation)
    assert window.positions(size) == len(range(0, size, stride))


def test_tensorflow_same_by_hand() -> None:
    # EfficientNet's stem: 224 elements, 3 taps, stride 2: 112 places reach 2·111 + 3 = 225, one too many.
    (window,) = windows((224,), 3, 2, 1, "tensorflow_same")
    assert (window.before, window.after) == (0, 1)
    # torch's padding=1 would take the same 112 places, one element further left.
    (symmetric,) = windows((224,), 3, 2, 1, 1)
    assert (symmetric.before, symmetric.after) == (1, 1)
    assert window.positions(224) == symmetric.positions(224) == 112


def test_padding_may_differ_by_axis_and_side() -> None:
    assert [(w.before, w.after) for w in windows((9, 9), 3, 1, 1, 2)] == [(2, 2), (2, 2)]
    assert [(w.before, w.after) for w in windows((9, 9), 3, 1, 1, (1, 2))] == [(1, 1), (2, 2)]
    assert [(w.before, w.after) for w in windows((9, 9), 3, 1, 1, ((0, 1), 2))] == [(0, 1), (2, 2)]
    assert [(w.before, w.after) for w in windows((9,), 3, 1, 1, ((0, 1),))] == [(0, 1)]
    assert [(w.before, w.after) for w in windows((9, 9), 3, 1, 1, "valid")] == [(0, 0), (0, 0)]


def test_kernels_may_differ_by_axis() -> None:
    rows, columns = windows((17, 17), (1, 7), (2, 1), (1, 2), "same")
    assert (rows.kernel, rows.stride, rows.dilation, rows.before, rows.after) == (1, 2, 1, 0, 0)
    assert (columns.kernel, columns.stride, columns.dilation, columns.before, columns.after) == (
        7,
        1,
        2,
        6,
        6,
    )


@pytest.mark.parametrize("value", [0, -1, (3,), (3, 3, 3), (), (3, 0)])
def test_per_axis_wants_one_number_an_axis(value: int | tuple[int, ...]) -> None:
    shown = str(list(value) if isinstance(value, tuple) else value)
    assert refusal(lambda: per_axis("kernel", value, 2)) == (
        f"kernel={shown}: expected an integer of at least 1, or a list of 2, one an axis"
    )


def test_per_axis_spreads_one_number() -> None:
    assert per_axis("kernel", 3, 2) == (3, 3)
    assert per_axis("kernel", (1, 7), 2) == (1, 7)
    assert per_axis("padding", 0, 3, at_least=0) == (0, 0, 0)


@pytest.mark.parametrize(
    ("axes", "padding", "shown"),
    [
        (2, -1, "-1"),
        (2, (1, -1), "[1, -1]"),
        (2, ((1, 1), (0, -1)), "[[1, 1], [0, -1]]"),
        (2, (1,), "[1]"),
        (2, (1, 2, 3), "[1, 2, 3]"),
        (2, ((1, 2),), "[[1, 2]]"),
        (2, (), "[]"),
        (2, "full", "'full'"),
        # A list that is too short or too long is no (before, after) pair for every axis.
        (1, (1, 2), "[1, 2]"),
        (3, (1, 2), "[1, 2]"),
    ],
)
def test_paddings_that_fit_no_axis(
    axes: int, padding: int | str | tuple[int | tuple[int, int], ...], shown: str
) -> None:
    assert refusal(lambda: windows((9,) * axes, 3, 1, 1, padding)) == (
        f"padding={shown}: expected an integer of at least 0, or a list of {axes} integers or "
        "(before, after) pairs, one an axis, or one of same, tensorflow_same, valid"
    )


def test_a_window_larger_than_the_padded_map() -> None:
    with pytest.raises(OperatorError) as caught:
        slide((5, 5), windows((5, 5), (7, 3), 1, 1, ((0, 1), 0)))
    assert str(caught.value) == (
        "the 7×3 window does not fit into the 5×5 map, 6×5 with its padding: "
        "a larger input or fewer strides are needed"
    )


def test_a_dilated_window_larger_than_the_map_says_how_far_it_reaches() -> None:
    text = refusal(lambda: slide((8, 8), windows((8, 8), 3, 1, 4, 0)))
    assert text.startswith(
        "the 3×3 window (reaching 9×9) does not fit into the 8×8 map, 8×8 with its padding"
    )


def test_the_words_for_a_padding() -> None:
    assert sorted(PADDING_WORDS) == ["same", "tensorflow_same", "valid"]
    assert all(slide((8,), windows((8,), 3, 1, 1, word)) for word in PADDING_WORDS)
