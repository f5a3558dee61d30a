"""Every command's CSV and JSON: the same names for the same things, and numbers that pandas reads as such."""

import io
import json
import re
from collections.abc import Iterator
from typing import Any

import pandas
import pytest

from archlens.report.metric import BY_KEY
from tests.cli.conftest import Run

COMMANDS = (
    "profile lenet5",
    "profile lenet5 --by operator",
    "profile lenet5 --flops 2",
    "profile lenet5 --device rtx4090",
    "compare lenet5 resnet18",
    "compare lenet5 resnet18 --device rtx4090",
    "compare lenet5 resnet18 --rows models --flops 1",
    "list vgg11",
    "list vgg11 --device rtx4090 --columns memory_access,fragments",
    "diff resnet18 resnet34",
    "diff resnet18 resnet34 --device rtx4090 --depth 9",
    "receptive-field lenet5",
    "predict resnet18 --device rtx4090",
    "predict resnet18 resnet34 --device rtx4090",
    "devices",
    "devices show rtx4090",
    "devices show a100",
    "lint mobilenet_v2",
    "lint mobilenet_v2 --device rtx4090",
    "guidelines g1 g3 --no-measure",
    "guidelines table8 --no-measure",
    "savings",
    "savings bottleneck",
    "savings --errata",
    "settings resnet18",
    "spec show lenet5",
    "spec operators",
    "spec operators conv",
    "reconcile resnet18 --claim 1.8G",
)
"""Every command that prints a table without measuring anything."""

PAIRS = {"low_s": "interval_s", "high_s": "interval_s"}
"""What CSV has in two columns, and JSON as one pair."""

NUMBERS = {
    "params", "multiply_adds", "memory_access", "flops", "latency_s", "low_s", "high_s", "params_ratio",
    "multiply_adds_ratio", "memory_access_ratio", "latency_ratio", "fragments", "layers", "kernels",
}  # fmt: skip
"""Columns that hold numbers wherever they stand."""


def keys(value: Any) -> Iterator[str]:
    """Every key of what JSON holds."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from keys(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from keys(inner)


OTHERWISE = {"over_bound", "element_wise_share", "predicted_s", "madds", "macs", "time_s", "without_products"}
"""Words that once stood for a metric beside its own key."""


@pytest.mark.parametrize("command", COMMANDS)
def test_the_same_names_and_numbers(run: Run, command: str) -> None:
    printed, value = run(*command.split(), "-f", "csv"), run(*command.split(), "-f", "json")
    assert printed.code == value.code == 0, printed.err + value.err
    table, named = pandas.read_csv(io.StringIO(printed.out)), set(keys(json.loads(value.out)))
    told = [key for key in table.columns if not table[key].isna().all()]
    assert [key for key in told if PAIRS.get(key, key) not in named] == []
    assert [key for key in table.columns if not re.fullmatch(r"[a-z][a-z0-9_]*", key)] == []
    assert not OTHERWISE & (set(table.columns) | named)
    for key in NUMBERS & set(table.columns):
        assert pandas.api.types.is_numeric_dtype(table[key]), key


def test_the_words_of_metrics_are_their_keys() -> None:
    assert {"memory_access_over_bound", "access_without_products", "layers"} <= {*BY_KEY}


@pytest.mark.parametrize(
    ("command", "key", "less"),
    [
        ("compare vgg16 resnet18", "params_ratio", "resnet18"),
        ("savings vgg_head", "params", None),
        ("savings", "params_ratio", "bottleneck"),
    ],
)
def test_a_ratio_below_one_is_less(run: Run, command: str, key: str, less: str | None) -> None:
    table = pandas.read_csv(io.StringIO(run(*command.split(), "--format", "csv").out))
    if less is None:
        assert table[key].iloc[1] < table[key].iloc[0]
    else:
        row = table[(table.iloc[:, 0] == less)]
        assert row[key].iloc[0] < 1


def test_flops_are_two_for_each_multiply_add(run: Run) -> None:
    table = pandas.read_csv(io.StringIO(run("profile", "lenet5", "--flops", "2", "-f", "csv").out))
    assert (table["flops"] == 2 * table["multiply_adds"]).all()
    shown = run("profile", "lenet5", "--flops", "2").out
    assert "FLOPs: 2 for each multiply-add" in shown
    assert "833.0k" in shown  # twice 416,520
    assert run("profile", "lenet5", "--flops", "3").code == 2
