"""The devices that archlens knows: what they are, how good their times are, and from where."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from archlens.devices import Device, Entry, describe, told
from archlens.devices.profile import DeviceProfile
from archlens.devices.sheet import DataSheet
from archlens.devices.terms import ALIGNED
from archlens.errors import DeviceError
from archlens.quantity import duration, human, plural
from archlens.report.table import Column, Table, share

__all__ = ["Known", "device_as_dict", "device_table", "devices_as_dict", "devices_table", "known_devices"]


@dataclass(frozen=True, slots=True)
class Known:
    """A device that can be named, or why the file of its profile cannot be read."""

    entry: Entry
    device: Device | None
    problem: str = ""


def known_devices(entries: Sequence[Entry]) -> tuple[Known, ...]:
    """What is behind each name; a file that cannot be read hides none of the others."""
    found = []
    for entry in entries:
        try:
            found.append(Known(entry, describe(entry)))
        except DeviceError as error:
            found.append(Known(entry, None, str(error)))
    return tuple(found)


def kind(known: Known) -> str:
    """What a table says of a device: measured, a data sheet, the user's own, or unreadable."""
    if known.device is None:
        return "unreadable"
    if isinstance(known.device, DataSheet):
        return "data sheet"
    return "your own" if known.entry.own else "measured"


def devices_table(listed: Sequence[Known]) -> Table:
    """A row for each device."""
    columns = (
        Column("name", "name", right=False),
        Column("device", "device", right=False, priority=2),
        Column("engine", "runs", right=False, priority=3),
        Column("phase", "phase", right=False, priority=5),
        Column("dtype", "type", right=False, priority=4),
        Column("kind", "from", right=False),
        Column("networks", "networks", priority=1),
        Column("median", "half\nwithin", share),
        Column("within10", "within\n10%", share),
    )
    rows = tuple(row(each) for each in listed)
    notes = [
        "half within: so far off is the better half of networks of families that were left out",
        "data sheet: a plain roofline with launch costs; `archlens devices show NAME` tells more",
    ]
    notes += [each.problem for each in listed if each.problem]
    return Table(columns, rows, footer=tuple(notes))


def row(known: Known) -> tuple[Any, ...]:
    """The cells of a device."""
    device = known.device
    if not isinstance(device, DeviceProfile):
        dtype = device.dtype if device else None
        return (known.entry.name, None, None, None, dtype, kind(known), None, None, None)
    found = device.evidence
    return (
        known.entry.name, device.title, device.engine, device.phase, device.dtype, kind(known),
        found and found.networks, found and found.median, found and found.within10,
    )  # fmt: skip


def devices_as_dict(listed: Sequence[Known]) -> list[dict[str, Any]]:
    """The devices as `--format json` prints them."""
    keys = ("name", "device", "engine", "phase", "dtype", "kind", "networks", "median", "within10")
    return [{**dict(zip(keys, row(each), strict=True)), "problem": each.problem or None} for each in listed]


def device_table(known: Known) -> Table:
    """All that is known about one device: its rates as a data sheet would give them."""
    device = known.device
    assert device is not None
    rows = sheet_rows(device) if isinstance(device, DataSheet) else profile_rows(device)
    columns = (Column("term", "term", right=False), Column("rate", "rate", right=False))
    notes = told(device) if isinstance(device, DataSheet) else (*told(device), *evidence(device))
    where = (f"{known.entry.path}",) if known.entry.path is not None and known.entry.own else ()
    return Table(columns, rows, title=known.entry.name, footer=(*notes, *where))


def sheet_rows(sheet: DataSheet) -> tuple[tuple[str, str], ...]:
    """The rows of a data sheet: its three numbers, and what follows from them."""
    return (
        ("arithmetic", f"{human(sheet.flops / 2)} multiply-adds/s ({human(sheet.flops)}FLOPS)"),
        ("memory", f"{human(sheet.bandwidth, 'B')}/s"),
        ("launch", duration(sheet.launch) if sheet.launch else "0"),
        ("ridge", f"{sheet.ridge:.3g} multiply-adds a byte"),
        ("type", sheet.dtype),
    )


def profile_rows(profile: DeviceProfile) -> tuple[tuple[str, str], ...]:
    """Each coefficient as a rate, in the order of the terms."""
    size = describe_size(profile)
    return tuple((term, rate(term, value, size)) for term, value in profile.coefficients.items() if value > 0)


def describe_size(profile: DeviceProfile) -> int:
    """Bytes that an element takes."""
    from archlens.devices.device import itemsize_of

    return itemsize_of(profile)


def rate(term: str, seconds: float, itemsize: int) -> str:
    """Seconds for each unit of a term, as people say them: multiply-adds or bytes a second, or a time."""
    first = term.partition(".")[0]
    if first == "arithmetic":
        return f"{human(1 / seconds)} multiply-adds/s"
    if first in ("memory", "weights"):
        return f"{human(itemsize / seconds, 'B')}/s"
    if first.startswith("spilled"):
        return f"{human(itemsize / seconds, 'B')}/s more, beyond the cache"
    if first == "unaligned":
        return f"{human(1 / seconds)} multiply-adds/s more, at channels that are not multiples of {ALIGNED}"
    if first == "unaligned_memory":
        return f"{human(itemsize / seconds, 'B')}/s more, at such channels"
    if first == "scores":
        return f"{human(1 / seconds)} scores/s"
    if first == "pooled":
        return f"{human(1 / seconds)} elements of pooling windows/s"
    return f"{duration(seconds)} {'a batch' if first == 'constant' else 'each'}"


def evidence(profile: DeviceProfile) -> tuple[str, ...]:
    """The sentences on where a profile comes from, and on what it was fitted to."""
    lines = [f"runs {profile.software or profile.engine}; counted in the {profile.view} view of a network"]
    found, seen = profile.evidence, profile.seen
    if found is not None:
        tail = f"times what is predicted; {100 * found.mape:.1f} % off on average"
        lines += [
            f"{plural(found.networks, 'time')} of {found.families} families, {found.source}",
            f"{found.licence}; fitted {found.date}",
            f"{100 * found.level:.0f} % of families that were left out take {found.low:.2f} to "
            f"{found.high:.2f} {tail}",
        ]
    if seen is not None:
        least, most = seen.batch
        shortest, longest = seen.seconds
        batches = f"{least}" if least == most else f"{least} to {most}"
        lines.append(f"seen: batches of {batches}, {duration(shortest)} to {duration(longest)} long")
    return tuple(lines)


def device_as_dict(known: Known) -> dict[str, Any]:
    """All of one device as `--format json` prints it."""
    from dataclasses import asdict

    assert known.device is not None
    shown = asdict(known.device)
    rows = sheet_rows(known.device) if isinstance(known.device, DataSheet) else profile_rows(known.device)
    rates = [{"term": term, "rate": said} for term, said in rows]
    return {
        **shown,
        "rates": rates,
        "name": known.entry.name,
        "kind": kind(known),
        "about": list(told(known.device)),
    }
