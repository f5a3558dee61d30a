"""One HTML file to explore networks in: it loads nothing, and every view derives from one set of data."""

from archlens.report.page.measured import Measured, read_measured
from archlens.report.page.model import Model, catalogue
from archlens.report.page.sweep import variants
from archlens.report.page.write import page

__all__ = ["Measured", "Model", "catalogue", "page", "read_measured", "variants"]
