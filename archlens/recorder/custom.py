"""Rules that users give for operators of their own."""

from collections.abc import Callable, Mapping
from typing import Any

from archlens.cost import Cost
from archlens.errors import UsageError
from archlens.ops import Shapes

__all__ = ["CostRule", "custom_rules", "example", "rule"]

CostRule = Callable[[Shapes, Shapes, Mapping[str, Any]], Cost]

custom_rules: dict[str, CostRule] = {}
"""By the operator's name: a rule belongs to the process, as the operator itself does."""


def rule(name: str) -> Callable[[CostRule], CostRule]:
    """The decorator that is public as `archlens.rule`, which documents it."""
    namespace, colons, operator = name.partition("::")
    if not namespace or not colons or not operator:
        raise UsageError(f"{name!r} is no operator: expected its namespace and name, such as 'mylib::op'")

    def add(function: CostRule) -> CostRule:
        custom_rules[name] = function
        return function

    return add


def example(name: str) -> str:
    """How to write the rule of an operator, in ten lines.

    >>> print(example("mylib::op").splitlines()[3])
    @archlens.rule("mylib::op")
    """
    return f'''\
import archlens
from archlens.cost import Cost

@archlens.rule("{name}")
def cost(inputs, outputs, arguments):  # shapes, shapes, and what it was called with by name
    x, y = inputs[0], outputs[0]
    elements = y[0] * y[1]
    return Cost(multiply_adds=elements * x[1], reads=x[0] * x[1], writes=elements)'''
