"""The picture of a breakdown: that it is one."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from archlens.errors import ArchlensError, UsageError
from archlens.latency.breakdown import KINDS, REST
from archlens.latency.plot import COLOURS, check_plot, plot
from tests.latency.test_breakdown import MADE_UP


def test_svg(tmp_path: Path) -> None:
    file = tmp_path / "picture.svg"
    plot([MADE_UP, MADE_UP], file, title="where the time goes")
    ElementTree.parse(file)
    assert list(tmp_path.iterdir()) == [file]


def test_png(tmp_path: Path) -> None:
    file = tmp_path / "picture.png"
    plot([MADE_UP], file, title="where the time goes")
    assert file.read_bytes().startswith(b"\x89PNG")


def test_every_kind_has_a_colour() -> None:
    assert set(KINDS.values()) | {REST} <= set(COLOURS)


def test_bad_names(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"expected a file name that ends in \.svg or \.png"):
        check_plot(tmp_path / "picture.pdf")
    with pytest.raises(UsageError, match="there is no folder"):
        check_plot(tmp_path / "none" / "picture.svg")


def test_what_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "picture.svg").mkdir()
    with pytest.raises(ArchlensError, match="cannot be written"):
        plot([MADE_UP], tmp_path / "picture.svg", title="")
