"""A device, whatever is known about it, and what it takes for a network."""

from archlens.devices.estimate import Estimate
from archlens.devices.roofline import roofline
from archlens.devices.sheet import DataSheet
from archlens.graph import Graph

__all__ = ["Device", "estimate", "told"]

Device = DataSheet


def estimate(graph: Graph, device: Device) -> Estimate:
    """What the device takes for one batch of a network, node by node."""
    return roofline(graph, device)


def told(device: Device) -> tuple[str, ...]:
    """What the device is, and how far its times can be believed, a sentence each."""
    source = f" ({device.source})" if device.source else ""
    return (
        f"{device.name}: a plain roofline with launch costs, from a data sheet{source}; nothing was measured",
    )
