"""Values in expressions, and what may be done with them: bounded, and strict about types."""

import ast
import math
import operator
from collections.abc import Callable

from archlens.errors import ExpressionError
from archlens.spec.read import Value

__all__ = ["BINARY", "FUNCTIONS", "UNARY", "bounded", "divisible", "element", "joined", "show", "truth"]

MAX_NUMBER = 10**15
MAX_EXPONENT = 64
MAX_ELEMENTS = 1_000
MAX_DEPTH = 64


def show(value: Value) -> str:
    """A value as a spec would write it, shortened."""
    if value is None:
        return "null"
    if isinstance(value, tuple):
        text = f"[{', '.join(show(item) for item in value[:20])}{', …' if len(value) > 20 else ''}]"
    else:
        text = str(value).lower() if isinstance(value, bool) else str(value)
    return text if len(text) <= 60 else text[:59] + "…"


def divisible(value: Value, divisor: Value) -> int:
    """The multiple of `divisor` nearest to `value`, but not below 90 % of it.

    How the MobileNet line rounds channels (arXiv 1801.04381, reference implementation).

    >>> divisible(32 * 0.75, 8), divisible(11, 8)
    (24, 16)
    """
    number, step = _number(value), _number(divisor)
    if step < 1 or type(step) is not int:
        raise ExpressionError(f"divisible() to {show(divisor)}: the divisor is a positive integer")
    rounded = max(step, int(number + step / 2) // step * step)
    return rounded + step if rounded < 0.9 * number else rounded


def _smallest(*values: Value) -> Value:
    return min(_number(value) for value in _spread(values))


def _largest(*values: Value) -> Value:
    return max(_number(value) for value in _spread(values))


def _spread(values: tuple[Value, ...]) -> tuple[Value, ...]:
    spread = values[0] if len(values) == 1 and isinstance(values[0], tuple) else values
    if not spread:
        raise ExpressionError("min() or max() of an empty list")
    return spread


def _root(value: Value) -> float:
    if (number := _number(value)) < 0:
        raise ExpressionError(f"sqrt() of the negative {show(value)}")
    return math.sqrt(number)


def _length(value: Value) -> int:
    if not isinstance(value, tuple):
        raise ExpressionError(f"len() of {show(value)}, which is not a list")
    return len(value)


FUNCTIONS: dict[str, tuple[Callable[..., Value], int, int]] = {
    "min": (_smallest, 1, 100),
    "max": (_largest, 1, 100),
    "round": (lambda value: round(_number(value)), 1, 1),
    "ceil": (lambda value: math.ceil(_number(value)), 1, 1),
    "floor": (lambda value: math.floor(_number(value)), 1, 1),
    "sqrt": (_root, 1, 1),
    "len": (_length, 1, 1),
    "divisible": (divisible, 2, 2),
}
"""Each function with the fewest and the most arguments that it takes."""


def _number(value: Value) -> int | float:
    if type(value) is int or type(value) is float:
        return value
    raise ExpressionError(f"{show(value)} is not a number")


def truth(value: Value) -> bool:
    if type(value) is bool:
        return value
    raise ExpressionError(f"{show(value)} is not true or false")


def bounded(value: int | float | complex) -> int | float:
    if isinstance(value, complex):
        raise ExpressionError("the result is not a real number")
    if not -MAX_NUMBER <= value <= MAX_NUMBER:
        raise ExpressionError("the result is larger than 10^15")
    return value


def _elements(value: Value, depth: int = 0) -> int:
    """Elements of a value with those of its lists, where an empty list counts too."""
    if not isinstance(value, tuple):
        return 1
    if depth > MAX_DEPTH:
        raise ExpressionError(f"lists in lists, more than {MAX_DEPTH} deep")
    return 1 + sum([_elements(item, depth + 1) for item in value])


def joined(items: list[Value]) -> Value:
    """A list of these values. Raises an ExpressionError when it is too long or too deep."""
    if len(items) > MAX_ELEMENTS or sum(map(_elements, items)) > MAX_ELEMENTS:
        raise ExpressionError(f"the list has more than {MAX_ELEMENTS} elements")
    return tuple(items)


def _add(left: Value, right: Value) -> Value:
    if isinstance(left, tuple) and isinstance(right, tuple):
        return joined([*left, *right])
    return bounded(_number(left) + _number(right))


def _multiply(left: Value, right: Value) -> Value:
    if isinstance(right, tuple):
        left, right = right, left
    if not isinstance(left, tuple):
        return bounded(_number(left) * _number(right))
    if type(right) is not int:
        raise ExpressionError(f"a list times {show(right)}: only an integer repeats a list")
    if (_elements(left) - 1) * right > MAX_ELEMENTS:
        raise ExpressionError(f"the list has more than {MAX_ELEMENTS} elements")
    return left * right


def _power(left: Value, right: Value) -> Value:
    base, exponent = _number(left), _number(right)
    if abs(exponent) > MAX_EXPONENT:
        raise ExpressionError(f"the exponent {show(exponent)} is larger than {MAX_EXPONENT}")
    return bounded(base**exponent)


def _arithmetic(
    function: Callable[[int | float, int | float], int | float],
) -> Callable[[Value, Value], Value]:
    return lambda left, right: bounded(function(_number(left), _number(right)))


def _ordering(function: Callable[[int | float, int | float], bool]) -> Callable[[Value, Value], Value]:
    return lambda left, right: function(_number(left), _number(right))


def _contains(left: Value, right: Value) -> bool:
    if not isinstance(right, tuple):
        raise ExpressionError(f"{show(right)} is not a list")
    return left in right


BINARY: dict[type[ast.AST], Callable[[Value, Value], Value]] = {
    ast.Add: _add,
    ast.Sub: _arithmetic(operator.sub),
    ast.Mult: _multiply,
    ast.Div: _arithmetic(operator.truediv),
    ast.FloorDiv: _arithmetic(operator.floordiv),
    ast.Mod: _arithmetic(operator.mod),
    ast.Pow: _power,
    ast.Eq: lambda left, right: left == right,
    ast.NotEq: lambda left, right: left != right,
    ast.Lt: _ordering(operator.lt),
    ast.LtE: _ordering(operator.le),
    ast.Gt: _ordering(operator.gt),
    ast.GtE: _ordering(operator.ge),
    ast.In: _contains,
    ast.NotIn: lambda left, right: not _contains(left, right),
}
UNARY: dict[type[ast.AST], Callable[[Value], Value]] = {
    ast.USub: lambda value: -_number(value),
    ast.UAdd: lambda value: _number(value),
    ast.Not: lambda value: not truth(value),
}


def element(value: Value, at: Value) -> Value:
    if not isinstance(value, tuple):
        raise ExpressionError(f"{show(value)} is not a list")
    if type(at) is not int or not -len(value) <= at < len(value):
        raise ExpressionError(f"index {show(at)} is not in a list of {len(value)}")
    return value[at]
