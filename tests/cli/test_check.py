"""`archlens check`: in a repository of three commits, with every option and every form."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from junitparser import JUnitXml
from sarif_pydantic import Sarif

from tests.budgets.repository import Repository
from tests.cli.conftest import ROOT, Refused, Run

NET = """input: [3, 32, 32]
network:
  - {{name: stem, conv: {{out: {out}, kernel: 3}}}}
  - {{name: body, conv: {{out: 32, kernel: 3}}}}
"""
CONFIG = """
[[tool.archlens.check]]
model = "nets/small.yaml"
max = {params = "10k", latency = "100 us"}
growth = {multiply_adds = "2 %"}
device = '{"tflops": 1, "bandwidth": "100 GB/s", "launch": "20 us"}'

[[tool.archlens.check]]
model = "resnet18"
max = {params = "12M"}
"""


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> Repository:
    """A network with its budget, then its baseline, then a wider stem, a commit each."""
    made = Repository(tmp_path / "repository")
    made.commit(nets__small_yaml=NET.format(out=16), pyproject_toml=CONFIG)
    monkeypatch.chdir(made.folder)
    assert run("check", "--update").out == "archlens-baseline.json: written, 2 networks\n"
    made.commit()
    made.commit(nets__small_yaml=NET.format(out=24))
    return made


def test_a_budget_that_is_kept(repository: Repository, run: Run) -> None:
    repository.git("checkout", "--quiet", "HEAD~1")
    outcome = run("check")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.endswith("2 budgets kept\n")


def test_a_breach_by_growth_and_one_inside_the_interval(repository: Repository, run: Run) -> None:
    outcome = run("check")
    assert outcome.code == 1
    before, after = (16 * 27 + 16 * 32 * 9, 24 * 27 + 24 * 32 * 9)
    grown = f"multiply-adds grew by {after / before - 1:.1%}, from 5.161M to 7.741M"
    assert f"error nets/small.yaml:2: {grown}; 2 % is allowed against archlens-baseline.json" in outcome.out
    assert (
        "warning nets/small.yaml:2: latency is 40.00 µs, and may be above the 100 us allowed" in outcome.out
    )
    assert outcome.out.endswith("2 budgets, 1 broken\n")


def test_against_a_revision(repository: Repository, run: Run) -> None:
    assert "2 % is allowed against HEAD~1" in run("check", "--against", "HEAD~1").out
    assert run("check", "--against", "HEAD").code == 0
    repository.commit(nets__other_yaml=NET.format(out=8), pyproject_toml=CONFIG.replace("small", "other"))
    outcome = run("check", "--against", "HEAD~1")
    assert outcome.code == 0
    assert (
        "note nets/other.yaml:2: nothing to compare with: nets/other.yaml is new since HEAD~1" in outcome.out
    )


def test_from_a_folder_below(repository: Repository, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repository.folder / "nets")
    assert "error ../nets/small.yaml:2: multiply-adds grew" in run("check").out
    assert "2 % is allowed against HEAD~1" in run("check", "--against", "HEAD~1").out


def test_shrinking_is_told_and_never_fails(repository: Repository, run: Run) -> None:
    repository.commit(nets__small_yaml=NET.format(out=8))
    outcome = run("check")
    assert outcome.code == 0
    assert "note nets/small.yaml:2: multiply-adds shrank by 50.0%" in outcome.out


def test_only_what_is_named(repository: Repository, run: Run, refused: Refused) -> None:
    assert run("check", "resnet18").out.endswith("1 budget kept\n")
    assert refused("check", "resnet19", code=2).startswith(
        "pyproject.toml has no budget of resnet19; did you mean"
    )


def test_the_baseline_of_what_is_named_leaves_the_rest(repository: Repository, run: Run) -> None:
    before = json.loads(Path("archlens-baseline.json").read_text())["checks"]
    run("check", "nets/small.yaml", "--update")
    after = json.loads(Path("archlens-baseline.json").read_text())["checks"]
    assert after["resnet18"] == before["resnet18"]
    assert after["nets/small.yaml"]["figures"]["params"] == 24 * 27 + 24 * 32 * 9


def test_a_baseline_is_the_same_byte_for_byte(repository: Repository, run: Run) -> None:
    run("check", "--update")
    first = Path("archlens-baseline.json").read_bytes()
    run("check", "--update")
    assert Path("archlens-baseline.json").read_bytes() == first


def test_no_baseline_of_a_network_that_cannot_be_loaded(
    repository: Repository, run: Run, refused: Refused
) -> None:
    before = Path("archlens-baseline.json").read_bytes()
    Path("nets/small.yaml").write_text("input: [3, 8, 8]\n")
    assert refused("check", "--update").startswith("no baseline is written: nets/small.yaml: ")
    assert Path("archlens-baseline.json").read_bytes() == before


def test_json(repository: Repository, run: Run) -> None:
    small, other = json.loads(run("check", "--format", "json").out)
    assert (small["failed"], other["failed"]) == (True, False)
    assert {finding["rule"] for finding in small["findings"]} == {"growth", "max"}
    assert other["figures"]["params"] == 11_689_512


def test_github(repository: Repository, run: Run) -> None:
    lines = run("check", "--format", "github").out.splitlines()
    assert [line.partition("::")[2].partition("::")[0].split(" ")[0] for line in lines] == [
        "warning",
        "error",
    ]
    assert all(" file=nets/small.yaml,line=2,title=archlens " in line for line in lines)
    assert lines[1].endswith("2 %25 is allowed against archlens-baseline.json")


def test_gitlab(repository: Repository, run: Run) -> None:
    """https://docs.gitlab.com/ci/testing/code_quality/: what each entry must have."""
    found = json.loads(run("check", "--format", "gitlab").out)
    assert [entry["severity"] for entry in found] == ["minor", "major"]
    assert len({entry["fingerprint"] for entry in found}) == 2
    for entry in found:
        assert entry["location"] == {"path": "nets/small.yaml", "lines": {"begin": 2}}
        assert entry["description"]
        assert entry["check_name"].startswith("archlens-")
    repository.commit(nets__small_yaml=NET.format(out=25))
    again = json.loads(run("check", "--format", "gitlab").out)
    assert {entry["fingerprint"] for entry in again} == {entry["fingerprint"] for entry in found}


