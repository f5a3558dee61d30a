"""Depth as papers count it, against the names that tell it."""

import pytest

import archlens
from archlens.analyses import layers


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
    ],
)
def test_the_name_tells_the_depth(model: str, depth: int) -> None:
    assert layers(archlens.load(model)) == depth


def test_the_longest_path_counts_and_not_all_layers() -> None:
    """ResNet-50's four projections stand beside longer branches."""
    graph = archlens.load("resnet50")
    weighted = [node for node in graph.nodes if node.op.kind in ("conv", "linear")]
    assert len(weighted) == 50 + 4
