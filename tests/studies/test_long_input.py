"""Inputs that are long along one axis."""

from pathlib import Path

import pytest

from archlens.analyses.receptive_field import receptive_fields
from archlens.spec.catalog import find
from archlens.studies.long_input import SLACK, UncheckedError, long_input


@pytest.mark.parametrize("axis", [2, 3])
@pytest.mark.parametrize("model", ["resnet18", "efficientnet_b0", "inception_v3"])
def test_the_field_lies_inside_and_paddings_stay(model: str, axis: int) -> None:
    reference = find(model)
    graph = reference.lower({})
    fields = receptive_fields(graph)
    found = long_input(reference, graph, fields, [fields.last], axis)
    span, places = found.whole(fields.last), found.places(fields.last)
    assert (found.axis, found.length) == (axis, found.graph.input_shape[axis])
    assert found.length % 32 == graph.input_shape[axis] % 32
    assert len(places) == 2
    for place in places:
        assert span.low(place) >= SLACK
        assert span.high(place) < found.length - SLACK
    assert span == fields.whole(fields.last).spans[axis - 2]


def test_it_is_as_narrow_as_the_network_lets_it_be() -> None:
    reference = find("resnet18")
    graph = reference.lower({})
    fields = receptive_fields(graph)
    assert long_input(reference, graph, fields, [fields.last], 2).graph.input_shape[3] == 1
    assert long_input(reference, graph, fields, [fields.last], 3).graph.input_shape[2] == 1


def test_every_channel_has_its_span() -> None:
    reference = find("shufflenet_v2_x0_5")
    graph = reference.lower({})
    fields = receptive_fields(graph)
    node = max(i for i, each in enumerate(graph.nodes) if each.name.startswith("stage2."))
    found = long_input(reference, graph, fields, [node], 2)
    sizes = [span.size for span in found.each(node) if span]
    assert len(sizes) == graph.nodes[node].shape[1]
    assert (min(sizes), max(sizes)) == (15, 63)
    assert found.whole(node).size == 63


FIXED = """\
family: fixed
input: [4, 8, 8]
variants: {fixed: {}}
network: [{conv: {out: 4, kernel: 3}}, {reshape: {shape: [0, 4, 8, 8]}}, {conv: {out: 4, kernel: 5}}]
"""


def test_a_network_for_one_size_only_is_not_checked(tmp_path: Path) -> None:
    path = tmp_path / "fixed.yaml"
    path.write_text(FIXED, encoding="utf-8")
    reference = find(f"{path}:fixed")
    graph = reference.lower({})
    fields = receptive_fields(graph)
    with pytest.raises(UncheckedError, match="no input that its fields fit into along axis 2 leaves"):
        long_input(reference, graph, fields, [fields.last], 2)
