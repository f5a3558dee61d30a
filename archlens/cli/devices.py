"""`archlens devices [PATTERN]`, `archlens devices show NAME`"""

from fnmatch import fnmatchcase
from typing import Annotated

import typer

from archlens.cli.groups import ListsUnlessTold
from archlens.cli.options import FormatOption, Output
from archlens.cli.output import emit
from archlens.devices import Entry, entries, find
from archlens.devices.names import named, words
from archlens.errors import DeviceError
from archlens.report.devices import (
    Known,
    device_as_dict,
    device_table,
    devices_as_dict,
    devices_table,
    known_devices,
)
from archlens.report.result import Result

__all__ = ["app"]

app = typer.Typer(
    cls=ListsUnlessTold,
    help="Devices to predict times for: `archlens devices [PATTERN]` lists them, `show NAME` tells more.",
)


@app.command("list")
def list_devices(
    pattern: Annotated[str, typer.Argument(help="A part of a name, or a pattern such as 'rtx*'.")] = "*",
    format: FormatOption = None,
    output: Output = None,
) -> None:
    """The devices that archlens knows. This is what `archlens devices` does by itself."""
    found = [entry for entry in entries() if matches(entry.name, pattern)]
    if not found:
        raise DeviceError(f"no device matches {pattern}; `archlens devices` lists all")
    listed = known_devices(found)
    emit(Result.of(lambda: devices_table(listed), lambda: devices_as_dict(listed)), format, output)


def matches(name: str, pattern: str) -> bool:
    """Whether a pattern is a part of a name, however it is written."""
    if any(sign in pattern for sign in "*?["):
        return fnmatchcase(name.lower(), pattern.lower())
    return "".join(words(pattern)) in "".join(words(name))


@app.command()
def show(
    device: Annotated[str, typer.Argument(metavar="NAME", help="As --device takes it.")],
    format: FormatOption = None,
    output: Output = None,
) -> None:
    """All that is known about a device: its rates, its errors, and where they come from."""
    found = find(device)
    known = Known(entry_of(device, found.name), found)
    emit(Result.of(lambda: device_table(known), lambda: device_as_dict(known)), format, output)


def entry_of(device: str, name: str) -> Entry:
    """The entry of a device by what was asked for; one of its own name for a file and for a data sheet."""
    known = {entry.name: entry for entry in entries()}
    try:
        return known[named(device, known)]
    except DeviceError:
        return Entry(name, None)
