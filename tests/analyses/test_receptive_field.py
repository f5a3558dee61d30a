"""Receptive fields: as published, and by hand."""

from fractions import Fraction

import pytest

from archlens import ops
from archlens.analyses.receptive_field import receptive_fields
from archlens.graph import Graph
from archlens.recorder.dynamic import DynamicConv
from archlens.recorder.operators import Made, Parameter
from archlens.spec.loading import load
from tests.analyses.fields import X, chain, field
from tests.wiring import Step, wire

HALF, HALF_BEFORE, QUARTER_BEFORE = ((Fraction(*each),) * 2 for each in ((1, 2), (-1, 2), (-1, 4)))


@pytest.mark.parametrize(
    ("model", "size", "stride", "padding"),
    [
        # Araujo, Norris and Sim: Computing Receptive Fields of Convolutional Neural Networks, Distill 2019
        ("alexnet_paper", 195, 32, 64),
        ("vgg16", 212, 32, 90),
        ("inception_v3", 1311, 32, 618),
        ("mobilenet_v1", 315, 32, 157),  # theirs pads as TensorFlow does, 126 before
        # by hand: 11 after the stem, then per stage 2 blocks of 2 windows of 3 at strides 4, 8, 16, 32
        ("resnet18", 435, 32, 217),
        ("resnet50", 427, 32, 213),  # its stride is in the 3×3; 483 where it is in the last unit
        ("mobilenet_v2", 491, 32, 245),
    ],
)
def test_published(model: str, size: int, stride: int, padding: int) -> None:
    found = receptive_fields(load(model)).network
    assert found is not None
    assert found.size == (size, size)
    assert found.stride == (Fraction(stride), Fraction(stride))
    assert found.padding == (padding, padding)
    assert found.aligned
    assert not found.everything


@pytest.mark.parametrize(
    ("operators", "size", "stride", "padding", "centre"),
    [
        ([ops.Conv(4, 3)] * 2, (5, 5), (1, 1), (2, 2), (0, 0)),
        ([ops.Conv(4, 3)] * 3, (7, 7), (1, 1), (3, 3), (0, 0)),
        ([ops.Conv(4, 3, dilation=2)], (5, 5), (1, 1), (2, 2), (0, 0)),
        ([ops.Conv(4, (1, 7)), ops.Conv(4, (7, 1))], (7, 7), (1, 1), (3, 3), (0, 0)),
        ([ops.Conv(4, (1, 7), stride=(1, 2))], (1, 7), (1, 2), (0, 3), (0, 0)),
        ([ops.Conv(4, 3, padding="valid"), ops.ReLU()], (3, 3), (1, 1), (0, 0), (1, 1)),
        # places 0, 1 | 2, 3 | …: a stride of two, centred between two places
        ([ops.MaxPool(2)], (2, 2), (2, 2), (0, 0), HALF),
        # rounding up adds a window at the end and moves none
        ([ops.MaxPool(3, 2, ceil_mode=True)], (3, 3), (2, 2), (0, 0), (1, 1)),
        # four outputs of a 3×3 on a map made twice as long see two places or the neighbours, too
        ([ops.Upsample(scale=2)], (1, 1), HALF, (0, 0), QUARTER_BEFORE),
        ([ops.Upsample(scale=2), ops.Conv(4, 3)], (2, 2), HALF, (1, 1), QUARTER_BEFORE),
        ([ops.Upsample(scale=2, mode="bilinear")], (2, 2), HALF, (1, 1), QUARTER_BEFORE),
        ([ops.TransposedConv(4, 2, 2)], (1, 1), HALF, (0, 0), QUARTER_BEFORE),
        ([ops.TransposedConv(4, 4, 2, padding=1)], (2, 2), HALF, (1, 1), QUARTER_BEFORE),
        ([ops.Conv(4, 3, 2), ops.TransposedConv(4, 2, 2)], (3, 3), (1, 1), (1, 1), HALF_BEFORE),
        ([ops.Pad(((2, 0), (0, 0)))], (1, 1), (1, 1), (2, 0), (-2, 0)),
        ([ops.Slice(5, 20, axis=2)], (1, 1), (1, 1), (-5, 0), (5, 0)),
        ([ops.BatchNorm(), ops.ReLU(), ops.Dropout(), ops.Scale(2.0)], (1, 1), (1, 1), (0, 0), (0, 0)),
    ],
    ids=lambda value: "-".join(op.kind for op in value) if isinstance(value, list) else "",
)  # fmt: skip
def test_by_hand(
    operators: list[ops.Op],
    size: tuple[int, ...],
    stride: tuple[Fraction, ...],
    padding: tuple[int, ...],
    centre: tuple[Fraction, ...],
) -> None:
    found = field(chain(*operators))
    assert (found.size, found.stride, found.padding, found.centre) == (size, stride, padding, centre)
    assert (found.everything, found.local, found.aligned) == (False, True, True)


