"""`archlens guidelines`: its tables, its options, and what it does when it is stopped."""

import csv
import io
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from archlens.errors import ArchlensError
from archlens.graph import Graph
from archlens.studies.guidelines import decomposition, speed
from archlens.studies.guidelines.speed import Race
from tests.cli.conftest import Refused, Run
from tests.studies.guidelines.racing import even, steady

Golden = Callable[[str, str], None]


def test_golden(run: Run, golden: Golden) -> None:
    outcome = run("guidelines", "--no-measure")
    assert (outcome.code, outcome.err) == (0, "")
    golden("guidelines.txt", outcome.out)


def test_golden_in_a_narrow_terminal(run: Run, golden: Golden, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    outcome = run("guidelines", "g3", "table8", "breakdown", "--no-measure", "--channels", "gpu")
    assert max(map(len, outcome.out.splitlines())) <= 80
    golden("guidelines_80_columns.txt", outcome.out)


def test_golden_csv(run: Run, golden: Golden) -> None:
    golden("guidelines.csv", run("guidelines", "--no-measure", "--quick", "--format", "csv").out)


def test_markdown_into_a_file(run: Run, tmp_path: Path, golden: Golden) -> None:
    target = tmp_path / "guidelines.md"
    outcome = run("guidelines", "table8", "--no-measure", "--format", "markdown", "-o", str(target))
    assert (outcome.code, outcome.out) == (0, "")
    golden("guidelines_table8.md", target.read_text(encoding="utf-8"))


def test_json(run: Run) -> None:
    found = json.loads(run("guidelines", "g1", "table8", "breakdown", "--no-measure", "-f", "json").out)
    assert set(found) == {"guidelines", "table8", "breakdown"}
    assert found["guidelines"][0]["verdict"] == "not measured"
    assert found["guidelines"][0]["channels"] == "arm"
    assert len(found["guidelines"][0]["rows"]) == 12


@pytest.mark.parametrize(
    ("options", "scales"),
    [((), {1, 2, 4}), (("--quick",), {1}), (("--scale", "4,1"), {1, 4}), (("--quick", "--scale", "2"), {2})],
)
def test_scales(run: Run, options: tuple[str, ...], scales: set[int]) -> None:
    found = json.loads(run("guidelines", "g2", "--no-measure", "-f", "json", *options).out)
    assert {row["scale"] for row in found["guidelines"][0]["rows"]} == scales


@pytest.mark.parametrize("part", ["g1", "table8", "breakdown"])
def test_csv_of_each_part(run: Run, part: str) -> None:
    rows = list(csv.DictReader(io.StringIO(run("guidelines", part, "--no-measure", "-f", "csv").out)))
    assert len(rows) == {"g1": 12, "table8": 22, "breakdown": 8}[part]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("g5",), "g5 is not one of g1, g2, g3, g4, table8, breakdown"),
        (("breakdwn",), "breakdwn is not one of g1, g2, g3, g4, table8, breakdown; did you mean breakdown?"),
        (("--scale", "3"), "--scale 3: the paper has 1, 2 and 4; such as 1,4"),
        (("--scale", "1,"), "--scale 1,: the paper has 1, 2 and 4; such as 1,4"),
        (("--channels", "cpu"), "--channels cpu is not one of arm, gpu"),
        (("--device", "gpu"), "device gpu is not one of cpu, cuda"),
        (("g1", "table8", "-f", "csv"), "CSV is one table: of g1 to g4, of table8, or of breakdown"),
    ],
)
def test_refused(refused: Refused, arguments: tuple[str, ...], said: str) -> None:
    assert refused("guidelines", "--no-measure", *arguments, code=2).startswith(said)


def test_counting_is_light(shell: Run) -> None:
    """Without measuring, nothing that takes a second to import is imported."""
    outcome = shell(
        "python -X importtime -m archlens guidelines g1 g4 table8 breakdown --no-measure 2>&1 >/dev/null"
    )
    assert outcome.code == 0
    imported = {line.split("|")[-1].strip().split(".")[0] for line in outcome.out.splitlines()}
    assert "archlens" in imported
    assert not imported & {"torch", "numpy", "scipy", "pandas", "psutil", "matplotlib"}


Timed = Callable[[Sequence[Graph], Callable[[float], None]], Race]


@pytest.fixture
def stopwatches(monkeypatch: pytest.MonkeyPatch) -> Callable[[Timed], None]:
    """Put another stopwatch in the place of the one that runs networks."""

    def put(timed: Timed) -> None:
        monkeypatch.setattr(speed, "stopwatch", lambda conditions, min_time: timed)
        monkeypatch.setattr(decomposition, "node_times", lambda conditions, min_time: even)

    return put


def test_measured(run: Run, stopwatches: Callable[[Timed], None]) -> None:
    stopwatches(steady)
    outcome = run("guidelines", "g1", "g2", "breakdown", "--scale", "1")
    assert (outcome.code, outcome.err) == (0, "")
    assert "G1 holds here: 3 of 3 comparisons show it" in outcome.out
    assert "which of them hold" in outcome.out
    assert "framework and rest" in outcome.out


def stopping(after: int, how: BaseException) -> Timed:
    """A stopwatch that is stopped after so many races."""
    done: list[Any] = []

    def timed(graphs: Sequence[Graph], shown: Callable[[float], None]) -> Race:
        if len(done) == after:
            raise how
        done.append(graphs)
        return steady(graphs, shown)

    return timed


def test_ctrl_c_prints_what_is_known(run: Run, stopwatches: Callable[[Timed], None]) -> None:
    stopwatches(stopping(1, KeyboardInterrupt()))
    outcome = run("guidelines", "g1", "g4", "--scale", "1")
    assert outcome.code == 130
    assert outcome.err.startswith("archlens: interrupted")
    assert "G1 holds here" in outcome.out
    assert "G4, Table 4" in outcome.out
    assert "not measured" in outcome.out


def test_a_problem_does_not_lose_what_is_known(run: Run, stopwatches: Callable[[Timed], None]) -> None:
    stopwatches(stopping(1, ArchlensError("g2 does not fit")))
    outcome = run("guidelines", "g1", "g2", "--scale", "1")
    assert (outcome.code, outcome.err) == (1, "archlens: g2 does not fit\n")
    assert "G1 holds here" in outcome.out
