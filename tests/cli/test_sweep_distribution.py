"""`archlens sweep distribution`: what it prints, and what it refuses."""

import csv
import json
from pathlib import Path

import pytest

from tests.cli.conftest import Refused, Run

LENET = ("sweep", "lenet5", "--over", "input=1x28x28..1x40x40/2", "--over", "classes=2..5")


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A folder of its own, in which the store is kept."""
    monkeypatch.chdir(tmp_path)


def test_what_it_prints(run: Run) -> None:
    run(*LENET)
    command = ("sweep", "distribution", "lenet5.sqlite", "params", "memory-access", "--by", "classes")
    shown = run(*command, "--beside", "lenet5[classes=3]", "--where", "params < 100k")
    assert shown.code == 0, shown.err
    assert "have less" in shown.out
    assert "classes=3" in shown.out
    assert "rank correlation" in shown.out
    told = json.loads(run(*command, "--format", "json").out)
    assert told["within_budget"] == 20
    assert [(each["metric"], each["group"]) for each in told["distributions"]] == [
        (metric, classes) for metric in ("params", "memory_access") for classes in (2, 3, 4, 5)
    ]
    rows = [*csv.DictReader(run(*command, "--format", "csv").out.splitlines())]
    for row, each in zip(rows, told["distributions"], strict=True):
        assert int(row["variants"]) == each["variants"] == 5
        assert int(row["quantile_0.5"]) == round(each["percentiles"][50])


def test_the_picture(run: Run) -> None:
    pytest.importorskip("vl_convert")
    run(*LENET)
    made = run("sweep", "distribution", "lenet5.sqlite", "--plot", "spread.svg", "--beside", "lenet5")
    assert made.code == 0, made.err
    assert Path("spread.svg").read_text(encoding="utf-8").startswith("<svg")


def test_bad_input(run: Run, refused: Refused) -> None:
    run(*LENET)
    asked = ("sweep", "distribution", "lenet5.sqlite")
    assert "did you mean params?" in refused(*asked, "parms", code=2)
    assert "did you mean classes?" in refused(*asked, "--by", "clases", code=2)
    assert "no variant is within the budget" in refused(*asked, "--where", "params < 1", code=2)
    assert "did you mean pixel1?" in refused(*asked, "latency", "--device", "pixl1")
    assert "there is no such store" in refused("sweep", "distribution", "nowhere.sqlite")
