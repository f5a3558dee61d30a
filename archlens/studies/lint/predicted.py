"""How much time the alternatives of findings would save on a device that need not be here."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from archlens.devices import Device, estimate
from archlens.errors import DeviceError
from archlens.graph import Graph
from archlens.studies.lint.finding import Finding

__all__ = ["PredictedSaving", "predicted_savings"]


@dataclass(frozen=True, slots=True)
class PredictedSaving:
    """What all places of a finding take on a device, and what their alternatives would.

    device        what it is called
    now, instead  seconds
    network       seconds of the whole network there
    """

    device: str
    now: float
    instead: float
    network: float

    @property
    def saved(self) -> float:
        """Seconds; below 0 where the alternatives take longer."""
        return self.now - self.instead

    def as_dict(self) -> dict[str, Any]:
        """The saving as `--format json` prints it."""
        return {
            "device": self.device, "now_s": self.now, "instead_s": self.instead, "saved_s": self.saved,
            "network_s": self.network,
        }  # fmt: skip


def predicted_savings(
    graph: Graph, findings: Sequence[Finding], device: Device
) -> dict[int, PredictedSaving]:
    """What each finding would save, by its number; a finding whose places cannot stand alone has none.

    Raises a DeviceError for a network that is too far from all that the device was seen to run.
    """
    whole = estimate(graph, device)
    if whole.refused:
        raise DeviceError(f"{graph.model} {whole.refused}")
    found: dict[int, PredictedSaving] = {}
    for number, finding in enumerate(findings):
        pairs = [place.pair for place in finding.places if place.pair is not None]
        if len(pairs) < len(finding.places):
            continue
        now, instead = (
            sum(sum(estimate(each, device).parts()) for each in graphs)
            for graphs in ([pair.now for pair in pairs], [pair.instead for pair in pairs])
        )
        found[number] = PredictedSaving(whole.device, now, instead, whole.seconds)
    return found
