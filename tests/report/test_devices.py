"""Devices as tables: coefficients as rates, worked out by hand."""

from pathlib import Path

import pytest

from archlens.devices import Entry
from archlens.devices.sheet import parse_sheet
from archlens.report.devices import (
    Known,
    device_as_dict,
    device_table,
    devices_as_dict,
    devices_table,
    known_devices,
    rate,
)
from archlens.report.render import render_text
from tests.devices.test_profile import PROFILE

SHEET = parse_sheet('{"name": "s-sheet", "tflops": 10, "bandwidth": "100 GB/s", "launch": "4 us"}')


@pytest.mark.parametrize(
    ("term", "seconds", "shown"),
    [
        ("arithmetic.dense", 2e-12, "500.0G multiply-adds/s"),
        ("memory.add", 4e-11, "100.0GB/s"),
        ("weights", 4e-10, "10.00GB/s"),
        ("launches.dense", 4e-6, "4.000 µs each"),
        ("constant", 1e-3, "1.000 ms a batch"),
        ("scores", 1e-9, "1.000G scores/s"),
    ],
)
def test_rates_of_float32(term: str, seconds: float, shown: str) -> None:
    assert rate(term, seconds, 4) == shown


def test_a_row_for_each_and_a_word_for_what_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "cut.json").write_text('{"schema": 1', encoding="utf-8")
    broken = Entry("cut", tmp_path / "cut.json", own=True)
    listed = (
        Known(Entry("toy", Path("toy.json")), PROFILE),
        Known(Entry("mine", Path("mine.json"), own=True), PROFILE),
        Known(Entry("s-sheet", None), SHEET),
        *known_devices([broken]),
    )
    lines = render_text(devices_table(listed)).splitlines()
    rows = {line.split()[0]: line for line in lines[3:7]}
    assert "measured" in rows["toy"]
    assert "your own" in rows["mine"]
    assert "8.0%" in rows["toy"]
    assert "60.0%" in rows["toy"]
    assert "data sheet" in rows["s-sheet"]
    assert "unreadable" in rows["cut"]
    assert any(line.startswith(f"{tmp_path / 'cut.json'}: ") for line in lines)
    shown = devices_as_dict(listed)
    assert [each["kind"] for each in shown] == ["measured", "your own", "data sheet", "unreadable"]
    assert shown[0]["networks"] == 30


def test_all_of_one() -> None:
    text = render_text(device_table(Known(Entry("toy", Path("toy.json")), PROFILE)))
    assert "100.0G multiply-adds/s" in text
    assert "30 times of 10 families, nobody" in text
    assert "90 % of families that were left out take 0.80 to 1.30 times what is predicted" in text
    assert "seen: batches of 1 to 64, 1.000 ms to 1.500 s long" in text
    text = render_text(device_table(Known(Entry("s-sheet", None), SHEET)))
    assert "5.000T multiply-adds/s (10.00TFLOPS)" in text
    assert "50 multiply-adds a byte" in text
    shown = device_as_dict(Known(Entry("toy", Path("toy.json")), PROFILE))
    assert (shown["name"], shown["kind"]) == ("toy", "measured")
    assert shown["coefficients"] == PROFILE.coefficients
