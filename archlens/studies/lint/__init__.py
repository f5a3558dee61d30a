"""What a reader of the ShuffleNet V2 paper would say about a network (Ma et al., arXiv 1807.11164, §2)."""

from archlens.studies.lint.finding import (
    GUIDELINES,
    Finding,
    Guideline,
    Pair,
    Place,
    guideline_named,
    guidelines_named,
)
from archlens.studies.lint.lint import LEAST, Lint, lint
from archlens.studies.lint.scores import KNOWN

__all__ = [
    "GUIDELINES", "KNOWN", "LEAST", "Finding", "Guideline", "Lint", "Pair", "Place", "guideline_named",
    "guidelines_named", "lint",
]  # fmt: skip
