"""Names of devices as people write them, and what is said of those that nobody knows."""

import pytest

from archlens.devices.names import named
from archlens.errors import DeviceError

NAMES = ["rtx3090", "rtx4090", "rtx4090-compiled", "rtx3090-training", "i7-12700h", "i9-10940x", "pixel1",
         "pixel3-int8", "pixel3-float", "a100-sheet", "rtx4090-sheet"]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("rtx4090", "rtx4090"),
        ("RTX-4090", "rtx4090"),
        ("RTX 4090", "rtx4090"),
        ("NVIDIA GeForce RTX 4090", "rtx4090"),
        ("4090", "rtx4090"),
        ("rtx4090 compiled", "rtx4090-compiled"),
        ("4090_Compiled", "rtx4090-compiled"),
        ("training 3090", "rtx3090-training"),
        ("i7-12700h", "i7-12700h"),
        ("I7 12700H", "i7-12700h"),
        ("Intel(R) Core(TM) i7-12700H", "i7-12700h"),
        ("i9", "i9-10940x"),
        ("Pixel 1", "pixel1"),
        ("pixel 3 int8", "pixel3-int8"),
        ("A100", "a100-sheet"),
    ],
)
def test_however_it_is_written(asked: str, expected: str) -> None:
    assert named(asked, NAMES) == expected


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("pixel3", "pixel3 may be pixel3-float, pixel3-int8: name one of them"),
        (
            "rtx",
            "rtx may be rtx3090, rtx3090-training, rtx4090, rtx4090-compiled, rtx4090-sheet: name one of "
            "them",
        ),
        ("rtx409", "no device is called rtx409; did you mean rtx4090?"),
        ("RTX 4900", "no device is called RTX 4900; did you mean rtx4090?"),
        ("i7-12700k", "no device is called i7-12700k; did you mean i7-12700h?"),
        ("a1000", "no device is called a1000; did you mean a100-sheet?"),
        ("rtx 4090 laptop", "no device is called rtx 4090 laptop; did you mean rtx4090?"),
        ("mainframe", "no device is called mainframe; `archlens devices` lists all"),
        ("", "'' names no device; `archlens devices` lists those that are known"),
        ("--", "'--' names no device; `archlens devices` lists those that are known"),
    ],
)
def test_one_line_for_those_that_nobody_knows(asked: str, said: str) -> None:
    with pytest.raises(DeviceError) as caught:
        named(asked, NAMES)
    assert str(caught.value) == said
