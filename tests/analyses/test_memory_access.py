"""Memory access and its bound: a search over channels, the paper's table, and what must always hold."""

from math import isqrt, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

import archlens
from archlens.analyses.memory_access import LayerAccess, MemoryAccess, memory_access
from archlens.graph import Graph
from archlens.ops import (
    Conv,
    Input,
    Linear,
    MatrixProduct,
    Op,
    ReLU,
    Shape,
    TransposedConv,
    WeightStandardizedConv,
)
from tests.wiring import three_nodes, wire


def layer(op: Op, x: Shape) -> LayerAccess:
    """The access of one operator."""
    (found,) = memory_access(wire(("x", Input(x), ()), ("y", op, ("x",)))).layers
    return found


@given(
    st.integers(1, 3),
    st.sampled_from([(4, 4), (6, 3), (7, 7)]),
    st.integers(1, 24),
    st.integers(1, 24),
    st.sampled_from([1, 2, 3]),
    st.sampled_from([1, 3]),
    st.sampled_from([1, 2]),
    st.booleans(),
)
def test_no_division_of_the_channels_moves_less(
    batch: int,
    maps: tuple[int, int],
    first: int,
    second: int,
    groups: int,
    kernel: int,
    stride: int,
    bias: bool,
) -> None:
    """Every pair of widths with the same product: the same multiply-adds and weights, all of them costed."""
    product = groups * groups * first * second
    found: list[LayerAccess] = []
    for c_in in range(groups, product + 1, groups):
        c_out = product // c_in
        if product % c_in == 0 and c_out % groups == 0:
            op = Conv(c_out, kernel, stride, groups=groups)
            found.append(layer(op, (batch, c_in, *maps)))
    assert len({one.multiply_adds for one in found}) == len({one.bound for one in found}) == 1
    assert all(one.ratio >= 1 and one.excess >= 0 for one in found)
    if stride == 1 and isqrt(product) ** 2 == product and isqrt(product) % groups == 0:
        assert min(one.memory_access for one in found) == found[0].bound
    biased = layer(
        Conv(groups * second, kernel, stride, groups=groups, bias=bias), (batch, groups * first, *maps)
    )
    assert biased.bound == found[0].bound + groups * second * bias


@given(st.integers(1, 300), st.integers(1, 300), st.integers(1, 60))
def test_the_paper_s_formula(c_in: int, c_out: int, length: int) -> None:
    """2·√(hwB) + B/(hw) for a 1×1 convolution (arXiv 1807.11164, §2, Eq. 2)."""
    found = layer(Conv(c_out), (1, c_in, length, length))
    area = length * length
    formula = 2 * sqrt(area * found.multiply_adds) + found.multiply_adds / area
    assert formula - 1e-6 * formula <= found.bound <= formula + 1 + 1e-6 * formula


@pytest.mark.parametrize(
    ("c_in", "c_out", "moved", "bound"),
    [
        (128, 128, 819_200, 819_200),  # 3136·256 + 128·128
        (90, 180, 862_920, 814_496),  # 3136·270 + 16200; 2·3136·√16200 = 798295.3
        (52, 312, 1_157_728, 815_111),  # 3136·364 + 16224; 2·3136·√16224 = 798886.4
        (36, 432, 1_483_200, 797_719),  # 3136·468 + 15552; 2·3136·√15552 = 782166.5
    ],
)
def test_table_1_of_shufflenet_v2(c_in: int, c_out: int, moved: int, bound: int) -> None:
    """Its blocks have a convolution c1 → c2 and one back, on 56×56; both have the same bound."""
    for widths in ((c_in, c_out), (c_out, c_in)):
        found = layer(Conv(widths[1]), (1, widths[0], 56, 56))
        assert (found.memory_access, found.bound) == (moved, bound)
        assert found.excess == moved - bound


@pytest.mark.parametrize(("groups", "channels"), [(1, 128), (2, 180), (4, 256), (8, 360)])
def test_more_groups_at_the_same_work_move_more(groups: int, channels: int) -> None:
    """The widths of Table 2: equal in and out, so that each is at its bound, 2·√(g·hwB) + B/(hw)."""
    found = layer(Conv(channels, groups=groups), (1, channels, 56, 56))
    assert found.memory_access == found.bound == 3136 * 2 * channels + channels**2 // groups
    assert (found.groups, found.channel_ratio, found.ratio) == (groups, (1, 1), 1)


