"""The picture that opens the README shows the catalogue as it is."""

from pathlib import Path
from zlib import crc32

import pytest

from archlens.spec.catalog import model_names
from benchmarks.picture import NETWORKS, PICTURE, save

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def texts(file: bytes) -> dict[str, str]:
    """The texts in a PNG file, from the format's chunks: length, type, data, checksum."""
    assert file.startswith(SIGNATURE)
    found: dict[str, str] = {}
    place = len(SIGNATURE)
    while place < len(file):
        size = int.from_bytes(file[place : place + 4], "big")
        sort, data = file[place + 4 : place + 8], file[place + 8 : place + 8 + size]
        assert crc32(sort + data) == int.from_bytes(file[place + 8 + size : place + 12 + size], "big")
        if sort == b"tEXt":
            key, _, text = data.partition(b"\0")
            found[key.decode("latin-1")] = text.decode("latin-1")
        place += 12 + size
    return found


def test_the_picture_shows_as_many_networks_as_there_are() -> None:
    """`make picture` draws it anew."""
    assert texts(PICTURE.read_bytes())[NETWORKS] == str(len(model_names()))


def test_what_is_saved_tells_how_many_it_shows(tmp_path: Path) -> None:
    pytest.importorskip("PIL")
    save(PICTURE.read_bytes(), tmp_path / "saved.png")
    assert texts((tmp_path / "saved.png").read_bytes()) == {NETWORKS: str(len(model_names()))}
