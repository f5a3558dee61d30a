"""How far from the front of a sweep a network is: the published one, say, beside its variants."""

from dataclasses import dataclass
from typing import Any

from archlens.devices import find as find_device
from archlens.errors import UsageError
from archlens.spaces.evaluate import Evaluator
from archlens.spaces.figures import Objective, figure
from archlens.spaces.sweep import Found, Sweep

__all__ = ["Compared", "compare", "evaluator_for"]


@dataclass(frozen=True, slots=True)
class Compared:
    """A network beside the front of a sweep.

    model    its reference
    metrics  what it costs, by the keys of the sweep's metrics
    beaten   how many variants of the front are nowhere worse, and better somewhere
    closest  the variant of the front that is furthest ahead in the objective in which it is least ahead;
             None where the front is empty
    factors  by how many times that variant is better, for each objective: 1.25 is a quarter
    """

    model: str
    metrics: dict[str, Any]
    beaten: int
    closest: Found | None
    factors: dict[str, float]

    @property
    def sentence(self) -> str:
        """The comparison in one sentence."""
        own = ", ".join(f"{figure(key).label} {figure(key).show(self.metrics[key])}" for key in self.factors)
        if self.closest is None or not self.beaten:
            return f"{self.model} ({own}): no variant within the budget beats it"
        ahead = ", ".join(
            f"{figure(key).label} {figure(key).show(self.closest.metrics[key])} ({factor:.2f}× better)"
            for key, factor in self.factors.items()
        )
        return (
            f"{self.model} ({own}): {self.beaten} of the front beat it, such as {self.closest.model}: {ahead}"
        )

    def as_dict(self) -> dict[str, Any]:
        """What `--format json` prints of it."""
        closest = None if self.closest is None else self.closest.model
        return {
            "model": self.model, **self.metrics, "beaten_by": self.beaten, "closest": closest,
            "factors": self.factors,
        }  # fmt: skip


def compare(sweep: Sweep, model: str) -> Compared:
    """A network beside the front: evaluated as the variants were, on the same device and at the same batch.

    factor of a variant = min over the objectives of how many times better it is than the network

    The variant with the largest factor is told: a network on the front has none above 1.

    Raises a UsageError for another device than the sweep's, and what finding the model raises.
    """
    own = evaluator_for(sweep, model)({})
    front = sweep.front()
    for each in sweep.objectives:
        if own[each.key] is None:
            raise UsageError(f"{model} has no {figure(each.key).label}")
    ranked = [(times_better(sweep.objectives, found, own), found) for found in front]
    beating = [(factors, found) for factors, found in ranked if beats(factors)]
    best = max(beating or ranked, key=lambda each: min(each[0].values()), default=None)
    factors = best[0] if best else {each.key: 1.0 for each in sweep.objectives}
    return Compared(model, own, len(beating), best[1] if best else None, factors)


def evaluator_for(sweep: Sweep, model: str) -> Evaluator:
    """What evaluates another network as the variants were: on the same device, at the same batch."""
    identity = sweep.store.kept("identity")
    device = find_device(identity["device"][0]) if identity["device"] else None
    return Evaluator(model, sweep.metrics, device, int(identity["batch"]))


def times_better(objectives: tuple[Objective, ...], found: Found, own: dict[str, Any]) -> dict[str, float]:
    """How many times better a variant is than a network, for each objective."""
    factors = {}
    for each in objectives:
        ours, theirs = float(found.metrics[each.key]), float(own[each.key])
        high, low = (ours, theirs) if each.largest else (theirs, ours)
        factors[each.key] = high / low if low else 1.0 if high == low else float("inf")
    return factors


def beats(factors: dict[str, float]) -> bool:
    """Whether a network is nowhere worse than another, and better somewhere."""
    return min(factors.values()) >= 1 and max(factors.values()) > 1
