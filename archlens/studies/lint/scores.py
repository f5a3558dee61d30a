"""How far a network is from each guideline, in one number a guideline, and where known networks stand."""

from collections.abc import Mapping, Sequence

from archlens.analyses import fragmentation, totals
from archlens.graph import Graph
from archlens.studies.lint.element_wise import element_wise_access
from archlens.studies.lint.finding import Finding, Guideline

__all__ = ["KNOWN", "scores"]

Scores = Mapping[Guideline, float | None]

KNOWN: Mapping[str, Mapping[Guideline, float]] = {
    "vgg16": {"g1": 1.00, "g2": 1.00, "g3": 1.00, "g4": 1.00},
    "resnet50": {"g1": 1.04, "g2": 1.00, "g3": 1.08, "g4": 1.34},
    "mobilenet_v2": {"g1": 1.12, "g2": 1.00, "g3": 1.00, "g4": 1.04},
    "shufflenet_v1_g3": {"g1": 1.06, "g2": 1.14, "g3": 1.06, "g4": 1.70},
    "shufflenet_v2_x1_0": {"g1": 1.00, "g2": 1.00, "g3": 1.12, "g4": 1.49},
    "nasnet_a_mobile": {"g1": 1.02, "g2": 1.00, "g3": 4.29, "g4": 1.84},
}
"""The scores of well-known networks, to two decimals."""


def scores(folded: Graph, unequal: Sequence[Finding], grouped: Sequence[Finding]) -> Scores:
    """A score for each guideline: 1 for a network that follows it, more for one that does not. No units.

    g1 = M / (M − S₁)     M is the memory access of the folded network, S₁ what equal widths would save in
                          all of the layers that `unequal_widths` looks at
    g2 = M / (M − S₂)     S₂ is what dense layers in place of group convolutions would save
    g3 = F / D            F fragments, of which D run one after the other on the longest chain: how many
                          convolutions and pools there are for every one that there has to be
    g4 = M / (M − E)      E is the memory access of the element-wise operators that the fold leaves

    So g1, g2 and g4 tell how many times the elements are moved that would be moved otherwise. They overlap:
    a layer with groups and unequal widths is in two of them. A score is None where nothing would be left to
    divide by: no fragment, or no memory access. Of a graph that is not complete, the scores are those of what
    was counted.
    """
    moved = totals(folded).memory_access
    broken_up = fragmentation(folded)

    def without(saved: int) -> float | None:
        return moved / (moved - saved) if moved > saved else None

    return {
        "g1": without(sum(finding.saved for finding in unequal)),
        "g2": without(sum(finding.saved for finding in grouped)),
        "g3": broken_up.fragments / broken_up.serial_depth if broken_up.fragments else None,
        "g4": without(element_wise_access(folded)),
    }