def test_junit(repository: Repository, run: Run) -> None:
    text = run("check", "--format", "junit").out
    (suite,) = JUnitXml.fromstring(text.encode())
    assert (suite.tests, suite.failures, suite.errors) == (2, 1, 0)
    small, other = suite
    assert "nets/small.yaml:2: multiply-adds grew" in small.result[0].text
    assert other.is_passed


def unknown_keys(part: Any) -> Iterator[str]:
    """Every key of a log that version 2.1.0 of the format does not have."""
    if isinstance(part, list):
        for item in part:
            yield from unknown_keys(item)
    elif hasattr(part, "model_extra"):
        yield from part.model_extra or ()
        for name in type(part).model_fields:
            yield from unknown_keys(getattr(part, name))


def test_sarif(repository: Repository, run: Run) -> None:
    text = run("check", "--format", "sarif").out
    log = Sarif.model_validate_json(text)
    (log_run,) = log.runs
    assert log.version == "2.1.0"
    assert not list(unknown_keys(log))
    results = log_run.results or []
    assert [str(result.level.value) for result in results if result.level] == ["warning", "error"]
    for result in json.loads(text)["runs"][0]["results"]:
        place = result["locations"][0]["physicalLocation"]
        assert place == {"artifactLocation": {"uri": "nets/small.yaml"}, "region": {"startLine": 2}}


def test_into_a_file(repository: Repository, run: Run, tmp_path: Path) -> None:
    target = tmp_path / "report.sarif"
    assert run("check", "--output", str(target)).code == 1
    assert json.loads(target.read_text())["version"] == "2.1.0"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "archlens-baseline.json: is no baseline: `archlens check --update` writes it anew"),
        ("[]", "archlens-baseline.json: is no baseline"),
        (
            '{"version": 9, "checks": {}}',
            "archlens-baseline.json: is a baseline of version 9, and this archlens",
        ),
        (
            '{"version": 1, "checks": {"x": {"of": {}, "figures": {"params": "many"}}}}',
            "archlens-baseline.json: is no",
        ),
    ],
)
def test_baselines_that_are_none(repository: Repository, refused: Refused, content: str, said: str) -> None:
    Path("archlens-baseline.json").write_text(content)
    assert refused("check", code=2).startswith(said)


def test_usage(
    repository: Repository, refused: Refused, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert refused("check", "--update", "--against", "HEAD", code=2).startswith(
        "--update writes a baseline and"
    )
    assert refused("check", "--against", "HEAD~9", code=2).startswith("HEAD~9: git cannot read this revision")
    assert refused("check", "--config", "none.toml", code=2).startswith(
        "none.toml: cannot be read: No such file"
    )
    monkeypatch.chdir(tmp_path)
    assert "neither archlens.toml nor [tool.archlens]" in refused("check", code=2)


def test_no_torch_is_imported(repository: Repository) -> None:
    code = (
        "import sys; sys.argv = ['archlens', 'check']\n"
        "from archlens.cli.app import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "assert not {'torch', 'numpy', 'pandas', 'sqlite3'} & set(sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
