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
