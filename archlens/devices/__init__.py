"""Devices: what is known about how fast they are, and how it is learnt."""

from archlens.devices.catalog import Entry, describe, entries, find, own_folder
from archlens.devices.device import Device, estimate, told

__all__ = ["Device", "Entry", "describe", "entries", "estimate", "find", "own_folder", "told"]
