"""`archlens lint`: what it prints, its options and its exit codes."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from archlens.cli import lint as command
from tests.cli.conftest import Refused, Run

Golden = Callable[[str, str], None]


@pytest.mark.parametrize("name", ["shufflenet_v1", "mobilenet_v2", "shufflenet_v2", "nasnet_a_mobile"])
def test_golden(run: Run, golden: Golden, name: str) -> None:
    outcome = run("lint", name)
    assert (outcome.code, outcome.err) == (0, "")
    golden(f"lint_{name}.txt", outcome.out)


@pytest.mark.parametrize(("format", "ending"), [("markdown", "md"), ("json", "json")])
def test_golden_of_other_formats(run: Run, golden: Golden, format: str, ending: str) -> None:
    golden(f"lint_mobilenet_v2.{ending}", run("lint", "mobilenet_v2", "-f", format).out)


def test_output(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "lint.json"
    assert run("lint", "vgg16", "-f", "json", "-o", str(file)) == (0, "", "")
    assert json.loads(file.read_text(encoding="utf-8"))["model"] == "vgg16"


def test_settings_and_input(run: Run) -> None:
    shown = json.loads(
        run("lint", "mobilenet_v2", "-s", "width=0.5", "--input", "3x96x96", "--batch", "2", "-f", "json").out
    )
    assert shown["model"] == "mobilenet_v2 width=0.5"
    assert shown["input"] == [2, 3, 96, 96]
    places = [place["written"] for finding in shown["findings"] for place in finding["places"]]
    assert all(place.startswith("specs/mobilenet_v2.yaml:") for place in places)


@pytest.mark.parametrize(
    ("option", "code", "said"),
    [
        ("g2", 0, ""),
        ("g1", 1, "archlens: g1 has 2 findings in mobilenet_v2\n"),
        ("g1=1.2", 0, ""),
        ("g1=1.1", 1, "archlens: g1 of mobilenet_v2 is 1.115, above 1.1\n"),
        ("g4, g1=1, g3=1", 1, "archlens: g4 has 1 finding in mobilenet_v2\n"
         "archlens: g1 of mobilenet_v2 is 1.115, above 1\n"),
    ],
)  # fmt: skip
def test_fail_on(run: Run, option: str, code: int, said: str) -> None:
    outcome = run("lint", "mobilenet_v2", "--limit", "0", "--fail-on", option)
    assert (outcome.code, outcome.err) == (code, said)
    assert "3 findings more" in outcome.out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--fail-on", "g5"), "--fail-on: 'g5' is not one of g1, g2, g3, g4"),
        (("--fail-on", "g1=high"), "--fail-on g1=high: 'g1=high' is neither g1 nor g1=1.2"),
        (("--fail-on", "g1,g1=2"), "--fail-on g1,g1=2: g1 is given twice"),
        (("--guideline", "g1,gg2"), "--guideline: 'gg2' is not one of g1, g2, g3, g4; did you mean g2?"),
    ],
)
def test_options_that_mean_nothing(refused: Refused, options: tuple[str, ...], said: str) -> None:
    assert refused("lint", "vgg16", *options, code=2) == said


def test_guidelines_in_their_order(run: Run) -> None:
    shown = json.loads(run("lint", "shufflenet_v1", "--guideline", "g4,g1", "-f", "json").out)
    assert [*shown["scores"]] == ["g1", "g4"]
    assert {finding["guideline"] for finding in shown["findings"]} == {"g1", "g4"}


def test_measure(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each finding that is shown has its worst place in a contest, which is a fake here."""
    held: list[tuple[str, ...]] = []

    def in_turns(networks: Any, names: Any, conditions: Any, **options: Any) -> Any:
        held.append(tuple(network.graph.model for network in networks))
        ratio = SimpleNamespace(verdict="faster", sentence=f"{names[1]} is faster than {names[0]}")
        return SimpleNamespace(times=(0.003, 0.002), ratios=(ratio,), interrupted=len(held) == 2)

    monkeypatch.setattr(command, "in_turns", in_turns)
    monkeypatch.setattr(command, "conditions_for", lambda *given: given)
    outcome = run("lint", "mobilenet_v2", "--measure")
    assert len(held) == 2
    assert (outcome.code, outcome.err) == (
        130, "archlens: interrupted: fewer measurements than were asked for\n"
    )  # fmt: skip
    assert outcome.out.count("measured there") == 2
    assert "the alternative is faster than what is there" in " ".join(outcome.out.split())


MODULES = """
import torch
from torch import nn
from torch.nn import functional

class Residual(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(8, 8, 3, padding=1)
    def forward(self, x):
        return functional.relu(self.conv(x) + x).view(len(x), 4, -1)

class Unbuilt(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(8, 8, 3, padding=1)
    def forward(self, x):
        return functional.softplus(self.conv(x)) * torch.arange(8.0)[:, None, None]
"""


def test_a_module_is_measured_where_it_can_be_built(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "linted_nets.py"
    file.write_text(MODULES, encoding="utf-8")
    quick = ("--input", "8x8x8", "--batch", "2", "--measure", "--threads", "1", "--min-time", "0")
    outcome = run("lint", f"{file}:Residual", *quick)
    assert (outcome.code, outcome.err) == (0, "")
    assert "measured there" in outcome.out
    outcome = run("lint", f"{file}:Unbuilt", *quick)
    assert outcome.code == 0
    assert "1. G4 multiply" in outcome.out
    assert "measured there" not in outcome.out
    assert outcome.err.startswith("archlens: finding 1 is not measured: ")
    assert outcome.err.endswith("no rule builds the operator 'softplus'\n")


def test_no_pytorch_without_measuring() -> None:
    heavy = "torch numpy scipy pandas sqlite3 matplotlib"
    script = (
        "import sys; sys.argv = ['archlens', 'lint', 'vgg16']\n"
        "from archlens.cli.app import main\n"
        f"try: main()\nexcept SystemExit: print(sorted(set('{heavy}'.split()) & set(sys.modules)))"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ended.stdout.splitlines()[-1] == "[]"
