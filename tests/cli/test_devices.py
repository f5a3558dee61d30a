"""`archlens devices`: listed, shown, and named as people write them."""

import json
from pathlib import Path

import pytest

from archlens.devices.profile import write_profile
from tests.cli.conftest import Refused, Run
from tests.devices.test_profile import PROFILE


@pytest.fixture(autouse=True)
def own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder with a profile of one's own."""
    folder = tmp_path / "devices"
    folder.mkdir()
    write_profile(PROFILE, folder / "my-toy.json")
    monkeypatch.setenv("ARCHLENS_DEVICES", str(folder))
    return folder


def test_a_list_with_one_s_own_and_data_sheets(run: Run) -> None:
    outcome = run("devices")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome == run("devices", "list")
    assert "my-toy" in outcome.out
    assert "rtx4090-sheet" in outcome.out


@pytest.mark.parametrize("pattern", ["my-toy", "MY TOY", "my*", "toy"])
def test_a_pattern(run: Run, pattern: str) -> None:
    (shown,) = json.loads(run("devices", pattern, "--format", "json").out)
    assert (shown["name"], shown["kind"], shown["networks"]) == ("my-toy", "your own", 30)


def test_one(run: Run, own: Path) -> None:
    outcome = run("devices", "show", "My Toy")
    assert outcome.out.startswith("my-toy\n")
    assert "30 times of 10 families" in outcome.out
    assert str(own / "my-toy.json") in outcome.out
    sheet = '{"name": "some", "tflops": 10, "bandwidth": "100 GB/s"}'
    assert run("devices", "show", sheet).out.startswith("some\n")
    assert json.loads(run("devices", "show", "a100", "-f", "json").out)["kind"] == "data sheet"


def test_one_line_for_what_is_none(refused: Refused) -> None:
    assert refused("devices", "toaster") == "no device matches toaster; `archlens devices` lists all"
    assert refused("devices", "show", "a1000") == "no device is called a1000; did you mean a100-sheet?"
    assert refused("devices", "show", "none.json").startswith("none.json: cannot be read")
