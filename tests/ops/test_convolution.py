"""Convolutions, against loops over every tap and against torch."""

from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from archlens.ops import Conv, Op, Shape, TransposedConv, WeightStandardizedConv, Window
from tests.ops.refusal import refuses
from tests.oracles.convolution import convolution, standardized_convolution, transposed_convolution
from tests.oracles.example import Example
from tests.oracles.sliding import pad_like_tensorflow, pad_to_keep

Family = type[Conv] | type[TransposedConv] | type[WeightStandardizedConv]

X = (2, 4, 5, 6)
SAME = (pad_to_keep(5, 3), pad_to_keep(6, 3))

EXAMPLES = [
    Example(Conv(3), (X,), lambda: convolution(X, out=3, kernel=(1, 1), padding=((0, 0),) * 2)),
    Example(Conv(3, kernel=3), (X,), lambda: convolution(X, out=3, kernel=(3, 3), padding=SAME)),
    Example(
        Conv(3, kernel=3, bias=True, padding="valid"),
        (X,),
        lambda: convolution(X, out=3, kernel=(3, 3), padding=((0, 0),) * 2, bias=True),
    ),
    Example(  # a 1×1 window that skips three quarters of the input still reads all of it
        Conv(2, stride=2, padding=0),
        (X,),
        lambda: convolution(X, out=2, kernel=(1, 1), padding=((0, 0),) * 2, stride=(2, 2)),
    ),
    Example(
        Conv(6, kernel=(1, 3), stride=(2, 1), padding=(0, 2), dilation=(1, 2), groups=2, bias=True),
        (X,),
        lambda: convolution(
            X,
            out=6,
            kernel=(1, 3),
            stride=(2, 1),
            padding=((0, 0), (2, 2)),
            dilation=(1, 2),
            groups=2,
            bias=True,
        ),
    ),
    Example(
        Conv(4, kernel=3, groups=4, padding=((1, 0), (0, 1))),
        (X,),
        lambda: convolution(X, out=4, kernel=(3, 3), padding=((1, 0), (0, 1)), groups=4),
    ),
    Example(
        Conv(2, kernel=3, stride=2, padding="tensorflow_same"),
        (X,),
        lambda: convolution(
            X,
            out=2,
            kernel=(3, 3),
            stride=(2, 2),
            padding=(pad_like_tensorflow(5, 3, 2), pad_like_tensorflow(6, 3, 2)),
        ),
    ),
    Example(
        Conv(3, kernel=4, padding="same"),
        ((1, 2, 9),),
        lambda: convolution((1, 2, 9), out=3, kernel=(4,), padding=(pad_to_keep(9, 4),)),
    ),
    Example(
        Conv(2, kernel=2, padding=1),
        ((1, 2, 3, 2, 3),),
        lambda: convolution((1, 2, 3, 2, 3), out=2, kernel=(2, 2, 2), padding=((1, 1),) * 3),
    ),
    Example(
        WeightStandardizedConv(3, kernel=3),
        (X,),
        lambda: standardized_convolution(X, out=3, kernel=(3, 3), padding=SAME),
    ),
    Example(
        WeightStandardizedConv(4, kernel=3, groups=2, bias=False, padding=1),
        (X,),
        lambda: standardized_convolution(
            X, out=4, kernel=(3, 3), padding=((1, 1),) * 2, groups=2, bias=False
        ),
    ),
    Example(
        TransposedConv(3),
        (X,),
        lambda: transposed_convolution(
            X, out=3, kernel=(2, 2), stride=(2, 2), padding=(0, 0), output_padding=(0, 0), dilation=(1, 1)
        ),
    ),
    Example(  # the stride outruns the kernel: some outputs hold nothing but the bias
        TransposedConv(2, kernel=(3, 1), stride=(2, 3), padding=(1, 0), output_padding=(1, 2), bias=True),
        (X,),
        lambda: transposed_convolution(
            X,
            out=2,
            kernel=(3, 1),
            stride=(2, 3),
            padding=(1, 0),
            output_padding=(1, 2),
            dilation=(1, 1),
            bias=True,
        ),
    ),
    Example(
        TransposedConv(4, kernel=2, stride=1, dilation=3, groups=2),
        ((1, 4, 6),),
        lambda: transposed_convolution(
            (1, 4, 6),
            out=4,
            kernel=(2,),
            stride=(1,),
            padding=(0,),
            output_padding=(0,),
            dilation=(3,),
            groups=2,
        ),
    ),
]


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_counts_are_those_of_the_loops(example: Example) -> None:
    example.compare()


