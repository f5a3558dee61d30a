"""G1, held to what ShuffleNet V2's Table 1 counts (arXiv 1807.11164) and to layers worked by hand."""

import pytest

from archlens.graph import verify
from archlens.passes import fold
from archlens.studies.lint.widths import unequal_widths
from tests.spec.written import network


def test_two_layers_worked_by_hand() -> None:
    """64·(8 + 32) + 8·32 = 2816 elements; with 16 and 16 channels 64·32 + 256 = 2304, at as many products."""
    (finding,) = unequal_widths(
        network("[{conv: {out: 8}}, {conv: {out: 32}}, {conv: {out: 8}}, {conv: {out: 4}}]")
    )
    assert (finding.guideline, finding.subject) == ("g1", "conv 1×1, channels 1:4")
    assert [place.path for place in finding.places] == ["conv2", "conv3"]
    assert [place.memory_access for place in finding.places] == [2816, 2816]
    assert [place.saved for place in finding.places] == [512, 512]
    assert [place.multiply_adds for place in finding.places] == [1.0, 1.0]
    assert finding.worst.now == "8 → 32 channels at 8×8"
    assert finding.worst.instead == "16 → 16 channels"
    assert (finding.memory_access, finding.saved, finding.kernels) == (5632, 1024, 0)


def test_table_1_at_1_to_6() -> None:
    """52 → 312 channels of 56×56 move 1157728 elements; 127 → 128 move 3136·255 + 127·128."""
    (finding,) = unequal_widths(
        network("[{conv: {out: 52}}, {conv: {out: 312}}, {conv: {out: 4}}]", shape="[3, 56, 56]")
    )
    (place,) = finding.places
    assert place.memory_access == 1_157_728
    assert place.memory_access - place.saved == 3136 * 255 + 127 * 128
    assert place.multiply_adds == 127 * 128 / (52 * 312)


def test_both_are_networks_by_themselves() -> None:
    graph = fold(network("[{conv: {out: 8}}, {conv: {out: 32}}, relu, {conv: {out: 4}}]"))
    (finding,) = unequal_widths(graph)
    pair = finding.worst.pair
    assert pair is not None
    assert pair.whole
    for each in (pair.now, pair.instead):
        verify(each)
    assert pair.now.input_shape == (1, 8, 8, 8)
    assert [node.op.kind for node in pair.instead.nodes] == ["input", "conv + relu"]
    assert [node.shape for node in pair.instead.nodes] == [(1, 16, 8, 8), (1, 16, 8, 8)]


def test_linear_layers_have_widths_too() -> None:
    (finding,) = unequal_widths(
        network("[{conv: {out: 8}}, {linear: {out: 32}}, {linear: {out: 4}}]", shape="[4, 64, 8]")
    )
    assert finding.subject == "linear, channels 1:4"
    assert finding.worst.instead == "16 → 16 channels"


@pytest.mark.parametrize(
    "items",
    [
        "[{conv: {out: 64}}, {conv: {out: 64}}, {conv: {out: 2}}]",  # the ends are the data's
        "[{conv: {out: 8}}, {conv: {out: 32, stride: 2}}, {conv: {out: 4}}]",  # a map that shrinks
        "[{conv: {out: 8}}, {conv: {out: 32, groups: 8}}, {conv: {out: 4}}]",  # depthwise
        "[relu, {add: [identity, relu]}]",
    ],
)
def test_nothing_to_say(items: str) -> None:
    assert unequal_widths(network(items)) == ()


def test_few_channels_have_no_fair_alternative() -> None:
    """Between 1 and 2 channels there is no width near √2: 1·1 and 2·2 products are not 2."""
    graph = network("[{conv: {out: 1}}, {conv: {out: 3}}, {conv: {out: 2}}]")
    assert unequal_widths(graph) == ()


def test_groups_stay() -> None:
    """4 groups of 16 → 64 channels: of 32 each, a multiple of 4."""
    graph = network("[{conv: {out: 16}}, {conv: {out: 64, groups: 4}}, relu, {conv: {out: 4}}]")
    for each in (graph, fold(graph)):
        (finding,) = unequal_widths(each)
        assert finding.subject == "conv 1×1 grouped, channels 1:4"
        pair = finding.worst.pair
        assert pair is not None
        assert pair.instead.nodes[-1].op.attributes() == {"out": 32, "groups": 4}
