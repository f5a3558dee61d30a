"""The bytes of a file, if it is one, and files that are written whole or not at all."""

import errno
import os
import stat
import time
from collections.abc import Callable
from pathlib import Path
from shutil import rmtree

__all__ = ["contents", "replace"]


def contents(path: Path, most: int) -> bytes:
    """What a file holds, so many bytes at most. Raises an OSError that says why it cannot be read.

    A device is refused, and so is a pipe that nobody writes to: opening it would wait for ever. A pipe with
    a writer, such as a shell's <(…), is read.
    """
    with open(path, "rb", opener=lambda name, flags: os.open(name, flags | os.O_NONBLOCK)) as file:
        mode = os.fstat(file.fileno()).st_mode
        if stat.S_ISCHR(mode) or stat.S_ISBLK(mode):
            raise OSError(errno.EINVAL, "it is a device and no file")
        os.set_blocking(file.fileno(), True)
        read = file.read(most)
        if stat.S_ISFIFO(mode) and not read:
            raise OSError(errno.EINVAL, "it is a pipe that nobody writes to")
        return read


def replace(path: Path, content: bytes | Callable[[Path], object]) -> bool:
    """Write a whole file or none: what stood there stays until the new one is complete.

    content  the bytes, or what writes them to the path that it is given, which has the file's own name

    Returns whether there was such a file before, whose permissions the new one has. A link stays one, and
    what is written to a device or a pipe, such as /dev/stdout, goes there at once. Raises an OSError.
    """
    write = content if callable(content) else lambda draft: draft.write_bytes(content)
    if path.exists() and not path.is_file():
        write(path)
        return False
    target = Path(os.path.realpath(path))
    replaced = target.exists()
    if replaced and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    folder = target.parent / f".archlens-{os.getpid()}-{time.monotonic_ns()}"
    draft = folder / target.name
    try:
        folder.mkdir(0o700)
        write(draft)
        if replaced:
            os.chmod(draft, target.stat().st_mode)
        os.replace(draft, target)
    finally:
        try:
            rmtree(folder, ignore_errors=True)
        except BaseException:  # a signal that came in the middle of that
            rmtree(folder, ignore_errors=True)
            raise
    return replaced
