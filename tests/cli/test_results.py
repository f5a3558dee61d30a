"""`archlens results` and `archlens results diff`"""

import json
import random
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from statistics import median

import pytest

from archlens.latency.store import store as module
from archlens.latency.store.store import Store
from tests.cli.conftest import ROOT, Refused, Run

Golden = Callable[[str, str], None]

TIMES = {"resnet50": 0.04, "shufflenet_v2_x1_0": 0.004, "mobilenet_v2": 0.0009}
ROUNDS = (("7f3a9b01", "2.12.0", 1.0), ("7f3a9b01", "2.13.0", 1.3), ("22c0ffee", "2.13.0", 0.2))


def fill(store: Store) -> None:
    """Three networks on two machines and under two versions, and a run that was killed."""
    chance = random.Random(1)
    for fingerprint, torch, factor in ROUNDS:
        for model, seconds in TIMES.items():
            run = store.begin(
                {
                    "model": model, "device": "cpu", "batch": 1, "input": [3, 224, 224], "dtype": "float32",
                    "layout": "nchw", "mode": "eager", "fused": False, "threads": 2, "seed": 0,
                    "torch": torch, "archlens": "0.1.0",
                },
                {"fingerprint": fingerprint, "logical_cores": 2},
            )  # fmt: skip
            samples = sorted(factor * seconds * chance.gauss(1, 0.01) for _ in range(20))
            run.add(*samples)
            doubtful = model == "mobilenet_v2"
            run.finish(
                {
                    "median_s": median(samples), "interval_s": samples[5:15:9], "minimum_s": samples[0],
                    "p90_s": samples[18], "iqr_s": samples[15] - samples[5], "reliable": not doubtful,
                    "warnings": ["load: other processes kept 1.0 of 2 cores busy"] if doubtful else [],
                }
            )  # fmt: skip
    store.begin({"model": "resnet18", "device": "cpu", "batch": 4}, {"fingerprint": "22c0ffee"}).add(0.1, 0.3)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("results") / "store.sqlite"
    with pytest.MonkeyPatch.context() as patch, Store.open(file) as store:
        patch.setattr(module, "_now", lambda: "2026-11-22T01:06:36.123+00:00")
        fill(store)
    return file


@pytest.fixture(autouse=True)
def own_store(monkeypatch: pytest.MonkeyPatch, filled: Path) -> None:
    """The store of whoever runs the tests is none of their business."""
    monkeypatch.setenv("ARCHLENS_STORE", str(filled))


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("results.txt", []),
        ("results.md", ["--format", "markdown"]),
        ("results.csv", ["-f", "csv"]),
        ("results_resnet.json", ["resnet*", "--limit", "2", "--format", "json"]),
        ("results_diff.txt", ["diff", "torch=2.12.0", "torch=2.13.0"]),
        ("results_diff_machines.md", ["diff", "7f3a", "machine=22", "-f", "markdown"]),
        ("results_diff.csv", ["diff", "torch=2.12.0", "torch=2.13.0", "-f", "csv"]),
        ("results_diff_runs.json", ["diff", "1", "4", "-f", "json"]),
    ],
)
def test_golden(run: Run, golden: Golden, name: str, arguments: list[str]) -> None:
    outcome = run("results", *arguments)
    assert (outcome.code, outcome.err) == (0, "")
    golden(name, outcome.out)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [("results_80_columns.txt", []), ("results_diff_80_columns.txt", ["diff", "7f3a", "22c0"])],
)
def test_in_a_terminal(
    run: Run, golden: Golden, monkeypatch: pytest.MonkeyPatch, name: str, arguments: list[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    outcome = run("results", *arguments)
    assert max(map(len, outcome.out.splitlines())) <= 80
    golden(name, outcome.out)


def ids(run: Run, *arguments: str) -> list[int]:
    return [each["run"] for each in json.loads(run("results", *arguments, "-f", "json").out)]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]),
        (["list"], [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]),
        (["list", "resnet"], [10, 7, 4, 1]),
        (["resnet"], [10, 7, 4, 1]),
        (["resnet?0"], [7, 4, 1]),
        (["--limit", "2"], [10, 9]),
        (["resnet50", "--device", "7f"], [4, 1]),
        (["--device", "cpu", "--limit", "1", "mobile*"], [9]),
    ],
)
def test_what_is_listed(run: Run, arguments: list[str], expected: list[int]) -> None:
    assert ids(run, *arguments) == expected


def test_json_is_the_contract_of_a_measurement(run: Run) -> None:
    shown = json.loads(run("results", "-f", "json").out)
    for each in shown[1:]:
        assert {
            "model",
            "device",
            "batch",
            "median_s",
            "interval_s",
            "samples",
            "reliable",
            "warnings",
        } <= set(each)
        assert each["machine"]["fingerprint"]
    assert (shown[0]["median_s"], shown[0]["samples"], shown[0]["state"]) == (0.2, 2, "unfinished")


