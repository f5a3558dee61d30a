"""Every command's CSV and JSON: the same names for the same things, and numbers that pandas reads as such."""

import io
import json
import re
from collections.abc import Iterator
from typing import Any

import pandas
import pytest
import typer

from archlens.cli.app import app
from archlens.report.formats import FORMATS
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

PLAIN = {"text", "markdown", "latex", "html", "csv", "json"}
WITHOUT = {
    "settings": "what may be set, which is no count",
    "receptive-field": "places of the input, which are printed in full",
    "verify": "figures to the digits that somebody printed",
    "devices list": "shares of networks", "devices show": "rates, as a data sheet has them",
    "results show": "everything about one run, in full",
    "spec operators": "words", "sweep status": "how many variants there are, in full",
}  # fmt: skip
"""Commands that print tables without counts or times that could be rounded."""


def commands(group: Any, *names: str) -> Iterator[tuple[str, Any]]:
    """Every command that does something, by its words, as Typer knows them."""
    for name in group.commands:
        found = group.commands[name]
        if hasattr(found, "commands"):
            yield from commands(found, *names, name)
        else:
            yield " ".join([*names, name]), found


WALKED = dict(commands(typer.main.get_command(app)))


@pytest.mark.parametrize("name", WALKED)
def test_every_command_that_prints_a_table_takes_the_same_options(run: Run, name: str) -> None:
    options = {flag: each for each in WALKED[name].params for flag in each.opts}
    if "--format" not in options or name == "sweep export":  # which writes variants as data
        assert ("-f" in options) == ("--format" in options)
        return
    assert {"-f", "--format"} <= {*options}
    told = " ".join(run(*name.split(), "--help").out.split())
    assert "|".join(FORMATS) in options["--format"].metavar
    assert {*FORMATS} == PLAIN
    if name != "sweep run":  # whose -o is the store
        assert {"-o", "--output"} <= {*options}
        assert "Write to a file" in told
    if name in WITHOUT:
        assert not {"--digits", "--units"} & {*options}, WITHOUT[name]
    else:
        assert {"--digits", "--units"} <= {*options}
        refused = run(*name.split(), *["x"] * 3, "--units", "q")
        assert refused.code == 2


@pytest.mark.parametrize(
    ("command", "usual", "shown"),
    [
        ("profile lenet5", "416.5k", "0.42M"),
        ("compare lenet5 resnet18 -c params,memory_access", "11.69M", "11.69M"),
        ("list lenet5", "416.5k", "0.42M"),
        ("lint mobilenet_v2", "17.65M elements moved", "17.65M elements moved"),
        ("diff lenet5 lenet5[classes=9]", "−84", "−0.00M"),
        ("spec show lenet5", "48.12k", "0.05M"),
        ("reconcile lenet5 --claim 0.42M", "416,520", "0.42M"),
        ("predict lenet5 resnet18 --device rtx4090", "multiply-", "multiply-"),
        ("savings bottleneck", "1,179,648", "1.18M"),
    ],
)
def test_units_are_for_every_count(run: Run, command: str, usual: str, shown: str) -> None:
    assert usual in run(*command.split()).out
    outcome = run(*command.split(), "--units", "M", "--digits", "2")
    assert shown in outcome.out, outcome
    for format in ("csv", "json"):
        plain = run(*command.split(), "-f", format)
        assert run(*command.split(), "-f", format, "--units", "M", "--digits", "2") == plain


def test_digits_are_for_times_and_for_sentences(run: Run) -> None:
    shown = run("predict", "resnet18", "resnet50", "--device", "rtx4090", "--digits", "2").out
    assert re.search(r"resnet18 .* [1-9]\d0 µs  +[1-9]\d0–[1-9]\d0 µs", shown), shown
    assert "folded: 18M elements moved" in run("lint", "mobilenet_v2", "--digits", "2").out
    assert run("profile", "lenet5", "--digits", "0").code == 2


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
