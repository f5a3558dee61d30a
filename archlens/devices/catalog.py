"""The devices that archlens knows: those that come with it, those of the user, and data sheets."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from archlens.devices.names import HERE, named
from archlens.devices.profile import DeviceProfile, parse_profile, text_of
from archlens.devices.sheet import DataSheet, is_sheet, parse_sheet, sheets
from archlens.errors import DeviceError

__all__ = ["Entry", "describe", "entries", "find", "own_folder"]

VARIABLE = "ARCHLENS_DEVICES"
SHIPPED = Path(__file__).with_name("profiles")


@dataclass(frozen=True, slots=True)
class Entry:
    """A device that can be named.

    name  what it is called
    path  of its profile; None for a data sheet
    own   whether it is of the user's own folder
    """

    name: str
    path: Path | None
    own: bool = False


def own_folder() -> Path:
    """Where a user's own profiles are: what ARCHLENS_DEVICES names, or `devices` in the user's data folder.

    That is platformdirs' user_data_path("archlens"), which is not imported for it.
    """
    if given := os.environ.get(VARIABLE):
        return Path(given)
    home = Path.home()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "archlens" / "devices"
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "archlens" / "devices"
    given = os.environ.get("XDG_DATA_HOME", "").strip()
    return (Path(given) if given else home / ".local" / "share") / "archlens" / "devices"


def entries() -> tuple[Entry, ...]:
    """Every device that can be named: the user's own, those that come with archlens, data sheets.

    A user's profile takes the place of one of the same name.
    """
    found: dict[str, Entry] = {}
    for folder, own in ((own_folder(), True), (SHIPPED, False)):
        if folder.is_dir():
            for path in sorted(folder.glob("*.json")):
                found.setdefault(path.stem, Entry(path.stem, path, own))
    for sheet in sheets():
        found.setdefault(sheet.name, Entry(sheet.name, None))
    return tuple(found.values())


def find(device: str) -> DataSheet | DeviceProfile:
    """The device of that name, in that file, or of that data sheet.

    Names are found however they are written: RTX 4090, rtx-4090, rtx4090.

    Raises a DeviceError.
    """
    if is_sheet(device):
        return parse_sheet(device)
    if device.lower() in HERE:
        raise DeviceError(
            f"{device} is where `measure` and `compare --latency` run; a prediction takes a device that is "
            "known: `archlens devices` lists them, and `archlens calibrate` makes this one known"
        )
    if device.endswith(".json") or "/" in device or os.sep in device:
        return read(Path(device))
    known = {entry.name: entry for entry in entries()}
    return describe(known[named(device, known)])


def describe(entry: Entry) -> DataSheet | DeviceProfile:
    """What stands behind a name. Raises a DeviceError for a file that cannot be read."""
    if entry.path is None:
        return next(sheet for sheet in sheets() if sheet.name == entry.name)
    return read(entry.path)


def read(path: Path) -> DataSheet | DeviceProfile:
    """The profile or the data sheet in a file. Raises a DeviceError."""
    text = text_of(path)
    if '"tflops"' in text and '"schema"' not in text:
        return parse_sheet(text, str(path))
    return parse_profile(text, str(path))
