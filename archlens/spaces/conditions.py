"""Expressions about a variant, in the language of specs: conditions, and values worked out from others."""

from collections.abc import Iterable, Mapping

from archlens.errors import ExpressionError, UsageError
from archlens.ops.operator import Shape
from archlens.spec.expressions import Expression, Vocabulary, compile_expression
from archlens.spec.read import Value
from archlens.spec.values import truth

__all__ = ["compiled", "holds", "words_in", "worth"]


def compiled(text: str, names: Iterable[str], words: Iterable[str], shown: str) -> Expression:
    """An expression over settings. Raises a UsageError that says how it was given."""
    try:
        return compile_expression(text, Vocabulary(frozenset(names), frozenset(words)))
    except ExpressionError as error:
        raise UsageError(f"{shown}: {error}") from error


def words_in(values: Iterable[Value]) -> frozenset[str]:
    """The words among values and in their lists: in an expression they stand for themselves."""
    found: set[str] = set()
    for value in values:
        if isinstance(value, tuple):
            found |= words_in(value)
        elif isinstance(value, str) and value.isidentifier():
            found.add(value)
    return frozenset(found)


def worth(expression: Expression, names: Mapping[str, Value], shape: Shape) -> Value:
    """What an expression is worth for a variant. Raises a UsageError with the values in it."""
    try:
        return expression.evaluate(names, shape)
    except ExpressionError as error:
        raise UsageError(str(error)) from error


def holds(condition: Expression, names: Mapping[str, Value], shape: Shape) -> bool:
    """Whether a condition does for a variant. Raises a UsageError where it is neither true nor false."""
    try:
        return truth(condition.evaluate(names, shape))
    except ExpressionError as error:
        raise UsageError(str(error)) from error
