"""Tables of times: what is read, and the one line that each kind of mistake gets."""

from pathlib import Path

import pytest

from archlens.devices.table import read_table
from archlens.errors import DeviceError

FIVE = "a,3x32x32,2,{}\nb,,1,{}\nc,224,,{}\nd,3x8x8,4,{}\ne,1x28x28,8,{}\n"


def written(folder: Path, text: str, *, encoding: str = "utf-8") -> Path:
    path = folder / "times.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_seconds_and_what_stands_for_the_usual(tmp_path: Path) -> None:
    rows = read_table(written(tmp_path, "model,input,batch,seconds\n" + FIVE.format(1, 2, 3, 4, 5))).rows
    assert [row.model for row in rows] == ["a", "b", "c", "d", "e"]
    assert [row.seconds for row in rows] == [1, 2, 3, 4, 5]
    assert [row.batch for row in rows] == [2, 1, 1, 4, 8]
    assert [row.input for row in rows] == [(3, 32, 32), None, (3, 224, 224), (3, 8, 8), (1, 28, 28)]
    assert [row.line for row in rows] == [2, 3, 4, 5, 6]


def test_the_three_units_say_the_same(tmp_path: Path) -> None:
    """Batch 2 in 0.25 s: 250 ms, and 8 images a second."""
    header = "model,input,batch,"
    told: dict[str, list[float]] = {
        "seconds": [0.25, 0.5, 0.125, 1, 2],
        "milliseconds": [250, 500, 125, 1000, 2000],
        "images_per_second": [8, 2, 8, 4, 4],
    }
    found = {}
    for unit, values in told.items():
        path = written(tmp_path, f"{header}{unit}\n{FIVE.format(*values)}")
        found[unit] = [row.seconds for row in read_table(path).rows]
    assert found["milliseconds"] == pytest.approx(found["seconds"])
    assert found["images_per_second"] == pytest.approx(found["seconds"])


@pytest.mark.parametrize("separator", [";", "\t"])
def test_other_separators_spaces_and_a_mark_of_byte_order(tmp_path: Path, separator: str) -> None:
    text = "﻿Model , Seconds\n" + "".join(f'"net, {i}" , {i}e-3\n' for i in range(1, 6))
    text = text.replace(" , ", separator)
    rows = read_table(written(tmp_path, text)).rows
    assert [row.model for row in rows] == [f"net, {i}" for i in range(1, 6)]
    assert rows[4].seconds == 0.005


def test_rows_of_one_device_are_chosen(tmp_path: Path) -> None:
    rows = "".join(f"net{i},{i},{engine}\n" for i in range(1, 6) for engine in ("eager", "TFLite"))
    path = written(tmp_path, f"model,seconds,engine\n{rows}")
    chosen = read_table(path, {"engine": "tflite"})
    assert [row.seconds for row in chosen.rows] == [1, 2, 3, 4, 5]
    assert chosen.about == {"engine": "TFLite"}
    with pytest.raises(DeviceError, match="2 values of engine: TFLite, eager; choose one with --where"):
        read_table(path)
    with pytest.raises(DeviceError, match="no column engines; did you mean engine"):
        read_table(path, {"engines": "eager"})


GOOD = "model,input,batch,seconds\n" + FIVE.format(1, 2, 3, 4, 5)

BAD = {
    "": "is empty; expected are model, input, batch and one of seconds",
    "name,seconds\nx,1\n": "has no column model, but name, seconds; expected",
    "model,secs\nx,1\n": "no column of times, but model, secs; did you mean seconds",
    "model,latency\nx,1\n": "has no column of times, but model, latency; expected",
    "model,seconds,milliseconds\nx,1,1\n": "has times twice, as seconds and milliseconds",
    "model,seconds,seconds\nx,1,1\n": "has two columns called seconds",
    "model,seconds\n": "has no rows of times",
    "model,seconds\nx,1\n": "has 1 row of times, and a profile takes 5",
    GOOD + "f,,1,0\n": "times.csv:7: f took '0' seconds, which is no time",
    GOOD + "f,,1,-1\n": "times.csv:7: f took '-1' seconds",
    GOOD + "f,,1,nan\n": "times.csv:7: f took 'nan' seconds",
    GOOD + "f,,1,inf\n": "times.csv:7: f took 'inf' seconds",
    GOOD + "f,,1,5 ms\n": "times.csv:7: f took '5 ms' seconds",
    GOOD + "f,,1,1_0\n": "times.csv:7: f took '1_0' seconds",
    GOOD + "f,,1\n": "times.csv:7: f took '' seconds",
    GOOD + "f,,0,1\n": "times.csv:7: a batch of '0' is no number of images",
    GOOD + "f,,2.5,1\n": "times.csv:7: a batch of '2.5' is no number of images",
    GOOD + "f,3x,1,1\n": "times.csv:7: an input of '3x' is no shape such as 3x224x224",
    GOOD + "f,3x0x4,1,1\n": "times.csv:7: an input of '3x0x4' is no shape",
    GOOD + ",,1,1\n": "times.csv:7: names no model",
    GOOD + '"f,,1,1\n': "times.csv: is no CSV",
}


@pytest.mark.parametrize("text", BAD)
def test_one_line_each(tmp_path: Path, text: str) -> None:
    with pytest.raises(DeviceError) as caught:
        read_table(written(tmp_path, text))
    assert BAD[text] in str(caught.value)
    assert "\n" not in str(caught.value)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(DeviceError, match="no text in UTF-8"):
        read_table(written(tmp_path, GOOD, encoding="utf-16"))
    with pytest.raises(DeviceError, match="cannot be read: No such file"):
        read_table(tmp_path / "none.csv")
    with pytest.raises(DeviceError, match="cannot be read: Is a directory"):
        read_table(tmp_path)
