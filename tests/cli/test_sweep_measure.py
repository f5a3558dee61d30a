"""`archlens sweep measure`: the front beside what was predicted; fleets are in tests/spaces/test_fleet.py."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Refused, Run

pytest.importorskip("torch")
pytest.importorskip("psutil")


@pytest.mark.filterwarnings("ignore")
def test_the_front_is_measured(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    made = run(
        "sweep", "lenet5", "--over", "input=1x32x32..1x40x40/4", "--over", "classes=2..4",
        "--minimise", "latency", "--maximise", "params", "--device", "i7-12700h",
    )  # fmt: skip
    assert made.code == 0
    command = ("sweep", "measure", "lenet5.sqlite", "--most", "2", "--min-time", "0.02", "--threads", "1")
    first = run(*command, "--format", "json")
    assert first.code == 0, first.err
    found = json.loads(first.out)
    assert [each["model"] for each in found] == [
        each["model"]
        for each in json.loads(run("sweep", "front", "lenet5.sqlite", "--format", "json").out)["front"]
    ][:2]
    again = run(*command)
    assert "2 measurements on 1 machine" in again.out
    assert "predicted" in again.out


def test_nobody_there(refused: Refused, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    monkeypatch.chdir(tmp_path)
    run("sweep", "lenet5", "--over", "classes=2..4")
    assert "no Dask scheduler answers at tcp://127.0.0.1:1" in refused(
        "sweep", "measure", "lenet5.sqlite", "--scheduler", "tcp://127.0.0.1:1"
    )


@pytest.mark.filterwarnings("ignore")
def test_beside_a_network(
    run: Run, refused: Refused, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    run(
        "sweep", "lenet5", "--over", "input=1x32x32..1x40x40/4", "--over", "classes=2..4",
        "--minimise", "latency", "--maximise", "params", "--device", "i7-12700h",
    )  # fmt: skip
    front = json.loads(run("sweep", "front", "lenet5.sqlite", "--format", "json").out)["front"]
    command = (
        "sweep",
        "measure",
        "lenet5.sqlite",
        "--beside",
        "lenet5",
        "--min-time",
        "0.02",
        "--threads",
        "1",
    )
    made = run(*command, "--most", "2", "--format", "json")
    assert made.code == 0, made.err
    told = json.loads(made.out)
    own, *variants = told["networks"]
    assert own["model"] == "lenet5"
    assert [each["model"] for each in variants] == [each["model"] for each in front[:2]]
    for each, found in zip(variants, front, strict=False):
        assert each["predicted_ratio"] == found["latency"] / own["predicted_s"]
        assert each["measured_s"] / own["measured_s"] == pytest.approx(each["measured_ratio"])
    assert "--beside takes turns on this machine" in refused(
        *command, "--scheduler", "tcp://127.0.0.1:1", code=2
    )
    run("sweep", "lenet5", "--over", "classes=2..4", "-o", "counts.sqlite")
    assert "latency was not asked of these variants" in refused(
        "sweep", "measure", "counts.sqlite", "--beside", "lenet5", code=2
    )
