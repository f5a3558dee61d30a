"""The bytes of a file, if it is one."""

import os
import stat
from pathlib import Path

__all__ = ["contents"]


def contents(path: Path, most: int) -> bytes:
    """What a file holds, so many bytes at most. Raises an OSError, or a ValueError.

    A device is refused, and a pipe that nobody writes to is empty: opening it would wait for ever.
    """
    with open(path, "rb", opener=lambda name, flags: os.open(name, flags | os.O_NONBLOCK)) as file:
        if stat.S_ISCHR(os.fstat(file.fileno()).st_mode):
            raise ValueError("it is a device and no file")
        os.set_blocking(file.fileno(), True)
        return file.read(most)
