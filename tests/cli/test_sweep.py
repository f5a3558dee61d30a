"""`archlens sweep` as people type it: what it prints, how it goes on, how it ends, and what it refuses."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT, Refused, Run

ISSUE = (
    "sweep", "shufflenet_v2", "--over", "head=512,1024,2048", "--over", "widths=[[48,96,192],[116,232,464]]",
    "--over", "input=3x128x128..3x224x224/32", "--where", "multiply_adds <= 150M and params <= 2.5M",
    "--minimise", "latency,memory_access", "--device", "pixel1", "-o", "space.sqlite",
)  # fmt: skip
LENET = ("sweep", "lenet5", "--over", "input=1x28x28..1x40x40/2", "--over", "classes=2..5")


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder of its own, in which stores are kept."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_command_of_the_issue(run: Run) -> None:
    first = run(*ISSUE)
    assert first.code == 0
    assert first.err == "archlens: 3 × 2 × 4 = 24 variants, kept in space.sqlite\n"
    assert "24 variants, 16 within the budget" in first.out
    assert "shufflenet_v2[head=512,widths=[48,96,192],input=3x128x128]" in first.out
    assert "settings together" in first.out
    again = run(*ISSUE)
    assert again.out == first.out
    assert again.err == "archlens: 3 × 2 × 4 = 24 variants, kept in space.sqlite, 24 already there\n"


def test_the_store_is_asked_again(run: Run) -> None:
    made = run(*LENET)
    assert made.code == 0
    assert made.err.startswith("archlens: 7 × 4 = 28 variants, kept in lenet5.sqlite\n")
    assert "28 variants, 20 of which fit" in made.out
    assert "8 variants do not fit, such as lenet5[input=1x28x28,classes=2]: " in made.out
    front = run("sweep", "front", "lenet5.sqlite", "--maximise", "params", "--format", "json")
    assert [each["settings"] for each in json.loads(front.out)["front"]] == [
        {"input": [1, 40, 40], "classes": 5}
    ]
    top = run("sweep", "top", "2", "--by", "-memory_access", "--where", "params < 100k", "--format", "csv")
    rows = [*csv.DictReader(top.out.splitlines())]
    assert len(rows) == 2
    assert all(float(row["params"]) < 100e3 for row in rows)
    status = json.loads(run("sweep", "status", "lenet5.sqlite", "--format", "json").out)
    assert (status["evaluated"], status["fitted"], status["size"]) == (28, 20, 28)
    assert sum(each["variants"] for each in status["misfits"]) == 8
    assert run("sweep", "status", "lenet5.sqlite").code == 0


def test_a_variant_is_a_model_for_every_command(run: Run) -> None:
    run(*LENET)
    rows = csv.DictReader(run("sweep", "export", "lenet5.sqlite").out.splitlines())
    for row in [*rows][::7]:
        totals = json.loads(run("profile", row["model"], "--format", "json").out)["totals"]
        assert all(totals[key] == int(row[key]) for key in ("params", "multiply_adds", "memory_access"))


@pytest.mark.parametrize("format", ["csv", "json", "parquet"])
def test_export(run: Run, format: str, tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas")
    if format == "parquet":
        pytest.importorskip("pyarrow")
    run(*LENET)
    file = tmp_path / f"all.{format}"
    assert run("sweep", "export", "lenet5.sqlite", "-o", str(file)).code == 0
    frame = getattr(pandas, f"read_{format}")(file)
    assert len(frame) == 20
    assert frame["params"].sum() == sum(
        int(row["params"]) for row in csv.DictReader(run("sweep", "export", "lenet5.sqlite").out.splitlines())
    )
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_space_file_and_a_sample(run: Run, tmp_path: Path) -> None:
    (tmp_path / "space.yaml").write_text(
        "model: regnet\nover:\n  widths:\n    stages: [16..128/8, 32..256/8, 64..512/8, 128..1024/8]\n"
        '  group_width: [8, 16]\nrequire: ["widths[0] <= widths[1]", "widths[1] <= widths[2]"]\n'
        "where: multiply_adds < 2G\nminimise: [params, memory_access]\n",
        encoding="utf-8",
    )
    found = run("sweep", "space.yaml", "--sample", "60", "--seed", "1", "--workers", "1")
    assert found.code == 0, found.err
    assert "15 × 29 × 57 × 113 × 2 = 5,603,670 variants, 60 of them drawn by seed 1" in found.err
    rows = [*csv.DictReader(run("sweep", "export", "space.sqlite").out.splitlines())]
    assert rows
    assert all(int(row["widths[0]"]) <= int(row["widths[1]"]) <= int(row["widths[2]"]) for row in rows)
    assert "do not fit, such as regnet[" in found.out
    other = run("sweep", "space.yaml", "--sample", "60", "--seed", "2", "--restart")
    assert other.code == 0
    assert [*csv.DictReader(run("sweep", "export", "space.sqlite").out.splitlines())] != rows


def test_bad_spaces(refused: Refused, tmp_path: Path) -> None:
    assert "no setting heads; did you mean head?" in refused(
        "sweep", "shufflenet_v2", "--over", "heads=1,2", code=2
    )
    assert "did you mean params?" in refused(*LENET, "--minimise", "parms", code=2)
    assert "did you mean pixel1?" in refused(*LENET, "--device", "pixl1")
    assert "too many to evaluate all" in refused(
        "sweep", "regnet", *(f"--over=widths[{i}]=8..45248/8" for i in range(4)), code=2
    )
    assert "the space is empty" in refused(*LENET, "--require", "classes > 9", code=2)
    assert "a space is empty unless something differs" in refused("sweep", "lenet5", code=2)
    assert "is given twice" in refused(*LENET, "--over", "classes=3", code=2)
    assert "expected KEY=VALUES" in refused("sweep", "lenet5", "--over", "classes", code=2)
    assert "did you mean lenet5?" in refused("sweep", "lenet55", "--over", "classes=2,3")
    assert "there is no such store" in refused("sweep", "front", "nowhere.sqlite")
    assert "say which store: none here" in refused("sweep", "top", "3")
    space = tmp_path / "bad.yaml"
    for text, said in [
        (
            "model: lenet5\nover:\n  clases: [2]\n",
            "bad.yaml:3: clases: lenet5 has no setting clases; did",
        ),
        (
            "model: lenet5\nover: {classes: [2]}\nminimize: params\n",
            "bad.yaml:3: a space has no key minimize; did",
        ),
        ("over: {classes: [2]}\n", "bad.yaml:1: a space needs model"),
        ("model: lenet5\nover: [2]\n", "bad.yaml:2: over: expected settings"),
        ("model: lenet5\nover: {classes: 2}\nbatch: many\n", "bad.yaml:3: batch: expected a number"),
    ]:
        space.write_text(text, encoding="utf-8")
        line = refused("sweep", str(space), code=2 if "setting" in said and "clases" in said else 1)
        assert said in line


def test_another_sweep_is_told_and_a_restart_begins_anew(run: Run, refused: Refused) -> None:
    run(*LENET)
    line = refused(*LENET[:-1], "classes=2..6", "-o", "lenet5.sqlite")
    assert line == (
        "lenet5.sqlite: holds another sweep: classes has other values; go on in another file with -o FILE, "
        "or begin anew with --restart"
    )
    assert run(*LENET[:-1], "classes=2..6", "--restart").code == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_a_full_disk_is_one_line(shell: Run) -> None:
    made = shell(
        "archlens sweep lenet5 --over classes=2..5 && archlens sweep export lenet5.sqlite > /dev/full"
    )
    assert made.code == 1
    assert made.err.splitlines()[-1].startswith("archlens: ")
    assert "No space left" in made.err


def test_ctrl_c_keeps_what_was_finished(tmp_path: Path) -> None:
    command = (
        "resnet50", "--over", "groups=1,2,4,8", "--over", "input=3x64x64..3x224x224",
        "--over", "classes=1..900",
        "--workers", "2", "-o", "a.sqlite",
    )  # fmt: skip
    with subprocess.Popen(
        [sys.executable, "-m", "archlens", "sweep", *command],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as process:  # fmt: skip
        assert process.stderr is not None
        assert "579,600 variants" in process.stderr.readline()
        time.sleep(3)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, "")
    assert err.count("\n") == 1
    assert err.startswith("archlens: interrupted: ")
    assert err.endswith("of 579,600 variants are kept in a.sqlite, and the same command goes on from there\n")
