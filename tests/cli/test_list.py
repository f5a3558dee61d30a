"""`archlens list`"""

import json
from collections.abc import Callable

import pytest

from tests.cli.conftest import Refused, Run

Golden = Callable[[str, str], None]


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("list_vgg.txt", ["vgg??"]),
        ("list_vgg.md", ["vgg??", "--format", "markdown"]),
        ("list_vgg.csv", ["vgg??", "--format", "csv"]),
        ("list_vgg.json", ["vgg??", "--format", "json"]),
    ],
)
def test_golden(run: Run, golden: Golden, name: str, arguments: list[str]) -> None:
    outcome = run("list", *arguments)
    assert (outcome.code, outcome.err) == (0, "")
    golden(name, outcome.out)


def test_all_of_it_fits_into_a_terminal(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    outcome = run("list")
    assert outcome.code == 0
    assert max(map(len, outcome.out.splitlines())) <= 80
    assert "\nnot shown in 80 columns: " in outcome.out
    assert "\nresnet50 " in outcome.out


def test_json_has_every_network(run: Run) -> None:
    shown = {entry["model"]: entry for entry in json.loads(run("list", "-f", "json").out)}
    assert shown["resnet50"] == {
        "model": "resnet50",
        "aliases": ["resnet"],
        "family": "resnet",
        "title": "ResNet",
        "year": 2015,
        "input": [1, 3, 224, 224],
        "params": 25557032,
        "multiply_adds": 4089184256,
        "top1": 76.15,
        "top1_where": "torchvision's documentation, one crop",
    }
    assert "shufflenet_v1_g3" in shown


def test_nothing_found(refused: Refused) -> None:
    assert refused("list", "zzz") == "no model matches zzz; `archlens list` shows all"


def test_several_patterns_a_condition_and_an_order(run: Run) -> None:
    shown = json.loads(
        run("list", "mobilenet", "shufflenet*", "--where", "params < 2M and year >= 2018",
            "--sort", "-multiply_adds", "-c", "layers,kernels", "-f", "json").out
    )  # fmt: skip
    assert len(shown) > 2
    assert all(each["params"] < 2_000_000 and each["year"] >= 2018 for each in shown)
    assert {each["model"].split("_")[0] for each in shown} == {"mobilenet", "shufflenet"}
    assert [each["multiply_adds"] for each in shown] == sorted(
        (each["multiply_adds"] for each in shown), reverse=True
    )
    assert all({"layers", "kernels"} <= {*each} for each in shown)


def test_metrics_of_the_catalogue_are_those_of_a_profile(run: Run) -> None:
    (entry,) = json.loads(run("list", "lenet5", "-c", "peak,layers", "-f", "json").out)
    totals = json.loads(run("profile", "lenet5", "-f", "json").out)["totals"]
    assert entry["layers"] == totals["layers"] == 5
    assert entry["peak_activations"] == totals["peak_activations"]


def test_nothing_fits_the_condition(refused: Refused) -> None:
    assert refused("list", "vgg", "--where", "params<1k") == (
        "no model matches vgg --where 'params<1k'; `archlens list` shows all"
    )
