"""What a device is said to take for a network: seconds node by node, and what binds each of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import inf

__all__ = ["PARTS", "Estimate", "Parts", "binding", "resolved"]

PARTS = ("arithmetic", "memory", "weights", "launches")
"""What time goes to: multiply-adds, activations read and written, weights read, and kernels started."""

Parts = tuple[float, float, float, float]
"""Seconds of each of these, in this order."""

MOST = 2**20
"""The largest batch that is tried."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """Seconds of one batch of a network on a device.

    device    what it is called
    batch     images at once
    nodes     of each node of the graph, what it would take for each of the parts by itself
    overlaps  whether the parts of a node run at the same time, so that it takes as long as its longest one,
              as a roofline has it; otherwise they add up
    constant  seconds that belong to no node, once a batch
    factors   between which factors of this time the measured one lies, at the level; None if nobody knows
    level     the share of networks of which that holds
    ridge     multiply-adds a byte from which on arithmetic takes longer than memory; None if that is unknown
    itemsize  bytes an element takes
    outside   what the network has that the device was never seen to run, a sentence each
    roof      multiply-adds and bytes a second at most: the highest of a data sheet, those of the middle kinds
              of work of a profile; None if that is unknown
    unseen    positions of the nodes whose kind of work the device was never seen to run
    fixed     positions of the nodes that compute nothing of the images, such as weights that are standardised
              before they are used: their work is the same at every batch
    refused   why this is no prediction at all; "" where it is one
    """

    device: str
    batch: int
    nodes: tuple[Parts, ...]
    overlaps: bool
    constant: float
    factors: tuple[float, float] | None
    level: float
    ridge: float | None
    itemsize: int
    outside: tuple[str, ...] = ()
    refused: str = ""
    roof: tuple[float, float] | None = None
    unseen: frozenset[int] = frozenset()
    fixed: frozenset[int] = frozenset()

    @property
    def seconds(self) -> float:
        """Seconds of the whole batch: those of all nodes and the constant."""
        return sum(self.parts()) + self.constant

    @property
    def interval(self) -> tuple[float, float] | None:
        """Between which seconds the measured time lies, at the level; None if nobody knows."""
        if self.factors is None:
            return None
        low, high = self.factors
        return low * self.seconds, high * self.seconds

    def parts(self, positions: Iterable[int] | None = None, batch: float | None = None) -> Parts:
        """Seconds of these nodes, or of all, by what they go to; at another batch, if one is given.

        Arithmetic and memory grow with the batch; weights and launches do not, nor does any work of the nodes
        that are `fixed`.
        """
        growth = (batch or self.batch) / self.batch
        found = [0.0, 0.0, 0.0, 0.0]
        for i in range(len(self.nodes)) if positions is None else positions:
            arithmetic, memory, weights, launches = self.nodes[i]
            scale = 1.0 if i in self.fixed else growth
            scaled = (scale * arithmetic, scale * memory, weights, launches)
            for part, seconds in enumerate(resolved(scaled) if self.overlaps else scaled):
                found[part] += seconds
        return found[0], found[1], found[2], found[3]

    @property
    def batch_beyond_launches(self) -> int | None:
        """The smallest batch at which launches are no longer what most of the time goes to; None for none."""
        if not self._launches_bind(MOST):
            low, high = 0, MOST
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if self._launches_bind(middle) else (low, middle)
            return high
        return None

    def _launches_bind(self, batch: int) -> bool:
        return batch == 0 or self.bound_by(batch) == "launches"

    def bound_by(self, batch: float | None = None) -> str:
        """What most of the time goes to; what belongs to no node is spent like launches, once a batch."""
        arithmetic, memory, weights, launches = self.parts(batch=batch)
        return binding((arithmetic, memory, weights, launches + self.constant))


def resolved(parts: Parts) -> Parts:
    """The time of a node whose parts run at once: that of the longest, which it all goes to.

    Activations and weights come over the same wires, so they are one part there.
    """
    arithmetic, memory, weights, launches = parts
    if launches >= max(arithmetic, memory + weights):
        return 0.0, 0.0, 0.0, launches
    if arithmetic >= memory + weights:
        return arithmetic, 0.0, 0.0, 0.0
    return 0.0, memory, weights, 0.0


def binding(parts: Parts) -> str:
    """What most of the time goes to; "" where there is none."""
    longest, name = max(zip(parts, PARTS, strict=True), key=lambda each: (each[0], -PARTS.index(each[1])))
    return name if 0 < longest < inf else ""
