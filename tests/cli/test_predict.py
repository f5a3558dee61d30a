"""`archlens predict`: what it prints in each format, and what it refuses."""

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from archlens.devices.profile import Seen, write_profile
from tests.cli.conftest import Refused, Run
from tests.devices.test_profile import PROFILE

SHEET = '{"name": "some", "tflops": 10, "bandwidth": "100 GB/s", "launch": "4 us"}'


def test_one_network_by_work_and_by_stage(run: Run) -> None:
    outcome = run("predict", "mobilenet_v2", "--device", SHEET, "--batch", "8")
    assert (outcome.code, outcome.err) == (0, "")
    lines = outcome.out.splitlines()
    assert lines[0] == "mobilenet_v2 on some, input 8×3×224×224, predicted"
    named = [line.split()[0] for line in lines if line]
    assert {"convolution", "activation", "stem", "head", "total"} <= set(named)
    assert named.count("total") == 2
    assert "launches do not bind" in lines


def test_several_networks(run: Run) -> None:
    outcome = run("predict", "resnet18", "alexnet", "--device", SHEET)
    assert outcome.out.startswith("predicted on some, batch 1\n")
    rows = csv.DictReader(io.StringIO(run("predict", "resnet18", "alexnet", "-d", SHEET, "-f", "csv").out))
    assert [row["model"] for row in rows] == ["resnet18", "alexnet"]


def test_the_contract(run: Run, tmp_path: Path) -> None:
    outcome = run("predict", "lenet5", "--device", SHEET, "--format", "json")
    (shown,) = json.loads(outcome.out)
    assert shown["model"] == "lenet5"
    assert shown["interval_s"][0] <= shown["latency_s"] <= shown["interval_s"][1]
    file = tmp_path / "sheet.json"
    file.write_text(SHEET, encoding="utf-8")
    assert json.loads(run("predict", "lenet5", "--device", str(file), "-f", "json").out) == [shown]


def test_settings_and_input(run: Run) -> None:
    arguments = ("-s", "classes=3", "--input", "3x64x64", "--batch", "2", "-f", "json")
    (shown,) = json.loads(run("predict", "resnet18", "-d", SHEET, *arguments).out)
    assert (shown["input"], shown["batch"]) == ([2, 3, 64, 64], 2)
    assert "classes=3" in shown["model"]


@pytest.mark.parametrize(
    ("device", "said"),
    [
        ("rtx9999", "no device is called rtx9999"),
        ("cpu", "cpu is where `measure` and `compare --latency` run"),
        ("none.json", "none.json: cannot be read: No such file"),
        ('{"tflops": 1}', "the data sheet says nothing about bandwidth"),
    ],
)
def test_one_line_for_a_device_that_is_none(refused: Refused, device: str, said: str) -> None:
    assert refused("predict", "lenet5", "--device", device).startswith(said)


def test_a_model_that_is_none(refused: Refused) -> None:
    assert "did you mean lenet5?" in refused("predict", "lenet55", "--device", SHEET)


def test_a_device_is_asked_for(run: Run) -> None:
    outcome = run("predict", "lenet5")
    assert outcome.code == 2
    assert "--device" in outcome.err


def test_beside_a_profile_a_comparison_a_list_and_findings(run: Run) -> None:
    (shown,) = json.loads(run("predict", "squeezenet1_1", "-d", SHEET, "-f", "json").out)
    asked = ("--device", SHEET, "--format", "json")
    profiled = json.loads(run("profile", "squeezenet1_1", *asked).out)
    assert profiled["prediction"] == shown
    assert sum(row["latency_s"] for row in profiled["rows"]) == pytest.approx(shown["latency_s"])
    compared = json.loads(run("compare", "lenet5", "squeezenet1_1", *asked).out)
    assert compared["predictions"][1] == shown
    listed = {each["model"]: each for each in json.loads(run("list", "squeezenet", *asked).out)}
    assert listed["squeezenet1_1"]["latency_s"] == shown["latency_s"]
    linted = json.loads(run("lint", "squeezenet1_1", *asked).out)
    assert linted["findings"][0]["predicted"]["network_s"] == shown["latency_s"]


@pytest.mark.parametrize(
    "command", [("compare", "lenet5", "alexnet", "--latency"), ("lint", "lenet5", "--measure")]
)
def test_what_is_timed_runs_here(refused: Refused, command: tuple[str, ...]) -> None:
    said = refused(*command, "--device", "rtx4090", code=2)
    assert said == (
        f"--device rtx4090: {command[-1]} runs on this machine, on cpu or cuda; without {command[-1]}, times "
        "are predicted"
    )


@pytest.mark.parametrize("command", ["compare", "lint", "profile", "list"])
def test_where_commands_run_is_no_device_to_predict_for(refused: Refused, command: str) -> None:
    models = {"compare": ("lenet5", "alexnet")}.get(command, ("lenet5",))
    assert refused(command, *models, "--device", "cpu").startswith("cpu is where `measure` and ")


def test_far_from_what_was_seen_takes_force(run: Run, refused: Refused, tmp_path: Path) -> None:
    seen = Seen(batch=(1, 1), seconds=(1e-3, 1.0), shares={"arithmetic.dense": 0.5})
    file = tmp_path / "toy.json"
    write_profile(replace(PROFILE, seen=seen), file)
    for command in (
        ("predict", "mobilenet_v1"),
        ("compare", "lenet5", "mobilenet_v1"),
        ("profile", "mobilenet_v1"),
    ):
        said = refused(*command, "--device", str(file))
        assert "is too far from all that the profile was fitted to" in said
        assert said.endswith("; --force predicts it all the same")
        assert "outside: " in run(*command, "--device", str(file), "--force").out
    (listed,) = json.loads(run("list", "mobilenet_v1_160", "--device", str(file), "-f", "json").out)
    assert "latency_s" not in listed
