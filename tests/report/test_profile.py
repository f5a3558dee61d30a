"""Profiles: the three nodes by hand, the contract of the JSON, and what holds for every network."""

import csv
import io
import json
import sys

import pandas
import pytest

import archlens
from archlens.errors import MissingDependencyError, UsageError
from archlens.graph import Graph
from archlens.ops import Conv, GlobalAveragePool, Input, Linear
from archlens.report.metric import COSTS
from archlens.report.profile import DTYPES, profile
from archlens.report.render import render_csv, render_text
from tests.wiring import incomplete, three_nodes, wire

SEES_3 = {
    "size": [3, 3], "stride": [1, 1], "padding": [1, 1], "global": False, "smallest": [3, 3],
    "centre": [0, 0], "aligned": True,
}  # fmt: skip
FIELD_3 = {"field_stride": [1, 1], "field_padding": [1, 1], "field_centre": [0, 0]}
COUNTS = [metric.key for metric in COSTS]


def test_the_three_nodes_as_a_dictionary() -> None:
    assert profile(three_nodes()).as_dict() == {
        "model": "wired",
        "family": "hand",
        "input": [1, 2, 4, 4],
        "dtype": "float32",
        "complete": True,
        "totals": {
            "params": 54,
            "multiply_adds": 864,
            "elementwise": 51,
            "reads": 182,
            "writes": 99,
            "memory_access": 281,
            "activations": 48,
            "memory_access_bytes": 1124,
            # 2·√(32 · 48) = 78.4 and 54 weights
            "memory_access_bound": 133,
            "memory_access_excess": 1,
            "memory_access_over_bound": 134 / 133,
            "multiply_adds_per_byte": 864 / 1124,
            "channel_ratio": (2, 3),
            "groups": 1,
            "access_without_products": pytest.approx((96 + 51) / 281),
            "layers": 1,
            "fragments": 1,
            "parallel_width": 1,
            "serial_depth": 1,
            "parallelism": 1.0,
            "kernels": 3,
            "fused_kernels": 2,
            "multiply_adds_per_kernel": 288.0,
            "peak_activations": 96,  # what the ReLU reads and writes
            "peak_activations_bytes": 384,
            "peak_activations_in_place": 80,  # what the convolution reads and writes
            "training_activations": 128,  # and the input, for the weights' gradient
            "training_activations_in_place": 83,  # the input, what the pool reads and writes
            **FIELD_3,
        },
        "receptive_field": SEES_3,
        "peak_node": "stem.relu1",
        "rows": [
            {
                "name": "stem",
                "kind": "group",
                "output": [1, 3, 4, 4],
                "nodes": 2,
                "complete": True,
                "params": 54,
                "multiply_adds": 864,
                "elementwise": 48,
                "reads": 134,
                "writes": 96,
                "memory_access": 230,
                "activations": 48,
                "memory_access_bytes": 920,
                "memory_access_bound": 133,
                "memory_access_excess": 1,
                "memory_access_over_bound": 134 / 133,
                "multiply_adds_per_byte": 864 / 920,
                "channel_ratio": (2, 3),
                "groups": 1,
                "access_without_products": pytest.approx(96 / 230),
                "fragments": 1,
                "parallel_width": 1,
                "serial_depth": 1,
                "parallelism": 1.0,
                "kernels": 2,
                "fused_kernels": 1,
                "multiply_adds_per_kernel": 432.0,
                "peak_activations": 96,
                "peak_activations_bytes": 384,
                **FIELD_3,
                "receptive_field": SEES_3,
            },
            {
                "name": "pool",
                "kind": "global_average_pool",
                "output": [1, 3],
                "nodes": 1,
                "complete": True,
                "params": 0,
                "multiply_adds": 0,
                "elementwise": 3,
                "reads": 48,
                "writes": 3,
                "memory_access": 51,
                "activations": 0,
                "memory_access_bytes": 204,
                "memory_access_bound": 0,
                "memory_access_excess": 0,
                "multiply_adds_per_byte": 0.0,
                "access_without_products": 1.0,
                "fragments": 0,
                "parallel_width": 0,
                "serial_depth": 0,
                "kernels": 1,
                "fused_kernels": 1,
                "multiply_adds_per_kernel": 0.0,
                "peak_activations": 51,
                "peak_activations_bytes": 204,
                **FIELD_3,
                "receptive_field": {**SEES_3, "global": True},
            },
        ],
    }


