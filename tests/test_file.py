"""What is read of a path: files and pipes that have a writer; never a device, never for ever."""

import os
import threading
from pathlib import Path

import pytest

from archlens.file import contents


def test_so_many_bytes_at_most(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"0123456789")
    assert contents(tmp_path / "a", 4) == b"0123"
    assert contents(tmp_path / "a", 100) == b"0123456789"


def test_an_empty_file_is_one(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    assert contents(tmp_path / "a", 4) == b""


def test_a_pipe_is_read_where_somebody_writes_to_it(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    with pytest.raises(OSError, match="a pipe that nobody writes to"):
        contents(path, 100)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)  # so that the writer below need not wait
    writer = os.open(path, os.O_WRONLY)
    os.write(writer, b"half")

    def rest() -> None:
        os.write(writer, b" and half")
        os.close(writer)

    late = threading.Timer(0.2, rest)
    late.start()
    assert contents(path, 100) == b"half and half"
    late.join()
    os.close(reader)


def test_a_device_is_refused() -> None:
    with pytest.raises(OSError, match="a device and no file"):
        contents(Path("/dev/zero"), 10)
