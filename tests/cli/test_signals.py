"""Signals at any time: the exit codes of Unix, no traceback, no process left, no half of a file."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from archlens.cli.commands import FUNCTIONS, SUBCOMMANDS
from archlens.latency.store.store import Store
from tests.cli.conftest import ROOT
from tests.cli.test_results import fill

READY = """
import os, sys
from archlens.cli.app import main
os.write(3, b"!")
sys.argv[0] = "archlens"
main()
"""
"""Imports first: what Python does before any code of ours runs is not ours to end."""

COMMANDS = {
    "profile": ("profile", "nasnet_a_large", "--depth", "3", "-c", "all"),
    "compare": ("compare", "resnet50", "densenet201", "nasnet_a_large"),
    "list": ("list", "re"),
    "lint": ("lint", "nasnet_a_large"),
    "spec show": ("spec", "show", "densenet201"),
    "receptive-field": ("receptive-field", "inception_v4"),
    "receptive-field --effective": ("receptive-field", "resnet18", "--effective"),
    "savings": ("savings",),
    "savings --measure": ("savings", "--measure", "--min-time", "0.1"),
    "guidelines": ("guidelines", "g1", "--quick"),
    "verify": ("verify", "specs/resnet.yaml"),
    "reconcile": ("reconcile", "resnet18", "--with", "torch"),
    "measure": ("measure", "lenet5", "resnet18", "--no-save"),
    "predict": ("predict", "nasnet_a_large", "densenet201", "--device", "pixel1"),
    "diff": ("diff", "densenet201", "densenet169"),
    "devices list": ("devices",),
    "devices show": ("devices", "show", "pixel1"),
    "settings": ("settings", "resnet50"),
    "results list": ("results", "--store", "{folder}/results.sqlite"),
    "results show": ("results", "show", "1", "--store", "{folder}/results.sqlite"),
    "results diff": ("results", "diff", "1", "4", "--store", "{folder}/results.sqlite"),
    "spec operators": ("spec", "operators"),
    "spec schema": ("spec", "schema"),
    "sweep front": ("sweep", "front", "{folder}/swept.sqlite"),
    "sweep top": ("sweep", "top", "3", "{folder}/swept.sqlite", "--by", "params"),
    "sweep status": ("sweep", "status", "{folder}/swept.sqlite"),
    "sweep distribution": ("sweep", "distribution", "{folder}/swept.sqlite", "params"),
    "sweep measure": ("sweep", "measure", "{folder}/swept.sqlite", "--most", "2", "--min-time", "0.1"),
}
"""Commands that write a result, with `-o FILE` behind them."""


def alive(group: int) -> list[str]:
    """What still runs of a process group; what has ended and waits to be collected does not."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            status = (folder / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
            if int(status[2]) == group and status[0] != "Z":
                found.append((folder / "cmdline").read_text(encoding="utf-8"))
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


