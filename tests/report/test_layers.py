"""A spec expanded."""

import json

from archlens.graph import Graph
from archlens.ops import Add, AveragePool, Conv, Input
from archlens.report.layers import layers_as_dict, layers_table
from archlens.report.render import render_csv, render_text
from tests.wiring import wire


def branches() -> Graph:
    return wire(
        ("input", Input((1, 2, 4, 4)), ()),
        ("left", Conv(2, (1, 3), bias=True), ("input",)),
        ("right", AveragePool(3, 1, 1, count_include_pad=False), ("input",)),
        ("join", Add(), ("left", "right")),
        outputs=("join", "left"),
    )


def test_a_row_a_node() -> None:
    lines = render_text(layers_table(branches())).splitlines()
    assert lines[0] == "wired"
    assert [" ".join(line.split()) for line in lines[4:8]] == [
        "input input shape=[1,2,4,4] 2×4×4 0",
        "left conv out=2 kernel=[1,3] bias=true 2×4×4 2×4×4 14",
        "right average_pool kernel=3 stride=1 padding=1 count_include_pad=false 2×4×4 2×4×4 0",
        "join add 2×4×4 + 2×4×4 2×4×4 0",
    ]
    assert lines[-1] == "3 operators; attributes that have their default are left out"


def test_csv_has_raw_shapes() -> None:
    lines = render_csv(layers_table(branches())).splitlines()
    assert lines[1:] == [
        'input,input,"shape=[1,2,4,4]",,1x2x4x4,0',
        'left,conv,"out=2 kernel=[1,3] bias=true",1x2x4x4,1x2x4x4,14',
        "right,average_pool,kernel=3 stride=1 padding=1 count_include_pad=false,1x2x4x4,1x2x4x4,0",
        "join,add,,1x2x4x4 1x2x4x4,1x2x4x4,0",
    ]


def test_as_a_dictionary() -> None:
    shown = json.loads(json.dumps(layers_as_dict(branches())))
    assert list(shown) == ["model", "family", "outputs", "layers"]
    assert shown["outputs"] == ["join", "left"]
    assert shown["layers"][1] == {
        "name": "left",
        "operator": "conv",
        "attributes": {"out": 2, "kernel": [1, 3], "bias": True},
        "inputs": ["input"],
        "output": [1, 2, 4, 4],
        "params": 14,
        "multiply_adds": 2 * 2 * 3 * 16,
    }
    assert shown["layers"][3]["inputs"] == ["left", "right"]


def test_every_network_can_be_shown(catalogue: dict[str, Graph]) -> None:
    for graph in catalogue.values():
        assert len(layers_table(graph).rows) == len(graph.nodes)
        json.dumps(layers_as_dict(graph))
