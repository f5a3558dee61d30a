"""What a device takes for networks that are known as sections: the same seconds, each section asked once."""

from collections.abc import Mapping, Sequence

from archlens.analyses.segments import Boundary, Question, Segments, anywhere, folds_apart
from archlens.devices.device import TOO_FAR, Device
from archlens.devices.fusion import CHAINED, LAST
from archlens.devices.predict import differences, rates
from archlens.devices.profile import DeviceProfile
from archlens.devices.roofline import roofline
from archlens.devices.terms import amounts, summed, works
from archlens.errors import DeviceError
from archlens.graph import Graph
from archlens.passes import fold
from archlens.spec.section import Section

__all__ = ["Timer"]

Amounts = Mapping[str, float]
SECONDS = "seconds"
"""The only term of a data sheet."""


class Timer:
    """Seconds of a batch of networks on one device, of their sections."""

    def __init__(self, device: Device, batch: int) -> None:
        self.device = device
        self.batch = batch
        view = device.view if isinstance(device, DeviceProfile) else "eager"
        self.amounts: Question[Amounts] = Question(self.amounts_of, added, CUTS[view])
        self.rates = rates(device) if isinstance(device, DeviceProfile) else {SECONDS: 1.0}

    def amounts_of(self, graph: Graph) -> Amounts:
        """What a graph makes the device do, by the terms of its profile; its seconds by a data sheet."""
        if isinstance(self.device, DeviceProfile):
            return amounts(works(graph, self.device.view))
        return {SECONDS: roofline(graph, self.device).seconds}

    def seconds(self, section: Section, segments: Segments) -> float:
        """The predicted time of a network, as `estimate` has it.

        Raises a DeviceError where it is too far from all that the device was seen to run.
        """
        found: Amounts = segments.ask(self.amounts, section)
        spent = {**found, "constant": 1.0}
        seconds = sum(self.rates.get(term, 0.0) * amount for term, amount in spent.items())
        if isinstance(self.device, DeviceProfile) and seconds:
            outside = differences(spent, self.rates, self.device, self.batch, seconds)
            if far := [each.sentence for each in outside if each.far]:
                raise DeviceError(f"{TOO_FAR}: {'; '.join(far)}")
        return seconds


def added(parts: Sequence[Amounts]) -> Amounts:
    """The sums of the amounts of pieces that run one after the other."""
    return parts[0] if len(parts) == 1 else summed(parts)


def fused_apart(segments: Segments, boundary: Boundary) -> bool:
    """Whether no kernel goes on over a boundary, and what is read behind it is what is written before it.

    A view has the storage of its input, whose size may be another. A kernel goes on where what it has made
    is read by work that joins it, through views or not.
    """
    if not folds_apart(segments, boundary) or boundary.maker.op.alias:
        return False
    if all(work.op.work not in (CHAINED | LAST) and not work.op.alias for work in boundary.readers):
        return True
    return segments.tell(LAST_WORK, boundary.before) not in CHAINED


CUTS = {"eager": anywhere, "folded": folds_apart, "fused": fused_apart, "winograd": folds_apart}
"""For each view of `archlens.devices.terms`, where a network may be cut."""


def last_work(graph: Graph) -> str:
    """What the operator does that makes the output of a folded graph."""
    folded = fold(graph)
    return folded.nodes[folded.outputs[0]].op.work


def last(parts: Sequence[str]) -> str:
    """The answer of the last piece, where only that counts."""
    return parts[-1]


LAST_WORK: Question[str] = Question(last_work, last, folds_apart)
