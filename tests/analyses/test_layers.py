"""Depth as papers count it, against the names that tell it."""

import pytest

import archlens
from archlens.analyses import layers
from tests.spec.written import network
from tests.test_structure import depth


@pytest.mark.parametrize(
    ("model", "depth"),
    [
        ("lenet5", 5),
        ("vgg16", 16),
        ("vgg19", 19),
        ("resnet18", 18),
        ("resnet50", 50),
        ("resnet152", 152),
        ("resnet110", 110),
        ("densenet121", 121),
        ("densenet_40_12", 40),
        ("inception_v4", 76),
        ("inception_resnet_v2_paper", 96),
        ("seresnet50", 50),
        ("senet154", 154),
        ("cbam_resnet50", 50),
    ],
)
def test_the_name_tells_the_depth(model: str, depth: int) -> None:
    assert layers(archlens.load(model)) == depth


def test_the_longest_path_counts_and_not_all_layers() -> None:
    """ResNet-50's four projections stand beside longer branches."""
    graph = archlens.load("resnet50")
    weighted = [node for node in graph.nodes if node.op.kind in ("conv", "linear")]
    assert len(weighted) == 50 + 4


@pytest.mark.parametrize("model", ["vgg16", "dpn92", "pyramidnet110_a48", "efficientnet_b0", "regnet_y_8gf"])
def test_gates_are_what_works_on_single_places(model: str) -> None:
    """Where the classifier is linear, a convolution of a map of one place is a gate's."""
    graph = archlens.load(model)
    assert layers(graph) == depth(graph)


def test_the_released_inception_resnet_v2_is_deeper_than_the_paper_s() -> None:
    """Its stages have 10, 20 and 10 modules of 4 layers in the place of 5, 10 and 5."""
    assert layers(archlens.load("inception_resnet_v2")) == 96 + 4 * (5 + 10 + 5)


def test_a_gate_does_not_make_a_network_deeper() -> None:
    """A convolution whose output is multiplied by what two more make of its means, and one behind it."""
    gated = network("[conv: {out: 8}, squeeze_excite: {squeezed: 2}, conv: {out: 8}]")
    assert sum(node.op.kind == "conv" for node in gated.nodes) == 4
    assert layers(gated) == 2


def test_branches_that_are_joined_are_all_followed() -> None:
    """Two convolutions beside one, by each way to join them; a concatenation spreads nothing."""
    for join in ("add", "multiply", "concat"):
        joined = network(f"[{join}: [[conv: {{out: 4}}, conv: {{out: 4}}], conv: {{out: 4}}]]")
        assert layers(joined) == 2
