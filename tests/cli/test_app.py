"""The command line as a whole: its commands, its version, and how it takes an interruption."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import archlens
from tests.cli.conftest import ROOT, Run

COMMANDS = (
    "profile", "compare", "list", "verify", "export", "measure", "results", "receptive-field", "guidelines",
    "savings", "lint", "reconcile", "spec",
)  # fmt: skip


def test_version(run: Run) -> None:
    assert run("--version") == (0, f"archlens {archlens.__version__}\n", "")


@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help_names_every_command(run: Run, flag: str) -> None:
    outcome = run(flag)
    assert (outcome.code, outcome.err) == (0, "")
    assert all(f"\n  {command} " in outcome.out for command in COMMANDS)
    assert "…" not in outcome.out
    assert max(map(len, outcome.out.splitlines())) <= 80


@pytest.mark.parametrize("command", [*COMMANDS, "spec show", "spec check", "spec schema", "results diff"])
def test_every_command_has_help(run: Run, command: str) -> None:
    outcome = run(*command.split(), "--help")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.startswith("Usage: ")


def test_no_command_shows_them_all(run: Run) -> None:
    outcome = run()
    assert outcome.code in (0, 2)
    assert "Commands:" in outcome.out + outcome.err


def test_an_unknown_command(run: Run) -> None:
    outcome = run("nonsense")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.splitlines()[-1] == "Error: No such command 'nonsense'."


def test_all_mistakes_of_a_spec_are_shown(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text("input: [3, 8, 8]\nnetwork: [{conv: {ot: 4}}, relo]\n", encoding="utf-8")
    outcome = run("profile", str(file))
    assert (outcome.code, outcome.out) == (1, "")
    assert [line.split(" ", 1)[0] for line in outcome.err.splitlines()] == ["archlens:"] * 2


def test_an_interruption_is_quiet() -> None:
    """Ctrl-C while networks are verified; again where PyTorch's import has swallowed it."""
    start = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
        "import archlens.cli.app as a; print('up', flush=True); a.main()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", start, "verify", "densenet201", "densenet161", "resnet152", "resnet1202"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "up\n"
        for _ in range(5):
            time.sleep(2)
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode in (0, 1, 130, -signal.SIGINT)
    assert out == "" or process.returncode == 0 or err.startswith("archlens: interrupted after ")
    assert err.count("\n") <= 1
    assert "Traceback" not in err
