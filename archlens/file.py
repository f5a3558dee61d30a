"""The bytes of a file, if it is one."""

import errno
import os
import stat
from pathlib import Path

__all__ = ["contents"]


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
