"""What else can be asked in Python: each function answers as the command of its name does.

A network is a graph, or what finds one: a name such as "resnet50[groups=32]", a spec, "file.py:Net",
"timm:NAME", a file.
"""

from archlens.answers.changes import check, diff
from archlens.answers.studies import lint, receptive_field, reconcile, savings, verify
from archlens.answers.times import guidelines, measure

__all__ = [
    "check", "diff", "guidelines", "lint", "measure", "receptive_field", "reconcile", "savings", "verify",
]  # fmt: skip
