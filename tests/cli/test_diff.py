"""`archlens diff`: golden tables, and every option."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.budgets.repository import Repository
from tests.cli.conftest import Refused, Run

Golden = Callable[[str, str], None]


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("diff_resnet50d.txt", ["resnet50", "resnet50d"]),
        ("diff_resnet50d.md", ["resnet50", "resnet50d", "--format", "markdown"]),
        ("diff_mobilenets.txt", ["mobilenet_v1", "mobilenet_v2"]),
        (
            "diff_mobilenets_by_block.txt",
            ["mobilenet_v1", "mobilenet_v2", "--depth", "2", "-c", "params,kernels"],
        ),
        ("diff_nothing.txt", ["resnet50", "resnet50"]),
    ],
)
def test_golden(run: Run, golden: Golden, name: str, arguments: list[str]) -> None:
    outcome = run("diff", *arguments)
    assert (outcome.code, outcome.err) == (0, "")
    golden(name, outcome.out)


def test_golden_in_a_narrow_terminal(run: Run, golden: Golden, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    golden("diff_resnet50d_narrow.txt", run("diff", "resnet50", "resnet50d").out)


def test_json(run: Run) -> None:
    found = json.loads(run("diff", "resnet18", "resnet34", "--format", "json").out)
    for key in ("params", "multiply_adds", "memory_access"):
        whole = found["after"][key] - found["before"][key]
        assert found["difference"][key] == whole == sum(change[key] for change in found["changes"])


def test_one_file_at_two_revisions(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository = Repository(tmp_path / "repository")
    net = "input: [3, 8, 8]\nnetwork: [{{name: stem, conv: {{out: {}}}}}]\n"
    repository.commit(net_yaml=net.format(4))
    repository.commit(net_yaml=net.format(8))
    monkeypatch.chdir(repository.folder)
    outcome = run("diff", "HEAD~1:net.yaml", "net.yaml", "--exit-code")
    assert outcome.code == 1
    assert "~ stem  out 4 → 8     +12" in outcome.out
    assert run("diff", "HEAD:net.yaml", "net.yaml", "--exit-code").code == 0


def test_folded(run: Run) -> None:
    assert "batch_norm" not in run("diff", "resnet18", "resnet34", "--fused", "--depth", "9").out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["resnet50", "resnet5"], 1, "no model is called resnet5"),
        (["resnet50", "resnet18", "-c", "receptive_field"], 2, "--columns receptive_field: the parts of"),
        (["resnet50", "resnet18", "-c", "paramz"], 2, "--columns paramz: no such column"),
        (["resnet50", "resnet18", "--dtype", "float3"], 2, "dtype float3 is not one of"),
    ],
)
def test_refusals(refused: Refused, arguments: list[str], code: int, said: str) -> None:
    assert refused("diff", *arguments, code=code).startswith(said)
