"""Networks side by side: ratios by hand, twice the same model, and models that are not complete."""

import csv
import io
from dataclasses import replace

import pytest

import archlens
from archlens.errors import UsageError
from archlens.ops import Conv, GlobalAveragePool, Input, ReLU
from archlens.report.comparison import compare
from archlens.report.metric_name import GROUPS
from archlens.report.render import render_csv, render_text
from tests.wiring import incomplete, three_nodes, wire

RATIOS = (
    "params", "multiply_adds", "elementwise", "reads", "writes", "memory_access", "activations",
    "memory_access_bound", "memory_access_excess", "fragments", "parallel_width", "serial_depth", "kernels",
    "fused_kernels", "peak_activations", "peak_activations_in_place", "training_activations",
    "training_activations_in_place",
)  # fmt: skip


def wider() -> archlens.Graph:
    """The three nodes with twice the channels: 108 weights, 1728 multiply-adds, 102 element-wise outputs."""
    return wire(
        ("input", Input((1, 2, 4, 4)), ()),
        ("stem.conv1", Conv(6, 3), ("input",)),
        ("stem.relu1", ReLU(), ("stem.conv1",)),
        ("pool", GlobalAveragePool(), ("stem.relu1",)),
        model="wider",
    )


def test_ratios_by_hand() -> None:
    both = compare(three_nodes(), wider())
    first, second = both.profiles
    assert set(both.ratios(first).values()) == {1.0}
    ratios = both.ratios(second)
    assert [ratios[name] for name in ("params", "multiply_adds", "elementwise", "activations")] == [
        2,
        2,
        2,
        2,
    ]
    # (32 + 108) + 96 + 96 reads against 182, 96 + 96 + 6 writes against 99
    assert ratios["reads"] == pytest.approx(332 / 182)
    assert ratios["writes"] == 2
    assert ratios["memory_access"] == pytest.approx(530 / 281)


def test_the_table_by_hand() -> None:
    lines = str(compare(three_nodes(), wider())).splitlines()
    assert [line.split() for line in lines[:1]] == [["wired", "wider", "ratio"]]
    assert lines[2].split() == ["input", "2×4×4", "2×4×4"]
    assert lines[3].split() == ["params", "54", "108", "2.00×"]
    assert lines[4].split() == ["multiply-adds", "864", "1.728k", "2.00×"]
    assert lines[5].split() == ["memory", "access", "281", "530", "1.89×"]
    assert lines[6].split() == ["memory", "access", "in", "bytes", "1.124kB", "2.120kB", "1.89×"]
    assert lines[-1] == "ratios against wired; float32; 1 multiply-add = 1 multiply-accumulate"


def test_rows_asked_for() -> None:
    lines = render_text(
        compare(three_nodes(), wider()).table(["receptive_field", "kernels_share", "kernels"])
    )
    assert [line.split() for line in lines.splitlines()[3:8]] == [
        ["receptive", "field", "3", "3"],
        ["field's", "stride", "1", "1"],
        ["field's", "padding", "1", "1"],
        ["field's", "centre", "0", "0"],
        ["kernels", "3", "3", "1.00×"],
    ]


def test_another_baseline() -> None:
    both = compare(three_nodes(), wider(), baseline="wider")
    assert both.ratios(both.profiles[0])["params"] == 0.5
    assert both.as_dict()["baseline"] == "wider"
    assert str(both).splitlines()[0].split() == ["wired", "ratio", "wider"]


def test_as_a_dictionary() -> None:
    shown = compare(three_nodes(), wider(), dtype="float16").as_dict()
    assert list(shown) == ["baseline", "models"]
    first, second = shown["models"]
    assert list(first) == [
        "model", "family", "input", "dtype", "complete", "totals", "receptive_field", "peak_node", "top1",
        "top1_where", *(f"{key}_ratio" for key in RATIOS),
    ]  # fmt: skip
    assert first["totals"]["memory_access_bytes"] == 562
    assert second["params_ratio"] == 2


