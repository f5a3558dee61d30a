"""Words that name a file in the place of a network, and what to say of them."""

import os
from pathlib import Path

from archlens.errors import nearest
from archlens.spec.reference import ENDINGS
from archlens.spec.values import show

__all__ = ["path_refusal"]

WEIGHTS = (
    ".pt", ".pth", ".ckpt", ".safetensors", ".bin", ".h5", ".hdf5", ".keras", ".pb", ".tflite", ".npz",
    ".msgpack", ".engine", ".mlmodel",
)  # fmt: skip
"""Of files that hold weights alone, or a network as only another library reads it."""
WRITTEN = f"networks are written in files that end in {', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}"


def path_refusal(name: str) -> str:
    """Why a name that is a path stands for no network, and what would; nothing for a name that is none.

    >>> path_refusal("net.py")
    'net.py: say which module of the file is meant: net.py:Net'
    """
    path, ending = Path(name), Path(name).suffix.lower()
    here = exists(path)
    if here and path.is_dir() and ("/" in name or os.sep in name):
        return f"{show(name)} is a folder; {WRITTEN}"
    if here and not path.is_dir() and not path.is_file():
        return f"{show(name)} is a device or a pipe and no file; {WRITTEN}"
    if ending in WEIGHTS:
        return (
            f"{show(name)} holds weights: name the module that they are for (file.py:Net), or export it to "
            ".onnx or .pt2"
        )
    if ending == ".py":
        return f"{show(name)}: say which module of the file is meant: {show(name)}:Net"
    if here and path.is_file() and ending:
        return f"{show(name)} is no such file: {WRITTEN}"
    meant = nearest(ending, ENDINGS) if len(ending) > len(".py") else ""
    if "/" in name or os.sep in name or meant:
        return f"{show(name)}: there is no such file{meant or f'; {WRITTEN}'}"
    return ""


def exists(path: Path) -> bool:
    """Whether something is there; what cannot be the name of a file is not."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False