def test_a_pointwise_convolution_by_hand() -> None:
    # ShuffleNet V2 (arXiv 1807.11164, §2, G1): h·w·(c1 + c2) + c1·c2
    #   56·56·(128 + 128) = 3136·256 = 802816;  128·128 = 16384;  together 819200
    x = (1, 128, 56, 56)
    op = Conv(128)
    cost = op.cost((x,), op.output((x,)))
    assert cost.memory_access == 819_200
    assert cost.params == 16_384
    assert cost.multiply_adds == 3_136 * 16_384 == 51_380_224


def test_the_stem_of_resnet_50_by_hand() -> None:
    # 64 filters of 7·7·3 = 147 weights at 112·112 = 12544 places: 12544·64·147 = 118013952
    x = (1, 3, 224, 224)
    op = Conv(64, kernel=7, stride=2, padding=3)
    assert op.output((x,)) == (1, 64, 112, 112)
    cost = op.cost((x,), (1, 64, 112, 112))
    assert cost.multiply_adds == 118_013_952
    assert cost.params == 9_408
    assert cost.reads == 3 * 224 * 224 + 9_408 == 159_936
    assert cost.writes == cost.activations == 802_816


def test_a_depthwise_convolution_by_hand() -> None:
    # MobileNet's first: 32 channels, 9 taps each, at 112·112 places: 12544·32·9 = 3612672
    x = (1, 32, 112, 112)
    op = Conv(32, kernel=3, groups=32)
    cost = op.cost((x,), op.output((x,)))
    assert cost.multiply_adds == 3_612_672
    assert cost.params == 288


def test_a_transposed_convolution_costs_what_its_convolution_costs() -> None:
    # 2× upsampling of 7×7 to 14×14, and the stride-2 convolution that leads back
    up, down = TransposedConv(8, kernel=2), Conv(16, kernel=2, stride=2, padding=0)
    small, large = (1, 16, 7, 7), (1, 8, 14, 14)
    assert up.output((small,)) == large
    assert down.output((large,)) == small
    there, back = up.cost((small,), large), down.cost((large,), small)
    assert there.multiply_adds == back.multiply_adds == 7 * 7 * 16 * 8 * 4 == 25_088
    assert there.params == back.params == 512


def test_standardising_passes_over_the_weights_once() -> None:
    # 4 filters of 3·3·2 = 18 weights. Read 72 and 4 gains, write 72; then the convolution reads its 72.
    x = (1, 2, 5, 5)
    standardized, plain = WeightStandardizedConv(4, kernel=3), Conv(4, kernel=3, bias=True)
    y = plain.output((x,))
    extra, base = standardized.cost((x,), y), plain.cost((x,), y)
    assert extra.params - base.params == 4
    assert extra.elementwise == extra.writes - base.writes == 72
    assert extra.reads - base.reads == 76
    assert extra.multiply_adds == base.multiply_adds


def test_windows_are_told() -> None:
    expected = (Window(3, 2, 1, 1, 1), Window(3, 2, 1, 1, 1))
    assert Conv(4, kernel=3, stride=2).windows(((1, 4, 8, 8),)) == expected
    assert WeightStandardizedConv(4, kernel=3, stride=2).windows(((1, 4, 8, 8),)) == expected


@st.composite
def convolutions(draw: st.DrawFn) -> tuple[nn.Module, Op, Shape]:
    """A torch convolution, plain or transposed, over one to three axes, and the same as an operator."""
    rank, groups = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    channels, out = groups * draw(st.integers(1, 3)), groups * draw(st.integers(1, 3))

    def an_axis(low: int, high: int) -> tuple[int, ...]:
        return tuple(draw(st.lists(st.integers(low, high), min_size=rank, max_size=rank)))

    kernel, stride, dilation, padding = an_axis(1, 4), an_axis(1, 3), an_axis(1, 2), an_axis(0, 2)
    bias = draw(st.booleans())
    reach = max(d * (k - 1) + 1 for k, d in zip(kernel, dilation, strict=True))
    shape = (draw(st.integers(1, 3)), channels, *an_axis(max(reach, 5), max(reach, 5) + 4))
    if draw(st.booleans()):
        extra = tuple(draw(st.integers(0, max(s, d) - 1)) for s, d in zip(stride, dilation, strict=True))
        upward: Any = (nn.ConvTranspose1d, nn.ConvTranspose2d, nn.ConvTranspose3d)[rank - 1]
        module = upward(channels, out, kernel, stride, padding, extra, groups, bias, dilation, device="meta")
        return module, TransposedConv(out, kernel, stride, padding, extra, dilation, groups, bias), shape
    plain: Any = (nn.Conv1d, nn.Conv2d, nn.Conv3d)[rank - 1]
    module = plain(channels, out, kernel, stride, padding, dilation, groups, bias, device="meta")
    return module, Conv(out, kernel, stride, padding, dilation, groups, bias), shape


