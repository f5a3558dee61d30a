"""Expressions: arithmetic over integers, numbers, booleans, strings and lists, always bounded.

Python's own parser reads them; a short list of node types is let through and compiled to
closures. There is no attribute access, no call but to the functions below, and no way to make a
number or a list without bound.
"""

import ast
import math
import operator
import re
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from archlens.errors import ExpressionError, nearest
from archlens.ops.operator import Shape
from archlens.spec.read import Value

__all__ = ["Expression", "Names", "Vocabulary", "compile_expression", "constant", "divisible", "listed"]

MAX_LENGTH = 400
MAX_NESTING = 40
MAX_NUMBER = 10**15
MAX_EXPONENT = 64
MAX_ELEMENTS = 10_000

Names = Mapping[str, Value]
Evaluate = Callable[[Names, Shape], Value]

SURROUNDINGS: dict[str, Callable[[Shape], int]] = {
    "in_channels": lambda shape: shape[1] if len(shape) > 1 else 1,
    "in_height": lambda shape: shape[2] if len(shape) > 2 else 1,
    "in_width": lambda shape: shape[3] if len(shape) > 3 else 1,
}
LITERALS: dict[str, Value] = {
    "true": True, "false": False, "True": True, "False": False, "null": None, "None": None
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a bare word may mean where an expression stands.

    names  settings, arguments and loop variables: they have a value when it is evaluated
    words  operators, blocks and option words: they stand for themselves
    """

    names: frozenset[str]
    words: frozenset[str]

    def with_names(self, *names: str) -> "Vocabulary":
        """The same with more names."""
        return Vocabulary(self.names.union(names), self.words)


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression: its text, the names it reads, and what evaluates it."""

    text: str
    names: frozenset[str]
    compiled: Evaluate

    def evaluate(self, names: Names, shape: Shape) -> Value:
        """Its value, where `shape` is the incoming tensor's. Raises an ExpressionError with values."""
        try:
            return self.compiled(names, shape)
        except ExpressionError as error:
            known = [f"{name}={show(names[name])}" for name in sorted(self.names) if name in names]
            known += [f"{name}={SURROUNDINGS[name](shape)}" for name in sorted(self.names & SURROUNDINGS.keys())]
            values = f" ({', '.join(known)})" if known else ""
            raise ExpressionError(f"{self.text!r}: {error}{values}") from error


def constant(value: Value) -> Expression:
    """The expression that is always this value."""
    return Expression(show(value), frozenset(), lambda names, shape: value)


def listed(parts: list[Expression]) -> Expression:
    """A YAML list of expressions, as one expression for a list."""
    text = f"[{', '.join(part.text for part in parts)}]"
    used = frozenset[str]().union(*(part.names for part in parts))
    compiled = [part.compiled for part in parts]
    return Expression(text, used, lambda names, shape: _list([part(names, shape) for part in compiled]))


def compile_expression(text: str, vocabulary: Vocabulary) -> Expression:
    """Parse an expression; every bare word must be in the vocabulary. Raises an ExpressionError."""
    text = text.strip()
    used: set[str] = set()
    if text.isidentifier():
        return Expression(text, frozenset({text}), _word(text, vocabulary, used))
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"{text[:40]!r}… is longer than {MAX_LENGTH} characters")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            tree = ast.parse(text, mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError, Warning) as error:
        reason = error.msg if isinstance(error, SyntaxError) else "not an expression"
        raise ExpressionError(f"{text!r} cannot be parsed: {reason}") from error
    try:
        compiled = _compile(tree.body, vocabulary, used, 0)
    except ExpressionError as error:
        raise ExpressionError(f"{text!r}: {error}") from error
    return Expression(text, frozenset(used), compiled)


def show(value: Value) -> str:
    """A value as a spec would write it, shortened."""
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
        raise ExpressionError("min() or max() of nothing")
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


def _truth(value: Value) -> bool:
    if type(value) is bool:
        return value
    raise ExpressionError(f"{show(value)} is not true or false")


def _bounded(value: int | float | complex) -> int | float:
    if isinstance(value, complex):
        raise ExpressionError("the result is not a real number")
    if not -MAX_NUMBER <= value <= MAX_NUMBER:
        raise ExpressionError("the result is larger than 10^15")
    return value


def _elements(value: Value) -> int:
    return sum(_elements(item) for item in value) if isinstance(value, tuple) else 1


def _list(items: list[Value]) -> Value:
    if sum(_elements(item) for item in items) > MAX_ELEMENTS:
        raise ExpressionError(f"the list has more than {MAX_ELEMENTS} elements")
    return tuple(items)


def _add(left: Value, right: Value) -> Value:
    if isinstance(left, tuple) and isinstance(right, tuple):
        return _list([*left, *right])
    return _bounded(_number(left) + _number(right))


def _multiply(left: Value, right: Value) -> Value:
    if isinstance(right, tuple):
        left, right = right, left
    if not isinstance(left, tuple):
        return _bounded(_number(left) * _number(right))
    if type(right) is not int:
        raise ExpressionError(f"a list times {show(right)}")
    if _elements(left) * right > MAX_ELEMENTS or len(left) * right > MAX_ELEMENTS:
        raise ExpressionError(f"the list has more than {MAX_ELEMENTS} elements")
    return left * right


def _power(left: Value, right: Value) -> Value:
    base, exponent = _number(left), _number(right)
    if abs(exponent) > MAX_EXPONENT:
        raise ExpressionError(f"the exponent {show(exponent)} is larger than {MAX_EXPONENT}")
    return _bounded(base**exponent)