def test_the_three_nodes_as_text() -> None:
    lines = str(profile(three_nodes())).splitlines()
    assert lines[0] == "wired, input 1×2×4×4, float32"
    cells = [" ".join(line.split()) for line in lines]
    # 230/281, 51/281 of the memory access
    assert cells[5] == "stem 3×4×4 54 864 100.0% 230 81.9% 3"
    assert cells[6] == "pool 3 0 0 0.0% 51 18.1% all (3)"
    assert cells[8] == "total 3 54 864 100.0% 281 100.0% 3"
    assert lines[-2] == "1 multiply-add = 1 multiply-accumulate; memory access = elements read + written"
    assert lines[-1] == "all: some path sees every place; in brackets, what the local paths see"


def test_columns_and_groups_of_them() -> None:
    result = profile(three_nodes())
    lines = render_text(result.table(["kernels", "peak", "kernels", "params_share"])).splitlines()
    assert lines[3].split()[-1] == "%"
    assert lines[5].split() == ["stem", "3×4×4", "2", "96", "384B", "100.0%"]
    assert lines[8].split() == ["total", "3", "3", "96", "384B", "80", "128", "83", "100.0%"]
    assert lines[-1] == "most activations are alive at stem.relu1"
    names = render_csv(result.table(["kernels"])).splitlines()[0]
    assert names == "name,kind,output,kernels,complete"


def test_the_layers_furthest_above_their_bound_are_named() -> None:
    lines = render_text(profile(three_nodes()).table(["memory"])).splitlines()
    assert lines[-1] == "most memory access above the bound of equal widths: stem.conv1 1"


@pytest.mark.parametrize(
    ("name", "rest"),
    [
        ("kernel", "; did you mean kernels?"),
        ("padding", "; did you mean field_padding?"),
        ("zzz", "; groups of them are six, costs, "),
    ],
)
def test_a_column_that_does_not_exist(name: str, rest: str) -> None:
    with pytest.raises(UsageError) as caught:
        profile(three_nodes()).table([name])
    assert str(caught.value).startswith(f"--columns {name}: no such column{rest}")


@pytest.mark.parametrize(("dtype", "size"), DTYPES.items())
def test_a_dtype_changes_the_bytes_and_nothing_else(dtype: str, size: int) -> None:
    plain, other = profile(three_nodes()), profile(three_nodes(), dtype=dtype)
    assert other.totals == plain.totals
    assert other.rows == plain.rows
    assert other.as_dict()["totals"]["memory_access_bytes"] == 281 * size


def test_the_batch_scales_what_it_must() -> None:
    one, four = archlens.load("resnet18"), archlens.load("resnet18", batch=4)
    a, b = profile(one).totals, profile(four).totals
    assert b.params == a.params
    for metric in ("multiply_adds", "elementwise", "writes", "activations"):
        assert getattr(b, metric) == 4 * getattr(a, metric)
    # weights and statistics are read once, whatever the batch
    constant = (4 * a.reads - b.reads) / 3
    assert 1 <= constant / a.params < 1.001


