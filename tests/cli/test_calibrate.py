"""`archlens calibrate`: what it keeps, goes on from, refuses and writes. Never a time."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from archlens.devices import find
from archlens.devices.noise import Noise
from archlens.devices.plan import LAYERS, Task, tasks
from archlens.devices.profile import DeviceProfile, Evidence, read_profile
from archlens.errors import StoreError
from archlens.latency.store.store import OpenRun, Store
from tests.cli.conftest import ROOT, Refused, Run

PROFILE = DeviceProfile(
    name="mine", title="Mine", device="Some CPU", engine="PyTorch eager", coefficients={"constant": 1e-3},
    evidence=Evidence(source="here", licence="", date="2026-11-27", networks=20, families=20, mape=0.1,
                      median=0.1, within10=0.5, low=0.9, high=1.1),
)  # fmt: skip
QUIET = Noise(20, 0.0, 0.0, 0.01, 0.0)
TIMES = (
    "model,milliseconds\nalexnet,33.2\nresnet18,40.4\nvgg11,182\n"
    "mobilenet_v2,20.3\nsqueezenet1_1,11.4\nswin_t,111\n"
)
"""About what 60 G multiply-adds a second, 12 GB/s and 6 µs a launch take."""


def few() -> tuple[Task, ...]:
    """Two tasks that take no time."""
    planned = tasks("cpu")
    return planned[LAYERS.index("relu")], next(each for each in planned if each.graph.model == "lenet5")


@pytest.fixture(autouse=True)
def own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder of one's own for profiles, and not that of whoever runs the tests."""
    monkeypatch.setenv("ARCHLENS_DEVICES", str(tmp_path / "devices"))
    return tmp_path / "devices"


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A calibration of two tasks on a quiet machine, whose fit is known."""
    planned = few()
    monkeypatch.setattr("archlens.devices.plan.tasks", lambda device: planned)
    monkeypatch.setattr("archlens.devices.calibration.judge", lambda *_, **__: QUIET)
    monkeypatch.setattr("archlens.devices.calibrated.of_machine", lambda *_: PROFILE)


def kept(folder: Path) -> list[tuple[dict[str, Any], dict[str, Any], int]]:
    """What the store holds: what was measured, what came out, and how many times there are."""
    with Store.open(folder / "results.sqlite") as store:
        return [(run.description, run.summary, run.samples) for run in store.runs()]


def test_a_profile_that_is_found_by_name(run: Run, quick: None, own: Path, tmp_path: Path) -> None:
    outcome = run("calibrate", "--seconds", "1", "--threads", "1", "--name", "mine")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.splitlines()[0].startswith("mine: Mine, PyTorch eager, float32; fitted to 20 networks")
    assert "archlens predict resnet50 --device mine" in outcome.out
    assert read_profile(own / "mine.json") == PROFILE == find("Mine")
    assert [path.name for path in own.iterdir()] == ["mine.json"]
    for description, summary, samples in kept(tmp_path):
        assert summary["calibrated"] is True
        assert description["calibration"]
        assert samples > 0
    assert "predicted" in run("predict", "lenet5", "--device", "mine").out


def test_without_a_name_it_is_called_after_the_machine(run: Run, quick: None, own: Path) -> None:
    assert run("calibrate", "--seconds", "1", "--threads", "1").code == 0
    (path,) = own.iterdir()
    assert path.stem.endswith("-1-thread")


def test_a_file_of_one_s_choice(run: Run, quick: None, own: Path, tmp_path: Path) -> None:
    file = tmp_path / "here.json"
    outcome = run("calibrate", "--seconds", "1", "--threads", "1", "-o", str(file))
    assert f"--device {file}" in outcome.out
    assert read_profile(file) == PROFILE
    assert not own.exists()


def test_noise_is_refused_or_told(
    run: Run, refused: Refused, quick: None, monkeypatch: pytest.MonkeyPatch, own: Path
) -> None:
    command = ("calibrate", "--seconds", "1", "--threads", "1", "--name", "mine")
    monkeypatch.setattr("archlens.devices.calibration.judge", lambda *_, **__: Noise(20, 0.3, 0.0, 0.01, 0.0))
    assert refused(*command).startswith("too noisy for a profile: drift: times got 30 % longer")
    assert not (own / "mine.json").exists()
    outcome = run(*command, "--force")
    assert "unreliable: drift: times got 30 % longer" in outcome.out
    monkeypatch.setattr("archlens.devices.calibration.judge", lambda *_, **__: Noise(20, 0.1, 0.0, 0.01, 0.0))
    assert "unreliable: drift" in run(*command).out
    assert "unreliable: drift" in run("predict", "lenet5", "--device", "mine").out


def test_a_store_that_fails_ends_nothing(
    run: Run, quick: None, monkeypatch: pytest.MonkeyPatch, own: Path
) -> None:
    """Such as on a full disk: the profile is made of what was measured all the same."""

    def failing(*_: object) -> None:
        raise StoreError("the disk is full")

    monkeypatch.setattr(OpenRun, "add", failing)
    monkeypatch.setattr(OpenRun, "finish", failing)
    outcome = run("calibrate", "--seconds", "1", "--threads", "1", "--name", "mine")
    assert (outcome.code, outcome.err) == (0, "archlens: the disk is full\n")
    assert find("mine") == PROFILE


def test_a_profile_that_cannot_be_written_loses_no_times(
    run: Run, quick: None, monkeypatch: pytest.MonkeyPatch, own: Path, tmp_path: Path
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    command = ("calibrate", "--seconds", "1", "--threads", "1", "--name", "mine")
    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_bytes", full)
        outcome = run(*command)
    assert outcome.code == 1
    assert outcome.err == f"archlens: {own / 'mine.json'}: cannot be written: No space left on device\n"
    assert not any(summary["calibrated"] for _, summary, _ in kept(tmp_path))
    assert "goes on from " in run(*command).err
    assert "goes on from " not in run(*command).err
    assert (own / "mine.json").exists()


SCRIPT = """
import sys
from archlens.devices import plan
from tests.cli.test_calibrate import few
small = few()
plan.tasks = lambda device: small
from archlens.cli.app import main
sys.argv = ["archlens", "calibrate", "--seconds", "60", "--threads", "1", "--name", "mine"]
main()
"""


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_what_was_measured_outlives_the_process(
    how: signal.Signals, run: Run, quick: None, tmp_path: Path
) -> None:
    """Ctrl-C or a kill in the middle of a minute: every time is there, and the same command goes on."""
    store = tmp_path / "results.sqlite"
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT], stderr=subprocess.PIPE, text=True, cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    deadline = time.monotonic() + 90
    while counted(store) < 20 and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.1)
    process.send_signal(how)
    _, errors = process.communicate(timeout=60)
    if how is signal.SIGINT:
        assert process.returncode == 130
        assert "times are kept, and the same command goes on" in errors
    assert counted(store) >= 20
    assert not any(summary.get("calibrated") for _, summary, _ in kept(tmp_path))


def counted(store: Path) -> int:
    """How many times are in the file."""
    if not store.exists():
        return 0
    try:
        with sqlite3.connect(f"file:{store}?mode=ro", uri=True) as connection:
            return int(connection.execute("SELECT count(*) FROM sample").fetchone()[0])
    except sqlite3.Error:
        return 0


def test_a_table_of_times(run: Run, own: Path, tmp_path: Path) -> None:
    """Six networks of six families, which is enough for five terms."""
    table = tmp_path / "times.csv"
    table.write_text(TIMES, encoding="utf-8")
    outcome = run("calibrate", "--from", str(table), "--name", "some-phone")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.startswith("some-phone: some-phone, engine not told, float32; fitted to 6 networks")
    found = find("some phone")
    assert isinstance(found, DeviceProfile)
    assert found.evidence is not None
    assert (found.evidence.networks, found.evidence.families) == (6, 6)
    assert (
        json.loads(run("predict", "resnet18", "--device", "some-phone", "-f", "json").out)[0]["latency_s"] > 0
    )


def test_rows_that_are_left_out_are_said(run: Run, tmp_path: Path) -> None:
    table = tmp_path / "times.csv"
    table.write_text(f"{TIMES}resnet19,50\n", encoding="utf-8")
    outcome = run("calibrate", "--from", str(table), "-o", str(tmp_path / "phone.json"))
    assert outcome.code == 0
    assert outcome.err.startswith(f"archlens: left out: {table}:8: no model is called resnet19; did you mean")
    assert outcome.err.count("\n") == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        ("model,fps\nresnet18,50\n", "has no column of times, but model, fps"),
        ("model,seconds\nresnet18,0.05\n", "has 1 row of times, and a profile takes 5"),
        (f"{TIMES}lenet5,0\n", ":8: lenet5 took '0' milliseconds, which is no time"),
        (
            TIMES.replace("alexnet", "a").replace("resnet18", "b"),
            "has 4 rows of networks that can be counted",
        ),
    ],
)
def test_tables_that_are_none(refused: Refused, tmp_path: Path, text: str, said: str) -> None:
    table = tmp_path / "times.csv"
    table.write_text(text, encoding="utf-8")
    assert said in refused("calibrate", "--from", str(table))


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--name", "cpu"), 1, "'cpu' cannot be the name of a device"),
        (("--name", "../x"), 1, "'../x' cannot be the name of a device"),
        (("--device", "rtx4090"), 2, "device rtx4090 is not one of cpu, cuda"),
        (("-o", "nowhere/x.json"), 1, "nowhere/x.json: cannot be written: there is no folder"),
        (("--where", "engine=eager"), 2, "--where engine=eager chooses rows of a table: --from TIMES.CSV"),
    ],
)
def test_one_line_before_any_time_is_spent(
    refused: Refused, arguments: tuple[str, ...], code: int, said: str
) -> None:
    assert refused("calibrate", *arguments, code=code).startswith(said)