def test_one_and_three_axes() -> None:
    line = field(chain(ops.Conv(4, 3), ops.MaxPool(2), x=ops.Input((1, 2, 16))))
    assert (line.size, line.stride) == ((4,), (Fraction(2),))
    volume = field(chain(ops.Conv(4, (1, 3, 5)), x=ops.Input((1, 2, 8, 8, 8))))
    assert volume.size == (1, 3, 5)


def split_and_shuffled(*later: Step) -> Graph:
    """ShuffleNet V2's unit: half of four channels passes by, half goes through a 3×3, both are dealt."""
    return wire(
        ("input", X, ()),
        ("left", ops.Split(2, 0), ("input",)),
        ("right", ops.Split(2, 1), ("input",)),
        ("conv", ops.Conv(2, 3), ("right",)),
        ("joined", ops.Concat(), ("left", "conv")),
        ("dealt", ops.ChannelShuffle(2), ("joined",)),
        *later,
    )


def test_a_split_keeps_channels_apart_until_they_are_mixed() -> None:
    graph = split_and_shuffled(
        ("half", ops.Slice(0, 2), ("dealt",)),
        ("depthwise", ops.Conv(4, 3, groups=4), ("dealt",)),
        ("pairs", ops.Conv(4, 1, groups=2), ("joined",)),
        ("mixed", ops.Conv(4, 1), ("depthwise",)),
    )
    sizes = {
        node.name: (field(graph, node.name).smallest[0], field(graph, node.name).size[0])
        for node in graph.nodes
    }
    assert sizes["joined"] == sizes["dealt"] == (1, 3)
    assert (sizes["left"], sizes["conv"]) == ((1, 1), (3, 3))
    assert sizes["half"] == (1, 3)  # of the first two dealt channels one came from either side
    assert sizes["depthwise"] == (3, 5)
    assert sizes["pairs"] == (1, 3)  # without a shuffle, pairs stay on their side
    assert sizes["mixed"] == (5, 5)
    fields = receptive_fields(graph)
    runs = fields.states[5].channels.runs
    assert [(count, value and value.spans[0].size) for count, value in runs] == [
        (1, 1),
        (1, 3),
        (1, 1),
        (1, 3),
    ]


def test_channels_of_zeros_see_nothing() -> None:
    """The shortcut that pads channels (He et al., arXiv 1512.03385, option A), added to a convolution."""
    graph = wire(
        ("input", X, ()),
        ("conv", ops.Conv(8, 3), ("input",)),
        ("padded", ops.Pad(((2, 2), (0, 0), (0, 0))), ("input",)),
        ("sum", ops.Add(), ("conv", "padded")),
    )
    padded = receptive_fields(graph).states[2].channels.runs
    assert [(count, value is None) for count, value in padded] == [(2, True), (4, False), (2, True)]
    assert (field(graph, "padded").size, field(graph).size, field(graph).smallest) == ((1, 1), (3, 3), (3, 3))


def test_paths_that_do_not_share_a_centre_are_not_aligned() -> None:
    graph = wire(
        ("input", X, ()),
        ("centred", ops.Conv(4, 3), ("input",)),
        ("ahead", ops.Conv(4, 3, padding=((0, 2), (1, 1))), ("input",)),
        ("sum", ops.Add(), ("centred", "ahead")),
    )
    found = field(graph)
    assert not found.aligned
    assert (found.size, found.padding) == ((4, 3), (1, 1))  # −1 … 1 and 0 … 2 along the first axis


def test_paths_of_different_strides_are_not_aligned() -> None:
    graph = wire(
        ("input", ops.Input((1, 4, 8, 8)), ()),
        ("pool", ops.Conv(4, 1, 2), ("input",)),
        ("cut", ops.Conv(4, 5, padding="valid"), ("input",)),
        ("sum", ops.Add(), ("pool", "cut")),
    )
    assert not field(graph).aligned
    assert field(graph).size == (5, 5)