def _arithmetic(function: Callable[[int | float, int | float], int | float]) -> Callable[[Value, Value], Value]:
    return lambda left, right: _bounded(function(_number(left), _number(right)))


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
    ast.Not: lambda value: not _truth(value),
}
REFUSED = {
    ast.Attribute: "attribute access",
    ast.Lambda: "a function of one's own",
    ast.JoinedStr: "an f-string",
    ast.NamedExpr: "an assignment",
    ast.Slice: "a slice",
    ast.Starred: "unpacking",
}


def _binary(apply: Callable[[Value, Value], Value], left: Value, right: Value) -> Value:
    try:
        return apply(left, right)
    except ZeroDivisionError:
        raise ExpressionError("a division by zero") from None
    except OverflowError:
        raise ExpressionError("the result is larger than 10^15") from None


def _word(word: str, vocabulary: Vocabulary, used: set[str]) -> Evaluate:
    used.add(word)
    if word in vocabulary.names:
        return lambda names, shape: names[word]
    if word in SURROUNDINGS:
        surrounding = SURROUNDINGS[word]
        return lambda names, shape: surrounding(shape)
    if word in LITERALS or word in vocabulary.words:
        value = LITERALS.get(word, word)
        return lambda names, shape: value
    known = vocabulary.names | SURROUNDINGS.keys() | vocabulary.words
    raise ExpressionError(f"{word} has no value here{nearest(word, known)}")


def _compile(node: ast.expr, vocabulary: Vocabulary, used: set[str], depth: int) -> Evaluate:  # noqa: PLR0911
    """One closure a node. A ladder rather than a dispatch table: it is the whole grammar at a glance."""
    if depth > MAX_NESTING:
        raise ExpressionError(f"is nested more than {MAX_NESTING} deep")

    def inner(child: ast.expr) -> Evaluate:
        return _compile(child, vocabulary, used, depth + 1)

    match node:
        case ast.Constant(value=int() | float() | str() | None as value):
            if isinstance(value, int | float):
                _bounded(value)
            return lambda names, shape: value
        case ast.Name(id=word):
            return _word(word, vocabulary, used)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in BINARY:
            return _apply(BINARY[type(op)], inner(left), inner(right))
        case ast.Compare(left=left, ops=ops, comparators=others) if all(type(op) in BINARY for op in ops):
            operands = [left, *others]
            steps = [
                _apply(BINARY[type(op)], inner(operands[i]), inner(operands[i + 1])) for i, op in enumerate(ops)
            ]
            return lambda names, shape: all(step(names, shape) for step in steps)
        case ast.UnaryOp(op=op, operand=operand) if type(op) in UNARY:
            unary, of = UNARY[type(op)], inner(operand)
            return lambda names, shape: unary(of(names, shape))
        case ast.BoolOp(op=op, values=values):
            parts = [inner(value) for value in values]
            combine = all if isinstance(op, ast.And) else any
            return lambda names, shape: combine(_truth(part(names, shape)) for part in parts)
        case ast.IfExp(test=test, body=body, orelse=orelse):
            condition, then, otherwise = inner(test), inner(body), inner(orelse)
            return lambda names, shape: (then if _truth(condition(names, shape)) else otherwise)(names, shape)
        case ast.Subscript(value=value, slice=index) if not isinstance(index, ast.Slice):
            return _apply(_index, inner(value), inner(index))
        case ast.List(elts=elements) | ast.Tuple(elts=elements):
            items = [inner(element) for element in elements]
            return lambda names, shape: _list([item(names, shape) for item in items])
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
            return _call(name, [inner(argument) for argument in arguments])
    what = REFUSED.get(type(node), f"a {type(node).__name__.lower()}")
    raise ExpressionError(f"{what} is not part of the language")


def _apply(function: Callable[[Value, Value], Value], left: Evaluate, right: Evaluate) -> Evaluate:
    return lambda names, shape: _binary(function, left(names, shape), right(names, shape))


def _index(value: Value, index: Value) -> Value:
    if not isinstance(value, tuple):
        raise ExpressionError(f"{show(value)} is not a list")
    if type(index) is not int or not -len(value) <= index < len(value):
        raise ExpressionError(f"index {show(index)} is not in a list of {len(value)}")
    return value[index]


def _call(name: str, arguments: list[Evaluate]) -> Evaluate:
    if name not in FUNCTIONS:
        raise ExpressionError(f"{name}() is not a function here{nearest(name, FUNCTIONS)}")
    function, fewest, most = FUNCTIONS[name]
    if not fewest <= len(arguments) <= most:
        wanted = str(fewest) if fewest == most else f"{fewest} or more"
        raise ExpressionError(f"{name}() takes {wanted} arguments, not {len(arguments)}")
    return lambda names, shape: function(*(argument(names, shape) for argument in arguments))


TEMPLATE = re.compile(r"\{([^{}]*)\}")


def compile_template(text: str, vocabulary: Vocabulary) -> Expression:
    """A name with expressions in braces: `stage{stage}`."""
    pieces = TEMPLATE.split(text)
    parts: list[str | Expression] = [
        compile_expression(piece, vocabulary) if index % 2 else piece for index, piece in enumerate(pieces)
    ]
    used = frozenset[str]().union(*(part.names for part in parts if isinstance(part, Expression)))

    def fill(names: Names, shape: Shape) -> Value:
        return "".join(part if isinstance(part, str) else show(part.compiled(names, shape)) for part in parts)

    return Expression(text, used, fill)
