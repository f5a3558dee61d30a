"""Devices as the page computes with them: what each term of work takes, and what is known of its truth."""

from collections.abc import Iterable, Sequence
from typing import Any

from archlens.devices.catalog import SHIPPED, find
from archlens.devices.device import Device, itemsize_of, ridge_of, told
from archlens.devices.predict import FAR_REACH, FAR_SHARE, NEAR, REACH, ROOM, rates
from archlens.devices.profile import DeviceProfile, read_profile
from archlens.devices.roofline import FACTORS, LEVEL
from archlens.devices.sheet import BYTES, DataSheet, sheets
from archlens.devices.terms import ARITHMETIC, CACHE

__all__ = ["RULES", "device_data", "shipped", "with_device"]

RULES = {
    "near": NEAR, "room": ROOM, "far_share": FAR_SHARE, "reach": REACH, "far_reach": FAR_REACH,
    "cache": CACHE, "arithmetic": ARITHMETIC,
}  # fmt: skip
"""What the page needs beside the profiles to predict as `archlens.devices.predict` does."""


def shipped() -> tuple[Device, ...]:
    """The profiles and the data sheets that come with archlens, without those of the user."""
    return (*(read_profile(path) for path in sorted(SHIPPED.glob("*.json"))), *sheets())


def with_device(device: Device) -> tuple[Device, ...]:
    """The devices that come with archlens, and one that may be among them."""
    return (*(each for each in shipped() if each.name != device.name), device)


def device_data(devices: Iterable[Device | str] | None) -> list[dict[str, Any]]:
    """The devices, one mapping each; those that come with archlens unless given.

    Raises a DeviceError for a name that nobody knows.
    """
    wanted: Sequence[Device | str] = shipped() if devices is None else tuple(devices)
    found = [find(device) if isinstance(device, str) else device for device in wanted]
    return [_sheet(each) if isinstance(each, DataSheet) else _profile(each) for each in found]


def _sheet(sheet: DataSheet) -> dict[str, Any]:
    itemsize = BYTES[sheet.dtype]
    low, high = FACTORS.get(itemsize, FACTORS[2])
    return {
        "name": sheet.name,
        "title": f"{sheet.name}, {sheet.dtype}",
        "sheet": {"flops": sheet.flops, "bandwidth": sheet.bandwidth, "launch": sheet.launch},
        "itemsize": itemsize,
        "ridge": sheet.ridge,
        "interval": {"low": low, "high": high, "level": LEVEL, "outside": 1.0},
        "about": list(told(sheet)),
    }


def _profile(profile: DeviceProfile) -> dict[str, Any]:
    evidence, seen = profile.evidence, profile.seen
    return {
        "name": profile.name,
        "title": f"{profile.title}, {profile.dtype}" if profile.dtype not in profile.title else profile.title,
        "view": profile.view,
        "phase": profile.phase,
        "rates": dict(rates(profile)),
        "itemsize": itemsize_of(profile),
        "ridge": ridge_of(profile),
        "interval": evidence
        and {
            "low": evidence.low, "high": evidence.high, "level": evidence.level, "outside": evidence.outside,
        },
        "seen": seen
        and {"batch": list(seen.batch), "seconds": list(seen.seconds), "shares": dict(seen.shares)},
        "about": list(told(profile)),
    }  # fmt: skip
