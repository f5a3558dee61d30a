"""Lines of nodes, counted in the text."""

from textwrap import dedent

from archlens.spec.catalog import Reference, find
from archlens.spec.lines import lines
from tests.spec.written import parsed

TEXT = dedent("""\
    input: [4, 8, 8]
    settings: {depth: 2}
    blocks:
      twice:
        do:
          - {conv: {out: 4}}
          - relu
    network:
      - {conv: {out: 8}}
      - each: {i: depth}
        do:
          - twice
          - conv_bn_relu: {out: 4}
      - add:
          - identity
          - relu
    """)


def test_the_line_of_each_item() -> None:
    """Items of a block stand in the block; those of a shared block at its call."""
    found = lines(Reference(parsed(TEXT), None), {"depth": 1})
    assert {name: line for name, line in found.items() if name != "input"} == {
        "conv1": 9,
        "0.twice.conv1": 6,
        "0.twice.relu1": 7,
        "0.conv1": 13,
        "0.batch_norm1": 13,
        "0.relu1": 13,
        "relu1": 16,
        "add1": 14,
    }


def test_every_node_has_one() -> None:
    reference = find("nasnet_a_mobile")
    graph = reference.lower({})
    found = lines(reference, {})
    assert [*found] == [node.name for node in graph.nodes]
    assert all(found[node.name] > 0 for node in graph.nodes if node.inputs)


def test_settings_count() -> None:
    reference = Reference(parsed(TEXT), None)
    assert len(lines(reference, {"depth": 3})) > len(lines(reference, {}))
