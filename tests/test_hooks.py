"""How other projects run `archlens check`: through pre-commit, and as a GitHub action."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.budgets.repository import Repository

ROOT = Path(__file__).parents[1]
NET = "input: [3, 8, 8]\nnetwork: [{{conv: {{out: {}}}}}]\n"
CONFIG = '[[check]]\nmodel = "net.yaml"\nmax = {params = 24}\n'


@pytest.fixture
def project(tmp_path: Path) -> Repository:
    """A repository with one network, and a budget that eight channels keep and nine do not."""
    made = Repository(tmp_path / "project")
    made.commit(net_yaml=NET.format(8), archlens_toml=CONFIG)
    return made


def run(folder: Path, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "GIT_"))}
    environment = {**kept, **environment}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False
    )


def test_the_hook_runs_through_pre_commit(project: Repository, tmp_path: Path) -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("pre-commit clones a git repository, and this is no checkout")

    def commit_hook() -> subprocess.CompletedProcess[str]:
        arguments = ("try-repo", str(ROOT), "archlens-check", "--all-files")
        return run(
            project.folder,
            sys.executable,
            "-m",
            "pre_commit",
            *arguments,
            PRE_COMMIT_HOME=str(tmp_path / "home"),
        )

    kept = commit_hook()
    assert kept.returncode == 0, kept.stdout + kept.stderr
    project.commit(net_yaml=NET.format(9))
    broken = commit_hook()
    assert broken.returncode == 1
    assert "error net.yaml:2: params is 27, above the 24 allowed" in broken.stdout


def action() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    return found


def test_the_action_annotates_and_writes_a_summary(project: Repository, tmp_path: Path) -> None:
    """Its last step, as a runner starts it: a file with the script, run by bash, that stops at a failure."""
    project.commit(net_yaml=NET.format(9))
    script = tmp_path / "step.sh"
    script.write_text(action()["runs"]["steps"][-1]["run"])
    summary = tmp_path / "summary.md"
    done = run(
        project.folder, "bash", "--noprofile", "--norc", "-e", "-o", "pipefail", str(script),
        ARGUMENTS="", GITHUB_STEP_SUMMARY=str(summary),
        PATH=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stdout == (
        "::error file=net.yaml,line=2,title=archlens max%3A net.yaml::params is 27, above the 24 allowed\n"
    )
    assert "1 budget, 1 broken" in summary.read_text()


def test_every_value_of_the_action_reaches_its_script_by_the_environment() -> None:
    """What a user types is never part of a script's text: it could be one."""
    for step in action()["runs"]["steps"]:
        assert "${{" not in step["run"]
