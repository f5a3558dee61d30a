"""Formulas as people write them: with names, with numbers, and what they come to."""

import re
from collections.abc import Mapping

from archlens.errors import ExpressionError
from archlens.spec.expressions import Expression
from archlens.spec.read import Value
from archlens.spec.values import show

__all__ = ["substituted", "whole", "written"]

SIGNS = ((r"\*\*2\b", "²"), (r"\*\*", "^"), (r"\s*\*\s*", "·"), (r"//", "/"), (r" - ", " − "))
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def written(expression: Expression) -> str:
    """A formula with mathematical signs, such as · for *.

    >>> from archlens.spec.expressions import Vocabulary, compile_expression
    >>> names = Vocabulary(frozenset({"kernel", "channels"}), frozenset())
    >>> written(compile_expression("2 * kernel**2 * channels**2", names))
    '2·kernel²·channels²'
    """
    return _signed(expression.text)


def substituted(expression: Expression, values: Mapping[str, Value]) -> str:
    """A formula with the values in the place of its names."""
    text = NAME.sub(lambda name: show(values[name[0]]) if name[0] in values else name[0], expression.text)
    return _signed(text)


def _signed(text: str) -> str:
    for sign, better in SIGNS:
        text = re.sub(sign, better, text)
    return text


def whole(value: Value) -> int | float:
    """What a formula came to, as an integer where it is one. Raises an ExpressionError if it is no number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ExpressionError(f"{show(value)} is not a number")
    return int(value) if value == int(value) else value