SWALLOWING = """
import time
try:
    print("imported", flush=True)
    time.sleep(1)
except BaseException as error:
    print("swallowed", type(error))
"""
IMPORTING = """
from archlens.cli.signals import Interruptions
Interruptions()
import swallowing
import time
time.sleep(30)
"""


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_nothing_is_raised_in_an_import(sent: signal.Signals, tmp_path: Path) -> None:
    (tmp_path / "swallowing.py").write_text(SWALLOWING, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(tmp_path)])}
    with subprocess.Popen(
        [sys.executable, "-c", IMPORTING],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "imported\n"
        process.send_signal(sent)
        output, errors = process.communicate(timeout=20)
    assert output == ""
    # Nothing catches the KeyboardInterrupt here, as `main` does: Python then ends by the signal.
    assert process.returncode in (128 + sent, -sent), errors


def test_a_signal_in_the_last_import(tmp_path: Path) -> None:
    """It waits until the import is over, and so is the command: Python shuts down before it comes again."""
    (tmp_path / "last.py").write_text(
        "import os, signal, sys\nos.kill(os.getpid(), signal.SIGINT)\n", encoding="utf-8"
    )
    command = (
        "import atexit, sys, time; from archlens.cli import app; sys.path.insert(0, sys.argv.pop()); "
        "atexit.register(time.sleep, 0.3); app.app = lambda: __import__('last'); app.main()"
    )
    ended = subprocess.run(
        [sys.executable, "-c", command, str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stderr) == (0, "")


WRITING = {
    "plot": (("plot", "densenet201", "-k", "activations", "-o", "{folder}/result.svg"), "</svg>"),
    "report": (("report", "lenet5", "-o", "{folder}/reports"), ""),
    "export": (("export", "resnet18", "-o", "{folder}/result.pt2"), ""),
    "sweep export": (("sweep", "export", "{folder}/swept.sqlite", "-o", "{folder}/variants.csv"), "\n"),
    "spec new": (("spec", "new", "{folder}/net.yaml"), "\n"),
    "spec check": (("spec", "check", "specs/nasnet.yaml", "specs/densenet.yaml"), ""),
    "results rm": (("results", "rm", "1", "--store", "{folder}/results.sqlite"), ""),
    "sweep run": (("sweep", "shufflenet_v2", "--over", "head=512..2048/8", "-o", "{folder}/s.sqlite",
               "--workers", "2"), ""),
    "sweep run --page": (("sweep", "lenet5", "--over", "classes=2..50", "-o", "{folder}/s.sqlite",
                      "--page", "{folder}/page.html"), "</html>\n"),
    "calibrate": (("calibrate", "--seconds", "20", "-o", "{folder}/result.json",
                   "--store", "{folder}/results.sqlite"), "}\n"),
    "check": (("check", "--config", "{folder}/archlens.toml", "--update"), "}\n"),
}  # fmt: skip
"""Commands that write other files than results, or none, and how a whole one of theirs ends."""


def test_every_command_is_among_them() -> None:
    """Those with options behind them as well, such as `savings --measure`."""
    commands = {*FUNCTIONS, *(f"{group} {name}" for group, names in SUBCOMMANDS.items() for name in names)}
    tried = {name.partition(" --")[0] for name in (*COMMANDS, *WRITING)}
    assert tried == commands


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a small sweep's store, and one of measurements."""
    folder = tmp_path_factory.mktemp("stores")
    with Store.open(folder / "results.sqlite") as store:
        fill(store)
    subprocess.run(
        [sys.executable, "-m", "archlens", "sweep", "lenet5", "--over", "classes=2..9", "--workers", "1",
         "-o", str(folder / "swept.sqlite")],
        cwd=ROOT, check=True, capture_output=True,
    )  # fmt: skip
    return folder


@pytest.fixture
def stores(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of them that may be changed."""
    return Path(shutil.copytree(filled, tmp_path_factory.mktemp("copies") / "stores"))


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="there is no /proc")
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("name", COMMANDS)
def test_a_signal_at_any_time(name: str, sent: signal.Signals, tmp_path: Path, stores: Path) -> None:
    delay = random.Random(f"{name} {sent}").uniform(0, 4 if "-" in name or name == "verify" else 1)
    output = tmp_path / "result.json"
    output.write_text("older", encoding="utf-8")
    interrupted((*given(COMMANDS[name], stores), "-o", str(output)), sent, delay)
    assert [entry.name for entry in tmp_path.iterdir()] == ["result.json"]
    text = output.read_text(encoding="utf-8")
    assert text == "older" or text.endswith(("}\n", "]\n"))


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_while_python_shuts_down(sent: signal.Signals) -> None:
    """The command is over, and so is what would catch an exception."""
    last = (
        "import atexit, os; from archlens.cli.app import main; "
        f"atexit.register(os.kill, os.getpid(), {int(sent)}); main()"
    )
    ended = subprocess.run([sys.executable, "-c", last, "--version"], capture_output=True, text=True)
    assert (ended.returncode, ended.stderr) == (-sent, "")
    assert ended.stdout.startswith("archlens ")


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="there is no /proc")
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("name", WRITING)
def test_a_signal_while_files_are_written(name: str, sent: signal.Signals, stores: Path) -> None:
    """None of them is left half: a file is whole, or what it was before, or not there."""
    arguments, end = WRITING[name]
    (stores / "archlens.toml").write_text('[[check]]\nmodel = "densenet201"\n', encoding="utf-8")
    delay = random.Random(f"{name} {sent}").uniform(0, 3)
    interrupted(given(arguments, stores), sent, delay)
    for path in stores.rglob("*"):
        assert not path.name.startswith(".")  # where a file is written before it takes its name
        if path.suffix in (".json", ".svg", ".csv", ".yaml") or (path.suffix == ".html" and end):
            assert path.read_text(encoding="utf-8").endswith(end)
        if path.suffix == ".pt2":
            assert zipfile.is_zipfile(path)


LONG = {
    "receptive-field --effective", "savings --measure", "guidelines", "verify", "reconcile", "measure",
    "sweep measure",
}  # fmt: skip
"""Commands that have nothing to say for a long while."""


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="there is no /proc")
@pytest.mark.parametrize("name", [*(name for name in COMMANDS if name not in LONG), "spec check"])
def test_a_reader_that_leaves_at_any_time(name: str, stores: Path) -> None:
    arguments = COMMANDS[name] if name in COMMANDS else WRITING[name][0]
    interrupted(given(arguments, stores), signal.SIGPIPE, random.Random(name).uniform(0, 1))


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="there is no /proc")
@pytest.mark.parametrize("name", ["verify", "reconcile", "savings --measure", "sweep run", "sweep measure"])
def test_workers_end_with_a_command_that_is_killed(name: str, stores: Path) -> None:
    arguments = COMMANDS[name] if name in COMMANDS else WRITING[name][0]
    interrupted(given(arguments, stores), signal.SIGKILL, random.Random(name).uniform(1, 5))


def given(arguments: Sequence[str], folder: Path) -> list[str]:
    """The arguments of a command whose files lie in a folder."""
    return [each.replace("{folder}", str(folder)) for each in arguments]


def interrupted(arguments: Sequence[str], sent: signal.Signals, delay: float) -> None:
    """Run a command, send it a signal after so many seconds, and look at how it ends.

    SIGPIPE comes of itself when nobody reads what it writes.
    """
    reader, writer = os.pipe()
    with subprocess.Popen(
        ["bash", "-c", 'exec "$@" 3>&"$0"', str(writer), sys.executable, "-c", READY, *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT, text=True, pass_fds=[writer],
        start_new_session=True,
    ) as process:  # fmt: skip
        os.close(writer)
        assert os.read(reader, 1) == b"!"
        os.close(reader)
        time.sleep(delay)
        if sent == signal.SIGPIPE:
            assert process.stdout is not None
            process.stdout.close()
        else:
            process.send_signal(sent)
        _, errors = process.communicate(timeout=60)
    # Below zero where it came while Python itself shuts down: a shell tells both alike.
    code = process.returncode if process.returncode >= 0 else 128 - process.returncode
    assert code in (0, 128 + sent), errors
    assert "Traceback" not in errors
    deadline = time.monotonic() + 20
    while alive(process.pid) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert alive(process.pid) == []
