"""The table of rules: its names are PyTorch's."""

import torch

import archlens.recorder.rules  # noqa: F401  # fills the table
from archlens.recorder.rules import table


def test_every_name_is_an_operator_of_pytorch() -> None:
    """But four, which stand for all others. Some operators are there in place only."""
    names = {name if "::" in name else f"aten::{name}" for name in table._rules}
    unknown = set()
    for name in names:
        namespace, _, operator = name.partition("::")
        found = getattr(torch.ops, namespace)
        if not hasattr(found, operator) and not hasattr(found, f"{operator}_"):
            unknown.add(operator)
    assert unknown == {"unknown", "user's", "higher order", "composite"}
