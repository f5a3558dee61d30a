"""What networks cost that are known as sections, as those of the catalogue: no graph is made of them."""

from typing import Any

from archlens.analyses.segments import Segments
from archlens.analyses.series import measures
from archlens.analyses.totals import totals_of_sections
from archlens.cost import Cost
from archlens.report.metric import BY_KEY, DTYPES
from archlens.report.metric_name import GROUPS, SEVERAL_NUMBERS
from archlens.spec.catalog import Reference
from archlens.spec.lower import outline
from archlens.spec.memo import Memo
from archlens.spec.section import Section

__all__ = ["Engine"]

PEAKS = frozenset({"peak_activations", "peak_activations_bytes"})
OF_SECTIONS = frozenset(BY_KEY) - {*SEVERAL_NUMBERS, *GROUPS["receptive_field"], *GROUPS["peak"]} | PEAKS
"""What the sections of a network tell; for the rest it takes the whole graph."""


class Engine:
    """What was worked out for some networks and others share: operators, blocks, and what they cost."""

    def __init__(self) -> None:
        self._memo = Memo(thorough=False)
        self._costs: dict[Section, Cost] = {}
        self._segments = Segments()

    def section(self, reference: Reference) -> Section:
        """A network as the sections that it is made of. Raises what lowering raises."""
        return outline(reference.spec, reference.settings({}), memo=self._memo)

    def cost(self, section: Section) -> Cost:
        """What a network costs in all."""
        return totals_of_sections(section, self._costs)

    def tells(self, section: Section, asked: set[str]) -> bool:
        """Whether sections tell all these metrics: nothing comes behind the main output."""
        return section.end == len(section.entries) and asked <= OF_SECTIONS

    def metrics(self, section: Section, asked: set[str]) -> dict[str, Any]:
        """Metrics of a network whose sections tell them, in float32, as `profile` has them."""
        found = measures(
            section, self._segments, folded="fused_kernels" in asked, stored=not PEAKS.isdisjoint(asked)
        )
        return {key: BY_KEY[key].value(found, DTYPES["float32"]) for key in BY_KEY if key in asked}
