"""What is kept between runs, against what is worked out anew."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import archlens
from archlens.graph import Graph
from archlens.report import kept, listing
from archlens.report.listing import COUNTED, list_models
from archlens.report.profile import profile

ROOT = Path(archlens.__file__).parent.parent


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own; the file in it."""
    monkeypatch.setenv(kept.VARIABLE, str(tmp_path / "cache"))
    return tmp_path / "cache" / "catalogue"


def without(options: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in options.items() if key != name}


def no_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on no spec is read."""

    def refused(**_: object) -> None:
        raise AssertionError("a spec was read")

    monkeypatch.setattr(listing, "specs", refused)


ASKED: list[dict[str, Any]] = [
    {"patterns": ("res*", "vit"), "columns": sorted(COUNTED), "where": "params < 50M", "sort": "-reads"},
    {"patterns": ("lenet",)},
    {"patterns": (), "columns": ["memory_access"], "where": "top1 > 70", "sort": "year"},
]


def test_what_was_kept_is_what_was_worked_out(
    catalogue: dict[str, Graph], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every network and every count, which is that of its own graph, too."""
    anew = [list_models(*each["patterns"], **without(each, "patterns")) for each in ASKED]
    worked_out = list_models(keeping=True)
    no_work(monkeypatch)
    assert [list_models(*each["patterns"], **without(each, "patterns")) for each in ASKED] == anew
    assert list_models() == worked_out
    recalled = list_models(columns=sorted(COUNTED))
    assert [entry.model for entry in recalled] == [entry.model for entry in worked_out]
    for entry in recalled:
        totals = profile(catalogue[entry.model]).totals
        assert entry.metrics == {key: getattr(totals, key) for key in COUNTED}, entry.model
        assert entry.input == catalogue[entry.model].nodes[0].shape


def test_other_columns_are_worked_out(monkeypatch: pytest.MonkeyPatch) -> None:
    list_models(keeping=True)
    assert list_models("lenet5", columns=["layers"])[0].metrics == {"layers": 5}
    no_work(monkeypatch)
    with pytest.raises(AssertionError, match="a spec was read"):
        list_models("lenet5", columns=["layers"])


def test_only_who_asks_for_it_keeps_and_only_all_networks(cache: Path) -> None:
    list_models("lenet5", keeping=True)
    list_models()
    assert not cache.exists()


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda held: b"",
    "cut": lambda held: held[: len(held) // 2],
    "another number": lambda held: held.replace(b"61706", b"61707"),
    "no text": lambda held: b"\xff" + held,
    "no sources": lambda held: held.partition(b"\n")[2],
    "too large": lambda held: held + b" " * kept.MOST,
    "deep": lambda held: held.partition(b"\n")[0] + b"\n" + b"[" * 100_000,
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_tells_nothing(damage: str, cache: Path) -> None:
    kept.keep("sources", {"lenet5": 61706})
    assert kept.recall("sources") == {"lenet5": 61706}
    cache.write_bytes(DAMAGES[damage](cache.read_bytes()))
    assert kept.recall("sources") is None


def test_other_sources_are_told_nothing() -> None:
    kept.keep("these", [1])
    assert (kept.recall("those"), kept.recall("these")) == (None, [1])
    kept.keep("those", [2])
    assert (kept.recall("those"), kept.recall("these")) == ([2], None)


def test_too_much_is_not_kept(cache: Path) -> None:
    kept.keep("these", "x" * kept.MOST)
    assert not cache.exists()


def test_nothing_is_left_where_writing_fails(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    kept.keep("these", [1])
    assert [*cache.parent.iterdir()] == []


@pytest.mark.parametrize(
    "place", ["a file", "a folder in the file's place", "/proc/archlens", "a null\0byte"]
)
def test_where_it_cannot_be_kept_it_is_worked_out(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if place == "a file":
        (tmp_path / place).touch()
    if place.startswith("a folder"):
        (tmp_path / place / "catalogue").mkdir(parents=True)
    monkeypatch.setattr(kept, "file", lambda: tmp_path / place / "catalogue")
    kept.keep("these", [1])
    assert kept.recall("these") is None


def test_where_it_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv(kept.VARIABLE)
    monkeypatch.setenv("XDG_CACHE_HOME", "not/absolute")
    assert kept.file() == tmp_path / ".cache/archlens/catalogue"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    assert kept.file() == tmp_path / "caches/archlens/catalogue"
    monkeypatch.setenv(kept.VARIABLE, str(tmp_path))
    assert kept.file() == tmp_path / "catalogue"
    monkeypatch.setenv(kept.VARIABLE, "off")
    assert kept.file() is None


def copied(folder: Path) -> Path:
    """A copy of the package and its specs, of which a test may change a file."""
    for name in ("archlens", "specs"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def listed(folder: Path) -> dict[str, int]:
    """The parameters that a copy lists, in a process of its own."""
    command = [sys.executable, "-m", "archlens", "list", "--format", "json"]
    surroundings = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    ended = subprocess.run(
        command, cwd=folder, env=surroundings, capture_output=True, check=True, timeout=300
    )
    return {entry["model"]: entry["params"] for entry in json.loads(ended.stdout)}


def test_changed_specs_and_changed_code_are_told(tmp_path: Path, cache: Path) -> None:
    """With the file's time as it was: only what is in it counts."""
    folder = copied(tmp_path)
    before = listed(folder)
    kept_before = cache.read_bytes()
    assert listed(folder) == before
    assert cache.read_bytes() == kept_before

    spec = folder / "specs" / "lenet.yaml"
    changed(spec, "classes: {default: 10,", "classes: {default: 11,")
    after_spec = listed(folder)
    assert {name for name in before if before[name] != after_spec[name]} == {"lenet5"}
    assert after_spec["lenet5"] - before["lenet5"] == 84 + 1

    code = folder / "archlens" / "ops" / "product.py"
    changed(code, "            params=params,", "            params=params + 1,")
    assert listed(folder)["lenet5"] - after_spec["lenet5"] == 2


def changed(path: Path, old: str, new: str) -> None:
    """Put words in the place of others, and the file's time back."""
    times, text = path.stat(), path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


WRITER = """
import sys
from archlens.report import kept
for number in range(300):
    kept.keep("these", [int(sys.argv[1])] * 5_000)
    found = kept.recall("these")
    assert found in ([1] * 5_000, [2] * 5_000), found
"""


def test_two_processes_at_once(cache: Path) -> None:
    """Each reads a whole file at every moment, of one or of the other."""
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT)}
    processes = [
        subprocess.Popen([sys.executable, "-c", WRITER, number], env=surroundings) for number in ("1", "2")
    ]
    assert [process.wait(timeout=120) for process in processes] == [0, 0]
    assert [path.name for path in cache.parent.iterdir()] == ["catalogue"]