def test_to_a_file(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "results.csv"
    assert run("results", "-f", "csv", "-o", str(file)) == (0, "", "")
    assert len(file.read_text(encoding="utf-8").splitlines()) == 11


def test_another_store(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "other.sqlite"
    with Store.open(file) as store:
        store.begin({"model": "lenet5"}, {"fingerprint": "here"}).add(0.5)
    assert ids(run, "--store", str(file)) == [1]


def test_nothing_matches(refused: Refused, filled: Path) -> None:
    assert refused("results", "vgg", "--device", "cpu") == f"{filled}: none of 10 runs is of vgg on cpu"


def test_no_results_yet(refused: Refused, tmp_path: Path) -> None:
    file = tmp_path / "new.sqlite"
    message = f"{file}: holds no results yet; `archlens measure MODEL` keeps some"
    assert refused("results", "--store", str(file)) == message
    Store.open(file).close()
    assert refused("results", "--store", str(file)) == message
    assert refused("results", "diff", "1", "2", "--store", str(file)) == message


def test_no_database(refused: Refused, tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("not a database, " * 100, encoding="utf-8")
    message = f"{file}: is no SQLite database; choose another file with --store FILE"
    assert refused("results", "--store", str(file)) == message
    assert refused("results", "diff", "1", "2", "--store", str(file)) == message


def test_a_newer_store(refused: Refused, tmp_path: Path) -> None:
    file = tmp_path / "store.sqlite"
    Store.open(file).close()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA user_version = 99")
    assert refused("results", "--store", str(file)) == (
        f"{file}: has schema version 99, and this archlens knows versions up to 1; "
        "upgrade archlens, or choose another file"
    )


@pytest.mark.parametrize(
    ("a", "b", "code", "part"),
    [
        ("1", "99", 1, "no run matches 99; "),
        ("1", "2", 1, "1 is of resnet50, 2 of shufflenet_v2_x1_0; "),
        ("1", "1", 1, "1 and 1 have no measurement in common: they are one run"),
        ("1", "torch=", 2, "'torch=' names no runs: "),
    ],
)
def test_what_cannot_be_compared(refused: Refused, a: str, b: str, code: int, part: str) -> None:
    assert part in refused("results", "diff", a, b, code=code)


def test_an_unreliable_run_wins_nothing(run: Run) -> None:
    found = json.loads(run("results", "diff", "7f3a", "22c0", "-f", "json").out)
    assert {each["model"]: each["verdict"] for each in found["ratios"]} == {
        "mobilenet_v2": "no difference shown",
        "resnet50": "faster",
        "shufflenet_v2_x1_0": "faster",
    }
    assert all(each["interval"][0] < each["ratio"] < each["interval"][1] < 1 for each in found["ratios"])


@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help_names_both_commands(run: Run, flag: str) -> None:
    outcome = run("results", flag)
    assert outcome.code == 0
    assert "\n  list " in outcome.out
    assert "\n  diff " in outcome.out


def test_listing_imports_neither_torch_nor_numpy() -> None:
    lines = [
        "import sys",
        "sys.argv = ['archlens', 'results']",
        "from archlens.cli.app import main",
        "assert not {'sqlite3', 'platformdirs'} & set(sys.modules)",
        "try:",
        "    main()",
        "except SystemExit as ended:",
        "    assert not ended.code",
        "assert not {'torch', 'numpy'} & set(sys.modules)",
    ]
    ended = subprocess.run(
        [sys.executable, "-c", "\n".join(lines)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stderr) == (0, "")


def test_a_run_in_full(run: Run, tmp_path: Path) -> None:
    with Store.open(tmp_path / "own.sqlite") as store:
        fill(store)
        samples = store.samples(2)
    shown = run("results", "show", "2", "--store", str(tmp_path / "own.sqlite"))
    assert (shown.code, shown.err) == (0, "")
    assert shown.out.startswith("run 2\n")
    assert "shufflenet_v2_x1_0" in shown.out
    assert "3×224×224" in shown.out
    assert json.loads(run("results", "show", "2", "--store", str(tmp_path / "own.sqlite"), "-f", "json").out)[
        "samples_s"
    ] == list(samples)
    lines = run("results", "show", "2", "--store", str(tmp_path / "own.sqlite"), "-f", "csv").out.splitlines()
    assert [float(line.split(",")[2]) for line in lines[1:]] == list(samples)


def test_runs_are_forgotten_all_or_none(run: Run, refused: Refused, tmp_path: Path) -> None:
    with Store.open(tmp_path / "own.sqlite") as store:
        fill(store)
        before = [each.id for each in store.runs()]
    own = ("--store", str(tmp_path / "own.sqlite"))
    assert refused("results", "rm", "1", "99", *own).endswith(
        "there is no run 99; `archlens results` lists all"
    )
    assert run("results", "rm", "1", "3", "3", *own) == (0, "2 runs removed\n", "")
    with Store.open_to_read(tmp_path / "own.sqlite") as store:
        assert [each.id for each in store.runs()] == [each for each in before if each not in (1, 3)]
        assert store.samples(1) == ()
    assert "there is no run 1;" in refused("results", "show", "1", *own)


def test_no_store_is_made_to_forget_something(refused: Refused, tmp_path: Path) -> None:
    refused("results", "rm", "1", "--store", str(tmp_path / "own.sqlite"))
    assert not (tmp_path / "own.sqlite").exists()
