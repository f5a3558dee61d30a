"""A network and what a device takes for it: what charts of predicted times are drawn from."""

from dataclasses import dataclass

from archlens.devices import Device, estimate, told
from archlens.devices.estimate import Estimate
from archlens.errors import DeviceError
from archlens.graph import Graph
from archlens.quantity import duration, spread

__all__ = ["Forecast"]


@dataclass(frozen=True, slots=True)
class Forecast:
    """A network, its estimate node by node, and how good that is.

    about  what the device is and how good its times are, a sentence each
    """

    graph: Graph
    estimate: Estimate
    about: tuple[str, ...]

    @classmethod
    def of(cls, graph: Graph, device: Device, *, force: bool = False) -> "Forecast":
        """What a device takes for a network. Raises a DeviceError for one that is too far off."""
        found = estimate(graph, device)
        if found.refused and not force:
            raise DeviceError(f"{graph.model} {found.refused}; --force predicts it all the same")
        return cls(graph, found, told(device))

    @property
    def interval(self) -> tuple[float, float] | None:
        """Between which seconds it lies; None for a lower bound, and where nobody knows."""
        return self.estimate.interval if self.graph.complete else None

    @property
    def headline(self) -> str:
        """The time with its interval: resnet50 on rtx4090: 2.100 ms, 1.6–3.5 for 90 % of networks."""
        found, seconds = self.estimate, duration(self.estimate.seconds)
        begun = f"{self.graph.model} on {found.device}:"
        if not self.graph.complete:
            return f"{begun} at least {seconds}"
        if self.interval is None:
            return f"{begun} {seconds}, and nobody knows how far that is off"
        return f"{begun} {seconds}, {spread(self.interval)} for {100 * found.level:.0f} % of networks"

    @property
    def outside(self) -> tuple[str, ...]:
        """What the profile has not seen, and what could not be costed, a sentence each."""
        strange, uncosted = self.estimate.outside, self.graph.uncosted
        told = []
        if strange:
            more = f"; and {len(strange) - 1} more" if len(strange) > 1 else ""
            told.append(f"outside of what was seen, so that the interval is wider: {strange[0]}{more}")
        if self.estimate.unseen:
            told.append("hatched: kinds of work that the device was never seen to run")
        if uncosted:
            told.append(f"≥: a lower bound, without {', '.join(node.name for node in uncosted[:3])}")
        return tuple(told)