def test_the_same_model_twice() -> None:
    small = archlens.load("resnet18", input=(3, 112, 112))
    both = compare(archlens.load("resnet18"), small, small)
    assert both.labels == ("resnet18", "resnet18 3×112×112", "resnet18 3×112×112 (2)")
    once, twice = both.labels[1:]
    assert str(both).splitlines()[0].split("  ")[-4:] == [once, "ratio", twice, "ratio"]
    header = render_csv(both.table()).splitlines()[0]
    assert header == f"metric,resnet18,{once},{once} ratio,{twice},{twice} ratio"


def test_csv_names_metrics_as_json_does() -> None:
    both = compare(three_nodes(), wider())
    rows = list(csv.DictReader(io.StringIO(render_csv(both.table(["all"])))))
    names = {"input", *GROUPS["receptive_field"], *both.as_dict()["models"][0]["totals"]}
    assert {row["metric"] for row in rows} == names
    by_metric = {row["metric"]: row for row in rows}
    assert by_metric["params"] == {"metric": "params", "wired": "54", "wider": "108", "wider ratio": "2.0"}
    assert by_metric["input"]["wired"] == "1x2x4x4"


def test_a_ratio_over_nothing_is_left_out() -> None:
    pool = wire(("input", Input((1, 2, 4, 4)), ()), ("pool", GlobalAveragePool(), ("input",)), model="pool")
    both = compare(pool, three_nodes())
    assert both.ratios(both.profiles[1])["params"] is None
    assert str(both).splitlines()[3].split() == ["params", "0", "54"]


def test_a_model_that_is_not_complete_has_lower_bounds() -> None:
    both = compare(three_nodes(), incomplete())
    lines = str(both).splitlines()
    assert lines[3].split() == ["params", "54", "≥54", "≥1.00×"]
    assert lines[-1] == "≥ is a lower bound: wired (2) has 1 operator without a rule"


def test_a_baseline_that_is_not_complete_has_no_ratios() -> None:
    both = compare(replace(incomplete(), model="odd"), three_nodes())
    assert set(both.ratios(both.profiles[1]).values()) == {None}
    assert str(both).splitlines()[3].split() == ["params", "≥54", "54"]


def test_a_notebook_shows_a_table() -> None:
    assert (compare(three_nodes(), wider())._repr_html_() or "").startswith("<table>\n<thead>")


def test_what_cannot_be_compared() -> None:
    with pytest.raises(UsageError, match=r"^a comparison takes two models or more, not 1$"):
        compare(three_nodes())
    with pytest.raises(UsageError, match=r"^the baseline vgg is none of the models compared: wired, wider$"):
        compare(three_nodes(), wider(), baseline="vgg")
    with pytest.raises(UsageError, match="dtype float31 is not one of"):
        compare(three_nodes(), wider(), dtype="float31")


def test_models_that_are_there_twice_are_told_apart_by_their_input() -> None:
    small, large = archlens.load("resnet18[input=3x36x40]"), archlens.load("resnet18")
    assert archlens.compare(large, small, large).labels == ("resnet18", "resnet18 3×36×40", "resnet18 (2)")
    assert archlens.compare(large, small, baseline="resnet18 3×36×40").baseline == 1


def test_a_row_a_model() -> None:
    both = compare(three_nodes(), wider())
    table = both.models_table(["params", "layers"])
    columns, rows, _ = table.shown()
    assert [column.key for column in columns] == ["model", "input", "params", "layers"]
    assert [row[0] for row in rows] == list(both.labels)
    keys = [column.key for column in both.models_table().columns]
    assert {"params", "params_ratio", "receptive_field", "complete"} <= {*keys}
    first, second = (dict(zip(keys, row, strict=True)) for row in both.models_table().rows)
    assert second["params_ratio"] == second["params"] / first["params"]
    assert first["params_ratio"] == 1.0
