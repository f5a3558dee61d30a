"""What the networks of the catalogue cost, kept between two runs of `archlens list`.

It is one file. Its first line tells from which specs and from which code the rest was worked out, byte by
byte: where either is another now, nothing is read from it. So it cannot tell what archlens would not.
"""

import hashlib
import json
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import yaml

from archlens.file import contents, replace
from archlens.spec.files import PACKAGE, folder

__all__ = ["MOST", "VARIABLE", "keep", "recall", "sources"]

VARIABLE = "ARCHLENS_CACHE"
OFF = "off"
MOST = 1_000_000
"""Bytes that it may have: some ten times what the catalogue takes."""


def file() -> Path | None:
    """Where it is kept: in the folder that ARCHLENS_CACHE names, or in the user's folder of caches.

    That is platformdirs' user_cache_path("archlens"), which is not imported for it. None where
    ARCHLENS_CACHE is `off`, or nothing tells where the user's folders are.
    """
    given = os.environ.get(VARIABLE, "").strip()
    if given:
        return None if given == OFF else Path(given) / "catalogue"
    try:
        home = Path.home()
    except RuntimeError:
        return None
    if sys.platform == "win32":
        local = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
        return local / "archlens" / "Cache" / "catalogue"
    if sys.platform == "darwin":
        return home / "Library" / "Caches" / "archlens" / "catalogue"
    caches = Path(os.environ.get("XDG_CACHE_HOME", "").strip())
    return (caches if caches.is_absolute() else home / ".cache") / "archlens" / "catalogue"


def sources() -> str | None:
    """What tells apart all that a network's cost depends on; None where it cannot be told, or none is kept.

    The bytes of each file of archlens's own code, of its tables and of its specs, with their names; the
    version of Python, and of the package that reads YAML.
    """
    if file() is None:
        return None
    told = hashlib.sha256(f"{sys.version} {yaml.__version__}".encode())
    try:
        code = [path for ending in ("py", "csv") for path in PACKAGE.rglob(f"*.{ending}")]
        if Path(__file__) not in code:  # an archive, or compiled files alone
            return None
        for path in sorted([*code, *folder().glob("*.yaml")]):
            held = path.read_bytes()
            told.update(f"\n{path.relative_to(PACKAGE.parent)} {len(held)}\n".encode())
            told.update(held)
    except (OSError, ValueError):
        return None
    return told.hexdigest()


def recall(told: str) -> Any:
    """What was kept for these sources; None where there is nothing, or no whole file."""
    path = file()
    if path is None:
        return None
    try:
        head, _, rest = contents(path, MOST + 1).partition(b"\n")
        return json.loads(rest) if head == _head(told, rest) else None
    except (OSError, ValueError, RecursionError):
        return None


def keep(told: str, found: Any) -> None:
    """Keep what was worked out from these sources, in the place of what was kept before.

    The file is never there in part: it takes its name when it is whole. Where it cannot be written, nothing
    is kept.
    """
    path = file()
    rest = json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode()
    if path is None or len(rest) > MOST - 200:
        return
    with suppress(OSError, ValueError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace(path, _head(told, rest) + b"\n" + rest)


def _head(told: str, rest: bytes) -> bytes:
    """The sources, and what tells a file that is not what was written."""
    return f"{told} {hashlib.sha256(rest).hexdigest()}".encode()
