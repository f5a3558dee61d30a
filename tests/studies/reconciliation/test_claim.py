"""Printed figures and the conventions that give them. Every count is worked out here by hand."""

import pytest

import archlens
from archlens.errors import OperatorError
from archlens.graph import Graph
from archlens.quantity import Quantity
from archlens.studies.reconciliation.claim import CUT, TWICE, Claim, Way, ancestors, check_claim
from tests.spec.written import network

RESNET50 = 4_089_184_256
NORMS = 11_113_984
"""Of ResNet-50: 64·112² of the stem, and three of each of the 16 blocks, and four projections."""
RELUS = 9_608_704
VGG16 = 15_470_264_320
VGG16_CONVOLUTIONS = VGG16 - (25_088 * 4_096 + 4_096 * 4_096 + 4_096 * 1_000)
VGG16_OUTPUTS = 2 * 64 * 224**2 + 2 * 128 * 112**2 + 3 * 256 * 56**2 + 3 * 512 * 28**2 + 3 * 512 * 14**2
VGG16_BIASES = VGG16_OUTPUTS + 2 * 4_096 + 1_000
VGG16_POOLED = 64 * 224**2 + 128 * 112**2 + 256 * 56**2 + 512 * 28**2 + 512 * 14**2


def claimed(model: str, text: str) -> Claim:
    """With other sizes tried, too."""

    def at_size(size: int) -> Graph:
        return archlens.load(model, input=(3, size, size))

    return check_claim(archlens.load(model), Quantity.parse(text), at_size)


@pytest.mark.parametrize(
    ("model", "text", "way"),
    [
        ("resnet50", "4.1G", Way((), RESNET50)),
        ("resnet50", "4.09G", Way((), RESNET50)),
        ("resnet50", "8.2G", Way((TWICE,), 2 * RESNET50)),
        ("resnet50", "4.11G", Way(("normalisation × 2",), RESNET50 + 2 * NORMS)),
        ("resnet50", "4.12G", Way(("normalisation × 2", "activations"), RESNET50 + 2 * NORMS + RELUS)),
        ("resnet50", "4.087G", Way(("without the classifier",), RESNET50 - 2_048_000)),
        ("vgg16", "15.5G", Way((), VGG16)),
        ("vgg16", "15.3G", Way(("convolutions alone",), VGG16_CONVOLUTIONS)),
        ("vgg16", "30.94G", Way((TWICE,), 2 * VGG16)),
        ("vgg16", "15.483821G", Way(("bias",), VGG16 + VGG16_BIASES)),
        ("vgg16", "15.4G", Way((CUT,), VGG16)),
        ("mobilenet_v2", "314M", Way(("normalisation × 2",), 300_774_272 + 2 * 6_678_112)),
    ],
)
def test_the_shortest_way(model: str, text: str, way: Way) -> None:
    assert claimed(model, text).ways[0] == way


def test_30_96g_takes_twice_and_two_more() -> None:
    ways = claimed("vgg16", "30.96G").ways
    assert all(len(way.terms) >= 3 for way in ways)
    count = 2 * VGG16 + VGG16_BIASES + VGG16_POOLED + 512 * 7**2  # the last pools 7×7 to 7×7
    assert Way((TWICE, "pooling by inputs", "bias"), count) in ways


def test_no_convention_gives_3_8g() -> None:
    claim = claimed("resnet50", "3.8G")
    assert claim.ways == ()
    assert claim.tried > 400
    assert claim.nearest == Way(("without the classifier",), RESNET50 - 2_048_000)


def test_the_paper_s_resnet_50_is_cut_to_3_8g() -> None:
    graph = archlens.load("resnet50", stride_in="1x1")
    (way, *_) = check_claim(graph, Quantity.parse("3.8G")).ways
    assert way.terms == (CUT,)
    assert 3_850_000_000 < way.count < 3_900_000_000


def test_other_sizes() -> None:
    conv = [{"conv": {"out": 4}}]
    graph = network(str(conv), shape="[3, 224, 224]")

    def at_size(size: int) -> Graph:
        if size > 300:
            raise OperatorError("too large")
        return network(str(conv), shape=f"[3, {size}, {size}]")

    claim = check_claim(graph, Quantity.parse(str(12 * 256 * 256)), at_size)
    assert claim.ways == (Way(("at 256×256",), 12 * 256 * 256),)
    assert check_claim(graph, Quantity.parse(str(12 * 320 * 320)), at_size).ways == ()
    assert check_claim(graph, Quantity.parse(str(12 * 256 * 256))).ways == ()


def test_every_term_of_a_way_is_needed() -> None:
    for text in ("4.12G", "4.11G", "8.22G"):
        claim = claimed("resnet50", text)
        sets = [set(way.terms) for way in claim.ways]
        assert not any(fewer < more for fewer in sets for more in sets)
        assert [len(terms) for terms in sets] == sorted(map(len, sets))
        assert all(claim.printed.agrees(way.count) for way in claim.ways if CUT not in way.terms)


def test_what_feeds_a_node() -> None:
    graph = network("[relu, {add: [relu, identity]}]")
    assert ancestors(graph, len(graph.nodes) - 1) == set(range(len(graph.nodes)))
    assert ancestors(graph, 0) == {0}


def test_a_network_without_any_work() -> None:
    assert check_claim(network("[relu]"), Quantity.parse("3G")).ways == ()
