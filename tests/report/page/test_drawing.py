"""Graphs as they are drawn: blocks that repeat once, and boxes that do not lie on one another."""

import sys
from itertools import pairwise

import pytest

import archlens
from archlens.errors import MissingDependencyError
from archlens.passes import fold
from archlens.report.page.drawing import Drawings, drawn, laid_out
from tests.wiring import three_nodes


def test_a_layer_that_folds_is_no_box() -> None:
    found = drawn(three_nodes())
    assert [three_nodes().nodes[i].name for i in found.nodes] == ["input", "stem.conv1", "pool"]
    assert found.parts == (0, 1, 0)
    assert found.edges == ((0, 1), (1, 2))
    assert found.repeats == ()


def test_blocks_that_repeat_stand_once() -> None:
    """ResNet-50 has 3, 4, 6 and 3 blocks in its stages, of which the first differs."""
    graph = archlens.load("resnet50")
    found = drawn(graph)
    assert [times for _, _, times in found.repeats] == [2, 3, 5, 2]
    blocks = {graph.nodes[i].name.rsplit(".", 1)[0] for i in found.nodes}
    assert "stage3.1" in blocks
    assert "stage3.2" not in blocks


@pytest.mark.parametrize(
    "name", ["resnet50", "densenet121", "nasnet_a_mobile", "googlenet", "swin_t", "alexnet"]
)
def test_every_box_but_the_input_is_fed_and_every_edge_points_down(name: str) -> None:
    graph = archlens.load(name)
    found = drawn(graph)
    assert all(start < end for start, end in found.edges)
    assert {end for _, end in found.edges} == set(range(len(found.nodes))) - {
        place for place, i in enumerate(found.nodes) if not graph.nodes[i].inputs
    }


def test_without_repeats_the_edges_are_those_of_the_folded_graph() -> None:
    graph = archlens.load("googlenet")
    found = drawn(graph)
    folded = fold(graph)
    assert not found.repeats
    assert [graph.nodes[i].name for i in found.nodes] == [node.name for node in folded.nodes]
    assert found.edges == tuple(
        sorted({(i, at) for at, node in enumerate(folded.nodes) for i in node.inputs})
    )


def test_boxes_of_a_row_stand_apart() -> None:
    found = drawn(archlens.load("nasnet_a_mobile"))
    points, bends = laid_out(len(found.nodes), found.edges)
    assert len(bends) == len(found.edges)
    rows: dict[float, list[float]] = {}
    for x, y in points:
        rows.setdefault(y, []).append(x)
    for row in rows.values():
        assert all(b - a >= 0.99 for a, b in pairwise(sorted(row)))
    assert all(points[start][1] < points[end][1] for start, end in found.edges)


def test_networks_of_one_form_share_a_layout() -> None:
    drawings = Drawings()
    one = drawings.network(archlens.load("resnet50"))
    other = drawings.network(archlens.load("resnet50", classes=10))
    assert (one["layout"], other["layout"], len(drawings.layouts)) == (0, 0, 1)


def test_without_igraph(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "igraph", None)
    with pytest.raises(MissingDependencyError, match="charts"):
        laid_out(2, ((0, 1),))
