"""The four guidelines of ShuffleNet V2, applied to a network."""

from collections.abc import Mapping
from dataclasses import dataclass

from archlens.analyses import totals
from archlens.graph import Graph
from archlens.passes import fold
from archlens.studies.lint.element_wise import element_wise_operators
from archlens.studies.lint.finding import Finding, Guideline
from archlens.studies.lint.fragments import fragmented_parts, repeated_fragments
from archlens.studies.lint.groups import grouped_layers
from archlens.studies.lint.scores import scores
from archlens.studies.lint.widths import unequal_widths

__all__ = ["LEAST", "Lint", "lint"]

LEAST = 0.005
"""The share of a network's memory access below which a finding is not worth a word."""


@dataclass(frozen=True, slots=True)
class Lint:
    """The findings and the scores of the four guidelines for one network.

    graph     folded: as it runs at inference
    scores    by guideline; `scores` defines them
    findings  that would save `LEAST` of the memory access or more, those that would save most first
    """

    graph: Graph
    scores: Mapping[Guideline, float | None]
    findings: tuple[Finding, ...]

    @property
    def memory_access(self) -> int:
        """Elements that the folded network moves."""
        return totals(self.graph).memory_access

    def share(self, saved: int) -> float:
        """Some of these elements, as a share."""
        return saved / self.memory_access if self.memory_access else 0.0


def lint(graph: Graph) -> Lint:
    """Fold a graph, and look for what the guidelines of ShuffleNet V2 advise against.

    Batch normalisations and activations that an engine folds away cost nothing here. The common currency is
    memory access, in elements: what a place moves now, less what its alternative would move, both by the
    operators' own cost rules. Alternatives have the multiply-adds of what they stand for, within 5 %.
    Savings of different findings overlap, and that of a layer leaves out what its neighbours would cost.

    Of a graph that is not complete, operators without a rule are left out.
    """
    folded = fold(graph)
    unequal, grouped = unequal_widths(folded), grouped_layers(folded)
    found = (
        *unequal,
        *grouped,
        *fragmented_parts(folded),
        *repeated_fragments(folded),
        *element_wise_operators(folded),
    )
    worth = LEAST * totals(folded).memory_access
    kept = [finding for finding in found if finding.saved >= worth]
    return Lint(
        folded,
        scores(folded, unequal, grouped),
        tuple(sorted(kept, key=lambda finding: (-finding.saved, finding.guideline, finding.subject))),
    )