@given(st.integers(1, 200), st.integers(1, 20), st.sampled_from([1, 3, 5]))
def test_a_depthwise_convolution_is_at_its_bound(channels: int, length: int, kernel: int) -> None:
    found = layer(Conv(channels, kernel, groups=channels), (1, channels, length, length))
    assert found.ratio == 1


def test_a_strided_depthwise_convolution_is_not() -> None:
    """Its input has four times the elements of its output: (4 + 1) / (2·√4) of the maps' bound."""
    found = layer(Conv(8, 3, 2, groups=8), (1, 8, 8, 8))
    assert found.memory_access == 8 * 64 + 8 * 16 + 9 * 8
    assert found.bound == 2 * 8 * 32 + 9 * 8


def test_a_linear_layer_is_a_convolution_of_a_single_place() -> None:
    found = layer(Linear(1000), (1, 2048))
    assert (found.memory_access, found.multiply_adds) == (2048 + 1000 + 2_048_000 + 1000, 2_048_000)
    assert found.bound == 2_048_000 + 1000 + 2863  # 2·√2048000 = 2862.2
    assert found.channel_ratio == (256, 125)


def test_the_features_of_a_linear_layer_are_its_last_axis() -> None:
    found = layer(Linear(3072, bias=False), (1, 197, 768))
    assert (found.in_channels, found.out_channels, found.channel_ratio) == (768, 3072, (1, 4))
    assert found.bound == 197 * 2 * 1536 + 768 * 3072


def test_transposed_and_standardized_convolutions() -> None:
    transposed = layer(TransposedConv(4, 2, 2, groups=2), (1, 16, 4, 4))
    assert (transposed.memory_access, transposed.bound, transposed.groups) == (256 + 256 + 128, 640, 2)
    standardized = layer(WeightStandardizedConv(8), (1, 2, 4, 4))
    plain = layer(Conv(8, bias=True), (1, 2, 4, 4))
    assert standardized.bound - plain.bound == standardized.memory_access - plain.memory_access
    assert standardized.excess == plain.excess == (2 + 8) * 16 - 2 * 4 * 16


def test_intensity_is_per_byte() -> None:
    found = layer(Conv(128), (1, 128, 56, 56))
    assert found.intensity(4) == 51_380_224 / 3_276_800
    assert found.intensity(2) == 2 * found.intensity() == 2 * found.intensity(4)


def test_three_nodes_by_hand() -> None:
    """X = 32, Y = 48, W = 54: 134 elements; 2·√(32·48) = 78.4."""
    assert memory_access(three_nodes()) == MemoryAccess(
        (
            LayerAccess(
                position=1,
                name="stem.conv1",
                multiply_adds=864,
                memory_access=134,
                bound=79 + 54,
                in_channels=2,
                out_channels=3,
                groups=1,
            ),
        )
    )


def test_only_layers_with_weights_and_one_input_count() -> None:
    graph = wire(
        ("x", Input((1, 4, 4)), ()),
        ("product", MatrixProduct(), ("x", "x")),
        ("relu", ReLU(), ("product",)),
    )
    access = memory_access(graph)
    assert access == MemoryAccess(())
    assert (access.memory_access, access.bound, access.excess, access.ratio) == (0, 0, 0, None)
    assert access.worst(3) == ()


def test_the_worst_layers_of_vgg16() -> None:
    """Its first convolution makes 64 channels of 3: 3136·16·67 elements and not 2·√(3·64)·3136·16."""
    access = memory_access(archlens.load("vgg16"))
    first, second = access.worst(2)
    assert (first.name, first.channel_ratio, second.name) == ("stage1.0.conv1", (3, 64), "stage2.0.conv1")
    assert first.excess == 50_176 * 67 - (isqrt(4 * 192 * 50_176**2 - 1) + 1)
    assert first.excess > access.excess / 2
    assert all(one.excess > 0 for one in access.worst(100))


def test_what_holds_for_every_network(catalogue: dict[str, Graph]) -> None:
    for graph in catalogue.values():
        access = memory_access(graph)
        assert access.excess == sum(one.excess for one in access.worst(10**9))
        assert access.memory_access == access.bound + access.excess
        for one in access.layers:
            node = graph.nodes[one.position]
            assert (node.name, node.cost.memory_access) == (one.name, one.memory_access)
            assert 0 < one.bound <= one.memory_access, (graph.model, one.name)
            if (
                one.in_channels == one.out_channels
                and node.shape[2:] == graph.nodes[node.inputs[0]].shape[2:]
            ):
                assert one.ratio == 1, (graph.model, one.name)
