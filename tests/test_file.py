"""What is read of a path: files and pipes that have a writer; never a device, never for ever."""

import os
import re
import stat
import threading
from pathlib import Path

import pytest

import archlens
from archlens.file import contents, replace

PACKAGE = Path(archlens.__file__).parent
WRITING = re.compile(r"""\bopen\([^)\n]*["'][wax]b?\+?["']|\.write_(text|bytes)\(|\bos\.replace\(""")
ELSEWHERE = {
    "file.py": 2,
    "spaces/export.py": 1,  # a draft
    "spaces/chunks.py": 1,  # a folder of its own, for as long as it runs
    "latency/machine/memory.py": 1,  # a switch of the kernel's
}
"""Where something is written, and how often; everything that people keep goes through `replace`."""


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


def test_nothing_else_writes_files() -> None:
    found = {
        path.relative_to(PACKAGE).as_posix(): len(WRITING.findall(path.read_text(encoding="utf-8")))
        for path in PACKAGE.rglob("*.py")
    }
    assert {place: times for place, times in found.items() if times} == ELSEWHERE


@pytest.mark.parametrize("given", ["bytes", "a function"])
def test_a_file_that_is_replaced_is_whole_and_keeps_its_permissions(tmp_path: Path, given: str) -> None:
    file = tmp_path / ("x" * 240 + ".onnx")
    content = b"new" if given == "bytes" else lambda draft: draft.write_bytes(draft.name[-5:].encode())
    assert not replace(file, content)
    file.chmod(0o640)
    assert replace(file, content)
    assert file.read_bytes() == (b"new" if given == "bytes" else b".onnx")
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert [*tmp_path.iterdir()] == [file]


def test_a_link_to_a_file_that_is_replaced_stays_one(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "file")
    replace(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "file").read_bytes() == b"new"


def test_what_fails_half_way_leaves_what_was_there(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"old")

    def failing(draft: Path) -> None:
        draft.write_bytes(b"ne")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        replace(file, failing)
    assert file.read_bytes() == b"old"
    assert [*tmp_path.iterdir()] == [file]
