"""Networks by classes of operators, as a table."""

import json
from dataclasses import replace

import pytest

from archlens.report.decomposition import decomposition_as_dict, decomposition_table
from archlens.report.render import render_text
from archlens.studies.guidelines.decomposition import Decomposition, Times, decompose
from tests.spec.written import network
from tests.studies.guidelines.racing import WHERE

GRAPH = network("[{conv: {out: 4}}, relu, {conv: {out: 4}}, global_average_pool, {linear: {out: 2}}]")
COUNT = sum(bool(node.inputs) for node in GRAPH.nodes)


def timed(whole: float) -> Decomposition:
    """Every node takes a tenth of a second."""
    return replace(decompose(GRAPH, Times(whole=whole, nodes=(0.1,) * COUNT)), model="small")


def test_shares_of_the_work_alone() -> None:
    text = render_text(decomposition_table([replace(decompose(GRAPH), model="small")]))
    assert "time" not in text
    rows = [line.split() for line in text.splitlines()]
    assert next(row for row in rows if row[:1] == ["small"])[:4] == ["small", "convolution", "2", "99.6%"]


def test_shares_of_the_time() -> None:
    found = timed(whole=0.1 * COUNT / 0.95)
    table = decomposition_table([found], WHERE)
    keys = [column.key for column in table.columns]
    shares = {row[1]: row[keys.index("time_share")] for row in table.rows}
    assert shares["convolution"] == pytest.approx(0.95 * 2 / COUNT)
    assert shares["framework and rest"] == pytest.approx(0.05)
    assert sum(shares.values()) == pytest.approx(1)
    assert not any("disturbed" in line for line in table.footer)
    assert table.footer[-1] == WHERE[1]


def test_times_that_do_not_add_up_are_said_to() -> None:
    table = decomposition_table([timed(whole=0.05 * COUNT)], WHERE)
    assert "small: its operators one by one take 200% of its time; something disturbed them" in table.footer


def test_json() -> None:
    shown = json.loads(json.dumps(decomposition_as_dict([timed(1.0)], WHERE)))
    (its,) = shown["networks"]
    assert [each["operators"] for each in its["operators"]] == [
        "convolution", "element-wise", "data", "other", "framework and rest",
    ]  # fmt: skip
    assert its["seconds"] == 1.0
    assert shown["measured"] == list(WHERE)
