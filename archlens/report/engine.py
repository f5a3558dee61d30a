"""What networks cost that are known as sections, as those of the catalogue: no graph is made of them."""

from collections.abc import Iterable
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

__all__ = ["OF_SECTIONS", "Engine", "in_series", "metrics_of"]

PEAKS = frozenset({"peak_activations", "peak_activations_bytes"})
OF_SECTIONS = frozenset(BY_KEY) - {*SEVERAL_NUMBERS, *GROUPS["receptive_field"], *GROUPS["peak"]} | PEAKS
"""What the sections of a network tell; for the rest it takes the whole graph."""


def in_series(section: Section) -> bool:
    """Whether nothing of a network comes behind its main output: only then sections tell what it costs."""
    return section.end == len(section.entries)


def metrics_of(
    section: Section, segments: Segments, asked: Iterable[str], dtype: str = "float32"
) -> dict[str, Any]:
    """Those of the metrics asked for that sections tell, of a network in series, as `profile` has them.

    segments  what is known of sections that it shares with others
    """
    keys = [key for key in asked if key in OF_SECTIONS]
    if not keys:
        return {}
    found = measures(section, segments, folded="fused_kernels" in keys, stored=not PEAKS.isdisjoint(keys))
    return {key: BY_KEY[key].value(found, DTYPES[dtype]) for key in keys}


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
        """Whether sections tell all these metrics."""
        return in_series(section) and asked <= OF_SECTIONS

    def metrics(self, section: Section, asked: set[str]) -> dict[str, Any]:
        """Metrics of a network whose sections tell them, in float32, as `profile` has them."""
        return metrics_of(section, self._segments, (key for key in BY_KEY if key in asked))
