"""Where devices are found: by name, in files, in the user's own folder."""

import json
from pathlib import Path

import pytest
from platformdirs import user_data_path

from archlens.devices.catalog import entries, find, own_folder
from archlens.errors import DeviceError

SHEET = {"tflops": 1, "bandwidth": "10 GB/s", "name": "mine"}


@pytest.fixture(autouse=True)
def own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty folder of one's own."""
    monkeypatch.setenv("ARCHLENS_DEVICES", str(tmp_path / "devices"))
    return tmp_path / "devices"


def test_the_folder_is_where_platformdirs_has_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("ARCHLENS_DEVICES")
    for value in ("", str(tmp_path)):
        monkeypatch.setenv("XDG_DATA_HOME", value)
        assert own_folder() == user_data_path("archlens", appauthor=False) / "devices"
    monkeypatch.delenv("XDG_DATA_HOME")
    assert own_folder() == user_data_path("archlens", appauthor=False) / "devices"


def test_one_s_own_are_found_by_name_and_come_first(own: Path) -> None:
    own.mkdir()
    (own / "my-laptop.json").write_text(json.dumps(SHEET), encoding="utf-8")
    (own / "rtx4090-sheet.json").write_text(json.dumps(SHEET), encoding="utf-8")
    assert find("My Laptop").name == "mine"
    assert find("rtx4090-sheet").name == "mine"
    assert [entry.name for entry in entries() if entry.own] == ["my-laptop", "rtx4090-sheet"]
    names = [entry.name for entry in entries()]
    assert len(set(names)) == len(names)


def test_a_sheet_by_name_in_a_file_and_written_out(tmp_path: Path) -> None:
    assert find("A100").name == "a100-sheet"
    path = tmp_path / "any.json"
    path.write_text(json.dumps(SHEET), encoding="utf-8")
    assert find(str(path)).name == find(json.dumps(SHEET)).name == "mine"


@pytest.mark.parametrize("word", ["cpu", "cuda", "CPU"])
def test_where_commands_run_is_no_device(word: str) -> None:
    with pytest.raises(DeviceError, match="a prediction takes a device that is known"):
        find(word)


def test_files_that_are_none(tmp_path: Path) -> None:
    for name, text in {
        "none.json": None,
        "cut.json": '{"tflops": 1, "ba',
        "other.json": '{"name": 1}',
    }.items():
        path = tmp_path / name
        if text is not None:
            path.write_text(text, encoding="utf-8")
        with pytest.raises(DeviceError) as caught:
            find(str(path))
        assert str(path) in str(caught.value)
        assert "\n" not in str(caught.value)
    with pytest.raises(DeviceError, match="cannot be read: Is a directory"):
        find(f"{tmp_path}/")
