"""The command line as a whole: its commands, its version, and how it takes an interruption."""

import os
import signal
import subprocess
import sys
import time
from importlib import import_module
from pathlib import Path

import pytest

import archlens
from archlens.cli.app import EXAMPLES, GROUPS
from archlens.cli.commands import FUNCTIONS, SUBCOMMANDS
from tests.cli.conftest import ROOT, Run

COMMANDS = (
    "profile", "compare", "list", "verify", "export", "measure", "results", "receptive-field", "guidelines",
    "savings", "lint", "reconcile", "spec", "sweep",
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


def test_every_command_is_in_a_group_and_has_an_example(run: Run) -> None:
    grouped = {name for examples in GROUPS.values() for name in examples}
    assert grouped == {*FUNCTIONS, *SUBCOMMANDS}
    for name in grouped:
        shown = " ".join(run(name, "--help").out.split())
        assert shown.count(f"archlens {name} {EXAMPLES[name]}") == 1
        assert f"Example: archlens {name} " in shown


@pytest.mark.parametrize("name", SUBCOMMANDS)
def test_commands_of_a_group_have_whole_summaries_and_an_example_each(run: Run, name: str) -> None:
    module = import_module(f"archlens.cli.{name}")
    assert {each.name or each.callback.__name__ for each in module.app.registered_commands} == {
        *SUBCOMMANDS[name]
    }
    assert "..." not in run(name, "--help").out.partition("Commands:")[2]
    for own, example in SUBCOMMANDS[name].items():
        shown = " ".join(run(name, own, "--help").out.split())
        assert shown.endswith(f"Example: archlens {name} {own} {example}")


BLOCKED = """
import sys
for name in ("torch", "numpy", "scipy", "psutil", "platformdirs", "onnx", "matplotlib", "fvcore"):
    sys.modules[name] = None
from archlens.cli.app import main
main()
"""


@pytest.mark.parametrize(
    "arguments",
    [
        "profile timm:resnet18", "profile net.py:Net", "lint net.py:Net",
        "profile net.pt2", "profile net.onnx", "profile lenet5 --instantiate",
        "compare lenet5 alexnet --latency", "compare timm:a lenet5", "measure lenet5",
        "measure timm:a", "lint lenet5 --measure", "lint timm:a", "verify lenet5", "verify timm:a",
        "verify lenet5 --receptive-field", "reconcile lenet5", "savings bottleneck --measure",
        "guidelines g1",
        "receptive-field lenet5 --effective", "receptive-field timm:a", "export lenet5 -o a.onnx",
        "results diff 1 2", "spec show timm:a", "diff timm:a lenet5", "calibrate",
    ],
)  # fmt: skip
def test_a_missing_package_is_one_line(arguments: str, tmp_path: Path) -> None:
    for name in ("net.pt2", "net.onnx"):
        (tmp_path / name).touch()
    (tmp_path / "net.py").write_text("import torch.nn\n", encoding="utf-8")
    ended = subprocess.run(
        [sys.executable, "-c", BLOCKED, *arguments.split()], capture_output=True, text=True, timeout=60,
        check=False, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.count("\n") == 1
    assert ended.stderr.startswith("archlens: ")
    assert ": pip install " in ended.stderr


def test_no_command_shows_them_all(run: Run) -> None:
    outcome = run()
    assert outcome.code in (0, 2)
    assert "Look:" in outcome.out + outcome.err


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
