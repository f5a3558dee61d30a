"""The data of a page, read back in Python."""

import base64
import json
import re
import zlib
from typing import Any

__all__ = ["names", "unpacked", "unrolled"]


def unpacked(page: str) -> dict[str, Any]:
    """What stands in a page, all parts together."""
    found: dict[str, Any] = {}
    for name, part in re.findall(r'<script id="(\w+)" type="text/plain">([^<]*)</script>', page):
        data = json.loads(zlib.decompress(base64.b64decode(part)))
        found |= {name: data} if name == "sweep" else data
    return found


def unrolled(pairs: list[int]) -> list[int]:
    """Values from pairs of a value and how often it follows itself."""
    return [value for value, times in zip(pairs[::2], pairs[1::2], strict=True) for _ in range(times)]


def names(coded: str) -> list[str]:
    """Names from what each shares with the one before."""
    found: list[str] = []
    parts: list[str] = []
    for word in coded.split(" "):
        same, _, rest = word.partition(":")
        parts = parts[: int(same)] + (rest.split(".") if rest else [])
        found.append(".".join(parts))
    return found
