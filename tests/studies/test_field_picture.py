"""Pictures of effective fields: that they are written, and say what they should."""

from pathlib import Path

import pytest

from archlens.errors import ArchlensError, UsageError
from archlens.spec.loading import load
from archlens.studies.effective_receptive_field import EffectiveField, effective_receptive_field
from archlens.studies.field_picture import draw


@pytest.fixture(scope="module")
def field() -> EffectiveField:
    """Of a map whose field fits into the input."""
    graph = load("lenet5")
    return effective_receptive_field(graph, [node.name for node in graph.nodes].index("C3.conv1"), samples=1)


def test_a_picture_says_what_it_shows(
    field: EffectiveField, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import matplotlib as mpl

    monkeypatch.setitem(mpl.rcParams, "svg.fonttype", "none")  # text stays text
    file = tmp_path / "field.svg"
    draw(field, file)
    text = file.read_text(encoding="utf-8")
    assert "lenet5: what C3.conv1 sees" in text
    assert f"95 % of the gradient within {field.side:g} places, the field is 14" in text
    assert "receptive field (beyond the picture)" not in text


def test_a_field_much_larger_than_the_input_is_said_to_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import matplotlib as mpl

    monkeypatch.setitem(mpl.rcParams, "svg.fonttype", "none")
    file = tmp_path / "field.svg"
    draw(effective_receptive_field(load("resnet32"), samples=1), file)
    assert "receptive field (beyond the picture)" in file.read_text(encoding="utf-8")


@pytest.mark.parametrize(("name", "start"), [("field.png", b"\x89PNG"), ("FIELD.PDF", b"%PDF")])
def test_formats(field: EffectiveField, tmp_path: Path, name: str, start: bytes) -> None:
    draw(field, tmp_path / name)
    assert (tmp_path / name).read_bytes().startswith(start)


def test_files_that_cannot_be(field: EffectiveField, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"expected a file that ends in \.pdf, \.png, \.svg"):
        draw(field, tmp_path / "field.gif")
    with pytest.raises(ArchlensError, match="cannot be written: No such file or directory"):
        draw(field, tmp_path / "nowhere" / "field.png")
