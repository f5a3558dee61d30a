"""Data sheets: what their units are worth, and the one line that each kind of mistake gets."""

import pytest

from archlens.devices.sheet import is_sheet, parse_sheet, sheets
from archlens.errors import DeviceError


def test_a_sheet() -> None:
    sheet = parse_sheet('{"tflops": 82.6, "bandwidth": "1008 GB/s", "launch": "4 us"}')
    assert (sheet.flops, sheet.bandwidth, sheet.launch) == pytest.approx((82.6e12, 1.008e12, 4e-6))
    assert sheet.dtype == "float32"
    assert sheet.ridge == pytest.approx(41.3e12 / 1.008e12)


@pytest.mark.parametrize(
    ("tflops", "bandwidth", "launch", "expected"),
    [
        ('"82.6 TFLOPS"', '"1 TB/s"', '"0.004 ms"', (82.6e12, 1e12, 4e-6)),
        ('"5000 gflop/s"', '"25.6gb/s"', '"2 µs"', (5e12, 25.6e9, 2e-6)),
        ('"2 Tops"', '"500 MB/s"', '"100 ns"', (2e12, 5e8, 1e-7)),
        ("1e-3", '"1e3 kB/s"', '"0 s"', (1e9, 1e6, 0.0)),
    ],
)
def test_units(tflops: str, bandwidth: str, launch: str, expected: tuple[float, float, float]) -> None:
    sheet = parse_sheet(f'{{"tflops": {tflops}, "bandwidth": {bandwidth}, "launch": {launch}}}')
    assert (sheet.flops, sheet.bandwidth, sheet.launch) == pytest.approx(expected)


BAD = {
    "{": "the data sheet is no JSON such as",
    "{}": "says nothing about tflops",
    '{"tflops": 1}': "says nothing about bandwidth",
    '{"tflop": 1, "bandwidth": "1 GB/s"}': "no place for 'tflop'; did you mean tflops?",
    '{"tflops": 1, "bandwidth": "1 GB/s", "tdp": 450}': "no place for 'tdp'; it takes tflops",
    '{"tflops": 1, "bandwidth": 1008}': "bandwidth '1008', which is no quantity such as '1008 GB/s'",
    '{"tflops": 1, "bandwidth": "1008"}': "bandwidth '1008', which is no quantity",
    '{"tflops": 1, "bandwidth": "10 Gb/h"}': "bandwidth '10 Gb/h', which is no quantity",
    '{"tflops": -1, "bandwidth": "1 GB/s"}': "tflops '-1', which is no quantity",
    '{"tflops": 0, "bandwidth": "1 GB/s"}': "tflops '0', which no device has",
    '{"tflops": 1e30, "bandwidth": "1 GB/s"}': "tflops '1e+30', which no device has",
    '{"tflops": NaN, "bandwidth": "1 GB/s"}': "tflops 'nan', which is no quantity",
    '{"tflops": true, "bandwidth": "1 GB/s"}': "tflops 'True', which is no quantity",
    '{"tflops": 1, "bandwidth": "0 GB/s"}': "bandwidth '0 GB/s', which no device has",
    '{"tflops": 1, "bandwidth": "1 GB/s", "launch": 4}': "launch '4', which is no quantity such as '4 us'",
    '{"tflops": 1, "bandwidth": "1 GB/s", "launch": "4 h"}': "launch '4 h', which is no quantity",
    '{"tflops": 1, "bandwidth": "1 GB/s", "launch": "9 s"}': "launch '9 s', which no device has",
    '{"tflops": 1, "bandwidth": "1 GB/s", "dtype": "int4"}': "dtype 'int4', not one of float32",
    '{"tflops": [1], "bandwidth": "1 GB/s"}': "tflops '[1]', which is no quantity",
}


@pytest.mark.parametrize("text", BAD)
def test_one_line_each(text: str) -> None:
    assert is_sheet(text)
    with pytest.raises(DeviceError) as caught:
        parse_sheet(text)
    assert BAD[text] in str(caught.value)
    assert "\n" not in str(caught.value)


def test_those_that_come_with_archlens() -> None:
    """The RTX 4090's ridge, by hand: 165.2 / 2 / 1.008 multiply-adds a byte."""
    by_name = {sheet.name: sheet for sheet in sheets()}
    assert len(by_name) == len(sheets())
    assert by_name["rtx4090-sheet"].ridge == pytest.approx(81.94, abs=0.01)
    assert all(sheet.source and sheet.name.endswith("-sheet") for sheet in sheets())
