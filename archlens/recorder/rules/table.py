"""Which rule turns an ATen operator into nodes."""

from collections.abc import Callable
from functools import cache
from typing import Any

import torch

from archlens.recorder.custom import custom_rules

__all__ = ["Rule", "aten", "rule_for"]

Rule = Callable[..., Any]

_rules: dict[str, Rule] = {}


def aten(*names: str) -> Callable[[Rule], Rule]:
    """Make a function the rule of some operators, in place or not: it gets the call and its arguments."""

    def add(rule: Rule) -> Rule:
        for name in names:
            if name in _rules:
                places = " and ".join(sorted(each.__module__ for each in (rule, _rules[name])))
                raise ValueError(f"{name} has two rules, in {places}: list it in one of them")
            _rules[name] = rule
        return rule

    return add


def rule_for(func: Any) -> tuple[str, Rule, bool]:
    """An operator's name, its rule, and whether it writes into a tensor that it is given."""
    found = looked_up(func)
    if custom_rules and (name := func.name().partition(".")[0]) in custom_rules:
        return name, _rules["user's"], found[2]
    return found


@cache
def looked_up(func: Any) -> tuple[str, Rule, bool]:
    """The built-in rule of an operator, with its name, and whether it writes into a tensor that
    it is given.
    """
    packet = getattr(func, "_overloadpacket", None)
    if packet is None:
        return str(func), _rules["higher order"], False
    name: str = packet._qualified_op_name
    returns = func._schema.returns
    alias = returns[0].alias_info if returns else None
    in_place = alias is not None and alias.is_write
    short = name.removeprefix("aten::")
    if in_place and short.endswith("_") and not short.endswith("__"):
        short = short[:-1]
        if f"{short}_" in _rules:
            return short, _rules[f"{short}_"], True
    if short in _rules:
        return short, _rules[short], in_place
    if torch._C._dispatch_has_kernel_for_dispatch_key(func.name(), "CompositeImplicitAutograd"):
        return name, _rules["composite"], in_place
    if alias is not None and not in_place:
        return short, _rules["view"], False
    return name, _rules["unknown"], in_place
