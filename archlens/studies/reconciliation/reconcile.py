"""Other counters beside ours, each difference in named terms that add up to it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from archlens.analyses import totals
from archlens.errors import MissingDependencyError
from archlens.graph import Graph
from archlens.studies.reconciliation.conventions import CONVENTIONS
from archlens.studies.reconciliation.processes import Count, count
from archlens.studies.reconciliation.terms import Term, terms

try:
    from torch import nn

    from archlens.builder import build
    from archlens.recorder.fake_tensor import ValuesNeededError
    from archlens.recorder.sources import Inputs, made, source
    from archlens.recorder.unallocated import unallocated
    from archlens.studies.reconciliation.calls import calls
    from archlens.studies.reconciliation.counters import Network
except ModuleNotFoundError as error:
    if error.name != "torch":
        raise
    raise MissingDependencyError(
        "other counters need PyTorch, --claim alone does not", extra="torch"
    ) from error

__all__ = ["Difference", "reconcile"]


@dataclass(frozen=True, slots=True)
class Difference:
    """A counter's total beside ours.

    ours   our multiply-adds
    terms  what it counts otherwise, by our graph and its convention
    """

    count: Count
    ours: int
    terms: tuple[Term, ...]

    @property
    def difference(self) -> int | None:
        """Theirs less ours; None where it failed."""
        return None if self.count.total is None else self.count.total - self.ours

    @property
    def unexplained(self) -> int:
        """What the terms leave of the difference."""
        return (self.difference or 0) - sum(term.amount for term in self.terms)


def reconcile(
    graph: Graph,
    counters: Iterable[str],
    *,
    module: str = "",
    settings: Mapping[str, Any] | None = None,
    inputs: Inputs | None = None,
) -> Iterator[Difference]:
    """What each of these counters says of a network, and why that is not what we say.

    module            where the graph was recorded from, `package.module:name`; "" for one to be built
    settings, inputs  with which it was recorded

    Raises a BuildError for a graph that PyTorch cannot hold.
    """
    network = Network(graph, module, settings or {}, inputs or {})
    call = calls(graph, hollow(network))
    ours = totals(graph).multiply_adds
    for each in count(network, counters):
        found = () if each.total is None else terms(graph, CONVENTIONS[each.counter], call)
        yield Difference(each, ours, found)


def hollow(network: Network) -> nn.Module:
    """The module, made without elements in its weights where that works."""
    if not network.source:
        return build(network.graph, device="meta").eval()
    found = source(network.source, network.settings)
    try:
        return made(found, lambda: unallocated(found.make))
    except ValuesNeededError:
        return made(found, found.make)
