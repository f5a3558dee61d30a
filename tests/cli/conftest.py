"""The command line, run in this process or in one of its own."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from archlens.cli.app import main

ROOT = Path(__file__).parent.parent.parent


class Outcome(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str


Run = Callable[..., Outcome]
Refused = Callable[..., str]


@pytest.fixture(autouse=True)
def plain_surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No terminal settings of whoever runs the tests, and not their store of results."""
    monkeypatch.setenv("ARCHLENS_STORE", str(tmp_path / "results.sqlite"))
    for variable in ("COLUMNS", "NO_COLOR", "PYTHONIOENCODING"):
        monkeypatch.delenv(variable, raising=False)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """`archlens` with these arguments, in this process."""

    def called(*arguments: str) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["archlens", *arguments])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        captured = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return Outcome(ended.value.code, captured.out, captured.err)

    return called


@pytest.fixture
def shell() -> Run:
    """A line of bash in which `archlens` is this checkout's; extra variables are its environment's."""

    def called(line: str, **environment: str) -> Outcome:
        script = (
            f'python() {{ "{sys.executable}" "$@"; }}; archlens() {{ python -m archlens "$@"; }}\n{line}\n'
        )
        surroundings = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
        ended = subprocess.run(
            ["bash", "-c", script],
            capture_output=True, text=True, encoding="utf-8", timeout=120, check=False, env=surroundings,
        )  # fmt: skip
        return Outcome(ended.returncode, ended.stdout, ended.stderr)

    return called


@pytest.fixture
def refused(run: Run) -> Refused:
    """The one line that a command ends in; its exit code is 1, or 2 for usage."""

    def called(*arguments: str, code: int = 1) -> str:
        outcome = run(*arguments)
        assert (outcome.code, outcome.out) == (code, ""), outcome
        assert outcome.err.count("\n") == 1
        assert outcome.err.startswith("archlens: ")
        return outcome.err.removeprefix("archlens: ").removesuffix("\n")

    return called
