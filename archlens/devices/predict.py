"""A network and a device profile → seconds, where they go, and how sure that is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from statistics import median

from archlens.devices.profile import DeviceProfile, Evidence, Seen
from archlens.devices.terms import CAUSES, TERMS, Work, amounts, cause, works
from archlens.graph import Graph
from archlens.quantity import duration

__all__ = ["NodeTime", "Outside", "Prediction", "differences", "predict_seconds", "rates", "shares"]

NEAR = 1.25
"""A term may have this many times the largest share that was seen of it, and ROOM more."""
ROOM = 0.02
FAR_SHARE = 2 / 3
"""A term whose share is larger than what was seen by this much is beyond what the profile can tell."""
REACH = 3.0
"""A batch may take this many times longer, or shorter, than any that was seen."""
FAR_REACH = 100.0


@dataclass(frozen=True, slots=True)
class NodeTime:
    """Seconds of one node of the graph, as the profile's view has it, by what they go to."""

    name: str
    kind: str
    arithmetic: float
    memory: float
    weights: float
    launches: float

    @property
    def seconds(self) -> float:
        """The seconds of the node: the sum of its four causes."""
        return self.arithmetic + self.memory + self.weights + self.launches

    @property
    def bound(self) -> str:
        """The cause that takes most of the node's time, one of CAUSES."""
        return max(CAUSES, key=lambda each: float(getattr(self, each)))


@dataclass(frozen=True, slots=True)
class Outside:
    """In what way a network is outside of what the profile was fitted to, and whether far outside."""

    sentence: str
    far: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """What a network takes on a device.

    model, device  its name, and that of the profile
    batch          images at once
    seconds        of one batch: rows and constant add up to it
    low, high      between which it lies with `level`; both None where the profile has no evidence
    constant       what every batch takes, whatever the network
    rows           a node each, in the order of the graph
    outside        how it differs from all that the profile was fitted to; empty for most networks
    complete       whether every operator was costed; else seconds are a lower bound
    """

    model: str
    device: str
    batch: int
    seconds: float
    low: float | None
    high: float | None
    level: float
    constant: float
    rows: tuple[NodeTime, ...]
    outside: tuple[Outside, ...]
    complete: bool

    @property
    def images_per_second(self) -> float:
        """batch / seconds"""
        return self.batch / self.seconds


def predict_seconds(graph: Graph, profile: DeviceProfile, batch: int = 1) -> Prediction:
    """What a network takes on a device.

    batch  images at once, whatever batch the graph has

    seconds of a node = Σ over terms: coefficient · amount
    """
    listed = works(graph, profile.view, batch / graph.input_shape[0])
    coefficients = rates(profile)
    rows = tuple(time_of(work, coefficients) for work in listed)
    constant = coefficients.get("constant", 0.0)
    seconds = constant + sum(row.seconds for row in rows)
    outside = tuple(differences(amounts(listed), coefficients, profile, batch, seconds)) if seconds else ()
    low, high, level = interval(profile.evidence, widened=bool(outside))
    return Prediction(
        model=graph.model,
        device=profile.name,
        batch=batch,
        seconds=seconds,
        low=low and low * seconds,
        high=high and high * seconds,
        level=level,
        constant=constant,
        rows=rows,
        outside=outside,
        complete=graph.complete,
    )


def rates(profile: DeviceProfile) -> Mapping[str, float]:
    """The coefficients of a profile, with those of kinds of work that none of its networks had.

    Work that was never seen is not free: it takes as long as the middle one of the kinds that were. A
    profile that was written by hand is left as it is.
    """
    if profile.seen is None:
        return profile.coefficients
    found = dict(profile.coefficients)
    for first in ("arithmetic", "memory", "launches"):
        terms = [term for term in TERMS if term.startswith(f"{first}.")]
        if known := [found[term] for term in terms if found.get(term, 0.0) > 0]:
            found = {**dict.fromkeys(terms, median(known)), **found}
    return found


def time_of(work: Work, coefficients: Mapping[str, float]) -> NodeTime:
    """Seconds of one node."""
    spent = dict.fromkeys(CAUSES, 0.0)
    for term, amount in work.amounts.items():
        spent[cause(term)] += coefficients.get(term, 0.0) * amount
    return NodeTime(work.name, work.kind, **spent)


def interval(evidence: Evidence | None, *, widened: bool) -> tuple[float | None, float | None, float]:
    """The ends of the interval over the prediction, and its level."""
    if evidence is None:
        return None, None, 0.0
    power = evidence.outside if widened else 1.0
    return evidence.low**power, evidence.high**power, evidence.level


def differences(
    amounts: Mapping[str, float],
    coefficients: Mapping[str, float],
    profile: DeviceProfile,
    batch: int,
    seconds: float,
) -> Iterator[Outside]:
    """In what ways a network of so much work is outside of what was seen, at the rates of the profile."""
    seen = profile.seen
    if seen is None:
        return
    for term, share in shares(amounts, coefficients, seconds).items():
        most = seen.shares.get(term, 0.0)
        if share > NEAR * most + ROOM:
            yield Outside(
                f"{term} is {share:.0%} of the predicted time, and {most:.0%} was the most that was seen",
                share > most + FAR_SHARE,
            )
    yield from beyond(seen, batch, seconds)


def beyond(seen: Seen, batch: int, seconds: float) -> Iterator[Outside]:
    """In what way the batch or its predicted time is out of the range that was seen."""
    least, most = seen.batch
    if not least <= batch <= most:
        shown = f"{least}" if least == most else f"{least} to {most}"
        yield Outside(f"a batch of {batch}, and batches of {shown} were seen", False)
    shortest, longest = seen.seconds
    distance = max(shortest / seconds, seconds / longest)
    if distance > REACH:
        yield Outside(
            f"{duration(seconds)} a batch, and {duration(shortest)} to {duration(longest)} were seen",
            distance > FAR_REACH,
        )


def shares(
    amounts: Mapping[str, float], coefficients: Mapping[str, float], seconds: float
) -> dict[str, float]:
    """The share that each term has of the predicted time, without the constant."""
    spent = {term: coefficients.get(term, 0.0) * amount for term, amount in amounts.items()}
    return {term: value / seconds for term, value in spent.items() if term != "constant"}