def test_a_gate_sees_everything_and_keeps_the_local_field() -> None:
    graph = wire(
        ("input", X, ()),
        ("conv", ops.Conv(4, 3), ("input",)),
        ("pool", ops.GlobalAveragePool(keep_axes=True), ("conv",)),
        ("squeeze", ops.Conv(4), ("pool",)),
        ("gate", ops.Multiply(), ("conv", "squeeze")),
        ("after", ops.Conv(4, 3), ("gate",)),
    )
    assert (field(graph, "conv").everything, field(graph, "conv").local) == (False, True)
    assert (field(graph, "pool").everything, field(graph, "pool").local) == (True, False)
    assert (field(graph, "gate").everything, field(graph, "gate").local) == (True, True)
    assert (field(graph, "gate").size, field(graph).size) == ((3, 3), (5, 5))


def test_a_product_with_weights_is_no_gate() -> None:
    """ConvNeXt's layer scale, which a module gives another shape first."""
    graph = wire(
        ("input", X, ()),
        ("conv", ops.Conv(4, 3), ("input",)),
        ("gamma", Parameter("gamma", (4,)), ()),
        ("shaped", ops.Reshape((4, 1, 1)), ("gamma",)),
        ("gate", ops.Multiply(), ("conv", "shaped")),
    )
    assert field(graph) == field(graph, "conv")
    assert not field(graph).everything


@pytest.mark.parametrize("kernel", [1, 3])
def test_a_convolution_with_computed_weights_has_its_window(kernel: int) -> None:
    """As in networks without normalisation, which standardise their weights in every pass."""
    graph = wire(
        ("input", X, ()),
        ("before", ops.Conv(4, 3), ("input",)),
        ("weight", Parameter("weight", (4, 4, kernel, kernel)), ()),
        ("made", Made("ones", (4, 4, kernel, kernel)), ()),
        ("scaled", ops.Multiply(), ("weight", "made")),
        (
            "conv",
            DynamicConv(
                "convolution", (1, 4, 16, 16), (kernel,) * 2, (2, 2), (kernel // 2,) * 2, (1, 1)
            ),
            ("before", "scaled"),
        ),
    )  # fmt: skip
    assert field(graph) == field(chain(ops.Conv(4, 3), ops.Conv(4, kernel, 2)))


def test_behind_a_flatten_the_field_is_that_of_the_last_local_path() -> None:
    graph = chain(ops.Conv(4, 3), ops.Conv(4, 3), ops.Flatten(), ops.Linear(10))
    assert (field(graph).size, field(graph).everything, field(graph).local) == ((5, 5), True, False)
    found = receptive_fields(graph)
    assert found.last == 2
    assert found.network == found.of(2)
    assert found.network is not None
    assert not found.network.everything


def test_channels_last_and_back() -> None:
    """ConvNeXt's block: depthwise, linear layers with channels last, and back (arXiv 2201.03545, §2.6)."""
    graph = chain(
        ops.Conv(4, 7, groups=4), ops.Transpose((0, 2, 3, 1)), ops.LayerNorm(), ops.Linear(8),
        ops.Transpose((0, 3, 1, 2)), ops.Conv(8, 3, groups=8),
    )  # fmt: skip
    assert (field(graph).size, field(graph).local, field(graph).everything) == ((9, 9), True, False)


def test_a_reshape_that_mixes_places_is_not_local() -> None:
    graph = chain(ops.Conv(4, 3), ops.Reshape((0, 8, 16, 32)))
    assert (field(graph).local, field(graph).everything, field(graph).size) == (False, True, (3, 3))


def test_as_json() -> None:
    assert field(chain(ops.Upsample(scale=2), ops.Conv(4, (3, 1)))).as_dict() == {
        "size": [2, 1],
        "stride": [0.5, 0.5],
        "padding": [1, 0],
        "global": False,
        "smallest": [2, 1],
        "centre": [-0.25, -0.25],
        "aligned": True,
    }


def test_without_axes_there_is_no_field() -> None:
    graph = chain(ops.Linear(4), x=ops.Input((1, 8)))
    assert receptive_fields(graph).network is None
