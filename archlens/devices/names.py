"""Names of devices, however people write them."""

import re
from collections.abc import Iterable

from archlens.errors import DeviceError, nearest

__all__ = ["HERE", "named", "words"]

HERE = ("cpu", "cuda")
"""Words for where `measure` and `compare --latency` run: no device is called so."""

WORDLESS = {
    "amd", "apple", "core", "cpu", "geforce", "google", "gpu", "graphics", "intel", "nvidia", "processor",
    "qualcomm", "r", "tm", "with", "the",
}  # fmt: skip
"""Words that tell no device from another of its maker."""

MOST_SHOWN = 6


def words(name: str) -> tuple[str, ...]:
    """A name without what people write in different ways: case, signs, makers.

    >>> words("NVIDIA GeForce RTX 4090"), words("rtx4090")
    (('rtx', '4090'), ('rtx', '4090'))
    """
    found = re.findall(r"[a-z]+|[0-9]+", name.lower())
    return tuple([word for word in found if word not in WORDLESS] or found)


def named(asked: str, names: Iterable[str]) -> str:
    """The one of these names that was meant: the one that has these words, and of several the one whose own
    words all the others have, too.

    >>> named("RTX 4090", ["rtx4090", "rtx4090-compiled", "rtx3090"])
    'rtx4090'
    >>> named("4090 compiled", ["rtx4090", "rtx4090-compiled", "rtx3090"])
    'rtx4090-compiled'

    Raises a DeviceError for none, with the nearest, and for several.
    """
    listed = {name: set(words(name)) for name in names}
    wanted = set(words(asked))
    if not wanted:
        raise DeviceError(f"{asked[:40]!r} names no device; `archlens devices` lists those that are known")
    found = [name for name, own in listed.items() if wanted <= own]
    if not found:
        hint = near(asked, listed) or "; `archlens devices` lists all"
        raise DeviceError(f"no device is called {asked[:40]}{hint}")
    plainest = min(found, key=lambda name: len(listed[name]))
    if all(listed[plainest] <= listed[name] for name in found):
        return plainest
    shown = ", ".join(sorted(found)[:MOST_SHOWN]) + (", …" if len(found) > MOST_SHOWN else "")
    raise DeviceError(f"{asked} may be {shown}: name one of them")


def near(asked: str, names: Iterable[str]) -> str:
    """The name whose spelling is nearest, for the end of an error."""
    spelled: dict[str, str] = {}
    for name in names:
        for part in (name, name.removesuffix("-sheet")):
            spelled.setdefault("".join(words(part)), name)
    hint = nearest("".join(words(asked)), spelled)
    return f"; did you mean {spelled[hint[len('; did you mean ') : -1]]}?" if hint else ""