def test_what_an_incomplete_graph_says() -> None:
    result = profile(incomplete())
    shown = result.as_dict()
    assert shown["complete"] is False
    assert shown["uncosted"] == ["head.odd1"]
    assert [row["complete"] for row in shown["rows"]] == [True, False]
    lines = render_text(result.table(["params", "memory_access_bytes", "parallelism"])).splitlines()
    assert lines[5].split() == ["stem", "3×4×4", "54", "536B", "1.00×"]
    assert lines[6].split() == ["head", "7", "≥0", "≥0B"]
    assert lines[8].split() == ["total", "7", "≥54", "≥536B"]  # a ratio of what was counted says nothing
    assert lines[-3:] == [
        "≥ is a lower bound, without 1 operator: head.odd1",
        "shares are of what was counted",
        "odd, once, 1×3×4×4 → 1×7: head.odd1",
    ]
    table = list(csv.DictReader(io.StringIO(render_csv(result.table()))))
    assert [(row["params"], row["complete"]) for row in table] == [("54", "true"), ("0", "false")]


def test_the_total_shows_the_main_output() -> None:
    graph = wire(
        ("input", Input((1, 2, 4, 4)), ()),
        ("body", Conv(3, 3), ("input",)),
        ("pool", GlobalAveragePool(), ("body",)),
        ("main", Linear(10), ("pool",)),
        ("auxiliary", Linear(7), ("pool",)),
        outputs=("main", "auxiliary"),
    )
    assert profile(graph).output == (1, 10)
    assert str(profile(graph)).splitlines()[10].split()[:2] == ["total", "10"]


def test_a_network_without_operators() -> None:
    result = profile(wire(("input", Input((1, 3)), ())))
    assert result.as_dict()["rows"] == []
    assert "total" in str(result)


def test_the_public_figures_of_resnet50() -> None:
    result = archlens.profile(archlens.load("resnet50"))
    assert (result.totals.params, result.totals.multiply_adds) == (25_557_032, 4_089_184_256)


@pytest.mark.parametrize("by", ["stage", "operator", "work"])
def test_shares_and_rows_add_up_for_every_network(catalogue: dict[str, Graph], by: str) -> None:
    for graph in catalogue.values():
        result = profile(graph, by=by)  # type: ignore[arg-type]  # all three are fine
        table = result.table(["all"])
        shown = result.as_dict()
        for metric in COUNTS:
            assert sum(row[metric] for row in shown["rows"]) == shown["totals"][metric]
        for i, column in enumerate(table.columns):
            if column.key.endswith("_share"):
                assert sum(row[i] for row in table.rows) == pytest.approx(1)
                assert table.totals is not None
                assert table.totals[i] == 1


def test_text_csv_and_json_say_the_same() -> None:
    result = profile(archlens.load("lenet5"), depth=2)
    shown = json.loads(json.dumps(result.as_dict()))["rows"]
    table = list(csv.DictReader(io.StringIO(render_csv(result.table()))))
    assert len(shown) == len(table) == 12
    for row, line in zip(shown, table, strict=True):
        assert line["output"] == "x".join(map(str, row["output"]))
        assert {key: line[key] for key in COUNTS} == {key: str(row[key]) for key in COUNTS}


def test_a_frame() -> None:
    frame = profile(three_nodes()).frame()
    assert isinstance(frame, pandas.DataFrame)
    assert list(frame["name"]) == ["stem", "pool"]
    assert frame["memory_access"].sum() == 281


def test_without_pandas_the_way_out_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(MissingDependencyError, match=r"^a frame needs pandas: pip install -e '.\[tables\]'$"):
        profile(three_nodes()).frame()


def test_a_notebook_shows_a_table() -> None:
    page = profile(three_nodes())._repr_html_() or ""
    assert page.startswith("<table>\n<caption>wired, input 1×2×4×4, float32</caption>")
    assert "stem</td>" in page


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"dtype": "float31"},
            "dtype float31 is not one of float64, float32, tfloat32, bfloat16, float16, float8, int8",
        ),
        ({"by": "colour"}, "by=colour: rows are by stage, by operator or by work"),
        ({"depth": 0}, "depth=0: rows are at depth 1 or deeper"),
        ({"by": "operator", "depth": 2}, "depth=2 is for rows by stage, not for rows by operator"),
    ],
)
def test_options_that_make_no_sense(options: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError) as caught:
        profile(three_nodes(), **options)  # type: ignore[arg-type]  # that is the test
    assert str(caught.value) == message