@given(convolutions())
def test_shape_params_and_multiply_adds_are_those_of_torch(case: tuple[nn.Module, Op, Shape]) -> None:
    module, op, shape = case
    with FlopCounterMode(display=False) as counter:
        y = module(torch.empty(shape, device="meta"))
    assert op.output((shape,)) == tuple(y.shape)
    cost = op.cost((shape,), tuple(y.shape))
    assert cost.params == sum(parameter.numel() for parameter in module.parameters())
    assert cost.multiply_adds * 2 == counter.get_total_flops()
    assert cost.activations == cost.writes == y.numel()


@given(st.integers(1, 40), st.integers(1, 7), st.integers(1, 4), st.integers(1, 3))
def test_same_paddings_set_the_size(size: int, kernel: int, stride: int, dilation: int) -> None:
    x = (1, 1, size, size)
    kept = Conv(1, kernel=kernel, dilation=dilation, padding="same")
    assert kept.output((x,)) == x
    strided = Conv(1, kernel=kernel, stride=stride, dilation=dilation, padding="tensorflow_same")
    steps = len(range(0, size, stride))
    assert strided.output((x,)) == (1, 1, steps, steps)


@pytest.mark.parametrize("family", [Conv, TransposedConv, WeightStandardizedConv])
def test_channels_that_groups_do_not_divide(family: Family) -> None:
    x = (1, 10, 8, 8)
    refuses(lambda: family(100, groups=8), x, because="100 out channels are not divisible by groups=8")
    refuses(lambda: family(64, groups=4), x, because="10 in channels are not divisible by groups=4")
    refuses(lambda: family(0), x, because="out=0 is not a positive integer")
    refuses(lambda: family(4, groups=-2), x, because="groups=-2 is not a positive integer")


@pytest.mark.parametrize("family", [Conv, TransposedConv, WeightStandardizedConv])
@pytest.mark.parametrize("name", ["kernel", "stride", "dilation"])
@pytest.mark.parametrize(("value", "shown"), [(0, "0"), (-3, "-3"), ((3, 3, 3), "[3, 3, 3]"), ((), "[]")])
def test_kernels_that_fit_no_axis(family: Family, name: str, value: Any, shown: str) -> None:
    refuses(
        lambda: family(4, **{name: value}),
        (1, 4, 8, 8),
        because=f"{name}={shown}: expected an integer of at least 1, or a list of 2, one an axis",
    )


def test_inputs_without_spatial_axes() -> None:
    refuses(lambda: Conv(4), (1, 4), because="a convolution needs a map with spatial axes, got 1×4")
    refuses(
        lambda: TransposedConv(4),
        (1, 4),
        because="a transposed convolution needs a map with spatial axes, got 1×4",
    )


def test_inputs_that_are_too_small() -> None:
    refuses(
        lambda: Conv(4, kernel=7, padding=0),
        (1, 4, 8, 5),
        because="the 7×7 window does not fit into the 8×5 map, 8×5 with its padding: "
        "a larger input or fewer strides are needed",
    )


def test_transposed_paddings() -> None:
    x = (1, 4, 8, 8)
    not_negative = "expected an integer of at least 0, or a list of 2, one an axis"
    refuses(lambda: TransposedConv(4, padding=-1), x, because=f"padding=-1: {not_negative}")
    refuses(
        lambda: TransposedConv(4, output_padding=(0, -1)),
        x,
        because=f"output_padding=[0, -1]: {not_negative}",
    )
    refuses(
        lambda: TransposedConv(4, output_padding=2),
        x,
        because="output_padding=2 is not smaller than stride=2 or dilation=1",
    )
    refuses(
        lambda: TransposedConv(4, padding=(0, 8)),
        x,
        because="padding=8 crops away the whole output along spatial axis 1",
    )
