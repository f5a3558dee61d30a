"""`archlens reconcile`"""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from archlens.cli.progress import Progress
from archlens.studies.reconciliation import processes
from tests.cli.conftest import Refused, Run

Golden = Callable[[str, str], None]

SPEC = """
input: [4, 8, 8]
network: [{conv: {out: 6, kernel: 3, bias: true}}, batch_norm, relu, {linear: {out: 3}}]
"""
CONV = 9 * 4 * 6 * 64
LINEAR = 6 * 8 * 8 * 3


@pytest.fixture
def spec(tmp_path: Path) -> str:
    """A small network in a file."""
    file = tmp_path / "small.yaml"
    file.write_text(SPEC, encoding="utf-8")
    return str(file)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("reconcile_claim.txt", ["resnet50", "--claim", "4.12G"]),
        ("reconcile_claim.json", ["vgg16", "--claim", "30.96G", "-f", "json"]),
        ("reconcile_claim_none.txt", ["resnet50", "--claim", "3.8G"]),
    ],
)
def test_golden(run: Run, golden: Golden, name: str, arguments: list[str]) -> None:
    outcome = run("reconcile", *arguments)
    assert (outcome.code, outcome.err) == (0, "")
    golden(name, outcome.out)


def test_counters_on_a_spec(run: Run, spec: str) -> None:
    outcome = run("reconcile", spec, "--with", "fvcore, torch", "-f", "json")
    assert (outcome.code, outcome.err) == (0, "")
    shown = json.loads(outcome.out)
    fvcore, torch = shown["counters"]
    assert shown["multiply_adds"] == CONV + LINEAR
    assert (fvcore["counter"], fvcore["total"]) == ("fvcore", CONV + LINEAR + 2 * 384)
    assert fvcore["terms"] == [{"term": "normalisation", "count": 768, "how": "384 inputs × 2"}]
    assert torch["total"] == 2 * (CONV + LINEAR)
    assert fvcore["unexplained"] == torch["unexplained"] == 0
    assert "claim" not in shown


def test_counters_on_a_module(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text(
        "from torch import nn\nfrom torch.nn import functional\n"
        "class Mine(nn.Module):\n"
        "    def __init__(self, out=4):\n        super().__init__()\n"
        "        self.layer = nn.Conv2d(4, out, 1)\n"
        "    def forward(self, x):\n        return functional.conv2d(self.layer(x), self.layer.weight)\n",
        encoding="utf-8",
    )
    outcome = run("reconcile", f"{file}:Mine", "--input", "4x8x8", "--with", "torch", "--claim", "4.1k")
    assert (outcome.code, outcome.err) == (0, "")
    lines = [line.split() for line in outcome.out.splitlines()]
    assert ["archlens", "2,048"] in lines
    assert ["torch", processes.release("torch"), "4,096"] in lines
    assert ["+2,048", "2", "per", "multiply-add", "2,048", "multiply-adds"] in lines
    assert ["printed:", "4.1k", "4,096", "2", "per", "multiply-add"] in lines


def test_settings_and_input(run: Run) -> None:
    outcome = run("reconcile", "resnet50", "-s", "stride_in=1x1", "--claim", "3.8G", "-f", "json")
    (way, *_) = json.loads(outcome.out)["claim"]["conventions"]
    assert way["terms"] == ["its digits cut, not rounded"]
    outcome = run("reconcile", "resnet50", "--input", "3x448x448", "--claim", "4.1G", "-f", "json")
    (way, *_) = json.loads(outcome.out)["claim"]["conventions"]
    assert way["terms"] == ["at 224×224"]


def test_a_claim_alone_needs_no_pytorch(shell: Run) -> None:
    outcome = shell(
        "python -X importtime -m archlens reconcile resnet50 --claim 8.2G 2>&1 >/dev/null | "
        "grep -E '\\b(torch|numpy|fvcore|rich)$' || echo none"
    )
    assert outcome.out == "none\n"


def test_a_claim_says_on_a_terminal_how_far_it_is(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[str, float]] = []
    monkeypatch.setattr(Progress, "show", lambda bar, text, share, now: told.append((text, share)))
    assert run("reconcile", "lenet5", "--claim", "0.42M").code == 0
    assert len(told) > 10
    assert told[0][0].startswith("at 160×160")
    shares = [share for _, share in told]
    assert shares == sorted(shares)


def test_all_that_are_installed(run: Run, spec: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "find_spec", lambda name: name if name == "torch" else None)
    outcome = run("reconcile", spec, "-f", "json")
    assert [each["counter"] for each in json.loads(outcome.out)["counters"]] == ["torch"]


def test_written_to_a_file(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "claim.csv"
    outcome = run("reconcile", "resnet50", "--claim", "8.2G", "-f", "csv", "-o", str(target))
    assert (outcome.code, outcome.out, outcome.err) == (0, "", "")
    assert target.read_text(encoding="utf-8") == (
        "counter,count,term\narchlens,4089184256,\nprinted: 8.2G,8178368512,2 per multiply-add\n"
    )


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ("resnet50 --claim much", 2, "--claim 'much' is not a figure such as 25557032, 146M or 4.09G"),
        ("resnet50 --with fvcor", 2, "--with fvcor is no counter that archlens knows; did you mean fvcore?"),
        ("resnet50 --with ,", 2, "--with names no counter; there are fvcore, torchinfo, ptflops, thop, "
         "calflops, torchprofile, torch"),
        ("missing.pt2 --with torch", 1, "missing.pt2: no such file"),
        ("resnet51 --claim 4G", 1, "no model is called resnet51; did you mean resnet"),
    ],
)  # fmt: skip
def test_refused(refused: Refused, arguments: str, code: int, message: str) -> None:
    assert refused("reconcile", *arguments.split(), code=code).startswith(message)


def test_a_counter_that_is_not_installed(refused: Refused, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "find_spec", lambda name: None)
    said = refused("reconcile", "resnet50", "--with", "torchprofile")
    assert said == "torchprofile cannot count here: pip install torchprofile"
