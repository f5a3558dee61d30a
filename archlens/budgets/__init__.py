"""Costs under version control: what changed between two networks, and what a network may cost."""

from archlens.budgets.difference import Change, Difference, diff

__all__ = ["Change", "Difference", "diff"]
