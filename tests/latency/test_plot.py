"""The picture of a breakdown: that it is one."""

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from archlens.errors import ArchlensError, UsageError
from archlens.latency.plot import COLOURS, check_plot, plot
from archlens.latency.sampling.breakdown import KINDS, REST, By
from tests.latency.sampling.test_breakdown import MADE_UP


def test_svg(tmp_path: Path) -> None:
    file = tmp_path / "picture.svg"
    plot([MADE_UP, MADE_UP], file, title="where the time goes")
    ElementTree.parse(file)
    assert list(tmp_path.iterdir()) == [file]


def test_png(tmp_path: Path) -> None:
    file = tmp_path / "picture.png"
    plot([MADE_UP], file, title="where the time goes")
    assert file.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("by", ["work", "stage", "node"])
def test_bars_end_at_their_frame(tmp_path: Path, by: By, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the parts come to more than the whole, as when something disturbed them."""
    drawn: list[Figure] = []

    def kept(figure: Figure, path: Path) -> None:
        drawn.append(figure)
        path.touch()

    monkeypatch.setattr(Figure, "savefig", kept)
    less = replace(MADE_UP, seconds=MADE_UP.seconds / 1.08)
    plot([MADE_UP, less], tmp_path / "picture.pdf", title="", by=by)
    (axes,) = drawn[0].axes
    ends: dict[float, float] = {}
    for bar in axes.patches:
        assert isinstance(bar, Rectangle)
        ends[bar.get_y()] = max(ends.get(bar.get_y(), 0.0), bar.get_x() + bar.get_width())
    assert list(ends.values()) == pytest.approx([100.0, 100.0])
    assert axes.get_xlim() == (0.0, 100.0)


def test_every_kind_has_a_colour() -> None:
    assert set(KINDS.values()) | {REST} <= set(COLOURS)


def test_bad_names(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"expected a file name ending in \.svg, \.png or \.pdf"):
        check_plot(tmp_path / "picture.gif")
    with pytest.raises(UsageError, match="there is no folder"):
        check_plot(tmp_path / "none" / "picture.svg")


def test_what_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "picture.svg").mkdir()
    with pytest.raises(ArchlensError, match="cannot be written"):
        plot([MADE_UP], tmp_path / "picture.svg", title="")
