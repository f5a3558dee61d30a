"""Graph → numbers, a file an analysis. None of them knows an operator by name."""

from archlens.analyses.layers import layers
from archlens.analyses.totals import Row, rows_by_operator, rows_by_stage, totals

__all__ = ["Row", "layers", "rows_by_operator", "rows_by_stage", "totals"]
