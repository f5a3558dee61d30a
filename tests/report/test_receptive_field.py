"""The report of receptive fields."""

import json

import pytest

from archlens.errors import UsageError
from archlens.report.receptive_field import position_of, receptive_field_report
from archlens.spec.loading import load
from tests.wiring import three_nodes


def test_a_row_a_stage_and_the_networks_own() -> None:
    report = receptive_field_report(three_nodes())
    assert [(row.name, row.node, row.local) for row in report.rows] == [
        ("stem", "stem.relu1", True),
        ("pool", "pool", False),
    ]
    stem, pool = (row.field for row in report.rows)
    assert stem is not None
    assert pool is not None
    assert (stem.size, stem.everything, pool.size, pool.everything) == ((3, 3), False, (3, 3), True)
    assert report.own is not None
    assert (report.own.node, report.own.field) == ("stem.relu1", stem)


def test_json_holds_the_keys_of_the_contract() -> None:
    shown = json.loads(json.dumps(receptive_field_report(load("resnet50")).as_dict()))
    assert shown["receptive_field"].items() >= {
        "size": [427, 427], "stride": [32, 32], "padding": [213, 213], "global": False,
    }.items()  # fmt: skip
    assert [row["name"] for row in shown["rows"]] == ["stem", "stage1", "stage2", "stage3", "stage4", "head"]
    assert shown["rows"][-1]["receptive_field"]["global"] is True
    assert [row["local"] for row in shown["rows"]] == [True] * 5 + [False]


def test_depth_gives_a_row_a_block() -> None:
    names = [row.name for row in receptive_field_report(load("resnet18"), depth=2).rows]
    assert [name for name in names if name.startswith("stage4")] == ["stage4.0", "stage4.1"]


def test_one_node_by_its_name_or_its_stage() -> None:
    graph = load("resnet18")
    report = receptive_field_report(graph, node="stage1.0.conv1")
    assert report.own is None
    (row,) = report.rows
    assert row.field is not None
    assert (row.node, row.field.size) == ("stage1.0.conv1", (19, 19))
    assert graph.nodes[position_of(graph, "stage1")].name == "stage1.1.relu2"
    with pytest.raises(UsageError, match=r"resnet18 has no node stage11; did you mean stage1\.1\?"):
        receptive_field_report(graph, node="stage11")


def test_it_shows_itself() -> None:
    report = receptive_field_report(three_nodes())
    assert "network: stem.relu1, the last map" in str(report)
    assert (report._repr_html_() or "").startswith("<table>")
