"""Graph → numbers, a file an analysis. None of them knows an operator by name."""

from archlens.analyses.analysis import Analysis, Measures, analyse
from archlens.analyses.element_wise import element_wise_share, rows_by_work
from archlens.analyses.fragmentation import Fragmentation, fragmentation, fragmentation_by_part
from archlens.analyses.layers import layers
from archlens.analyses.memory_access import LayerAccess, MemoryAccess, memory_access
from archlens.analyses.peak_activations import Peak, PeakActivations, peak_activations
from archlens.analyses.receptive_field import ReceptiveField, ReceptiveFields, receptive_fields
from archlens.analyses.totals import Row, rows_by_operator, rows_by_stage, totals

__all__ = [
    "Analysis",
    "Fragmentation",
    "LayerAccess",
    "Measures",
    "MemoryAccess",
    "Peak",
    "PeakActivations",
    "ReceptiveField",
    "ReceptiveFields",
    "Row",
    "analyse",
    "element_wise_share",
    "fragmentation",
    "fragmentation_by_part",
    "layers",
    "memory_access",
    "peak_activations",
    "receptive_fields",
    "rows_by_operator",
    "rows_by_stage",
    "rows_by_work",
    "totals",
]
