"""Expressions: arithmetic over integers, numbers, booleans, strings and lists, always bounded.

Python's own parser reads them; a short list of node types is let through and compiled to
closures. There is no attribute access, no call but to the functions below, and no way to make a
number or a list without bound.
"""

import ast
import re
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from archlens.errors import ExpressionError, nearest
from archlens.ops.operator import Shape
from archlens.spec.read import Value
from archlens.spec.values import BINARY, FUNCTIONS, UNARY, bounded, element, joined, show, truth

__all__ = [
    "Expression",
    "Names",
    "Vocabulary",
    "compile_expression",
    "compile_template",
    "constant",
    "listed",
]

WARNED = re.compile(r"\\|\d[^\W\d]")
"""What the parser may warn of: escapes in strings, and numbers that run into words."""
CHARACTERS_AN_OPERATION = 4
MAX_LENGTH = 400
MAX_NESTING = 40
MAX_SHOWN = 120

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
    """The names that may stand in an expression, and what each of them means.

    names  settings, arguments and loop variables: they have a value when it is evaluated
    words  operators, blocks and option words: they stand for themselves
    """

    names: frozenset[str]
    words: frozenset[str]

    def with_names(self, *names: str) -> "Vocabulary":
        """A vocabulary that knows these names as well."""
        return Vocabulary(self.names.union(names), self.words)


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression: its text, the names it reads, what evaluates it, and in how many operations."""

    text: str
    names: frozenset[str]
    compiled: Evaluate
    operations: int = 0

    def evaluate(self, names: Names, shape: Shape) -> Value:
        """Its value, where `shape` is the incoming tensor's. Raises an ExpressionError with values."""
        try:
            return self.compiled(names, shape)
        except ExpressionError as error:
            known = [f"{name}={show(names[name])}" for name in sorted(self.names) if name in names]
            known += [
                f"{name}={SURROUNDINGS[name](shape)}" for name in sorted(self.names & SURROUNDINGS.keys())
            ]
            values = f" ({', '.join(known)})" if known else ""
            raise ExpressionError(f"{_quoted(self.text)}: {error}{values}") from error


def constant(value: Value) -> Expression:
    """The expression that is always this value."""
    return Expression(show(value), frozenset(), lambda names, shape: value)


def listed(parts: list[Expression]) -> Expression:
    """A YAML list of expressions, as one expression for a list."""
    text = f"[{', '.join(part.text for part in parts)}]"
    used = frozenset[str]().union(*(part.names for part in parts))
    compiled = [part.compiled for part in parts]
    operations = 1 + sum(part.operations for part in parts)
    return Expression(
        text, used, lambda names, shape: joined([part(names, shape) for part in compiled]), operations
    )


def compile_expression(text: str, vocabulary: Vocabulary) -> Expression:
    """Parse an expression; every bare word must be in the vocabulary. Raises an ExpressionError."""
    text = text.strip()
    used: set[str] = set()
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"{text[:40]!r}… is longer than {MAX_LENGTH} characters")
    if text.isidentifier():
        return Expression(text, frozenset({text}), _word(text, vocabulary, used))
    if not text:
        raise ExpressionError("an expression is missing")
    try:
        tree = _parsed(text)
    except (SyntaxError, ValueError, MemoryError, RecursionError, Warning) as error:
        reason = error.msg if isinstance(error, SyntaxError) else "not an expression"
        if "never closed" in reason:
            reason += "; between { } or [ ], quote an expression with commas in it"
        raise ExpressionError(f"{_quoted(text)} cannot be parsed: {reason}") from error
    try:
        compiled = _compile(tree.body, vocabulary, used, 0)
    except ExpressionError as error:
        raise ExpressionError(f"{_quoted(text)}: {error}") from error
    return Expression(text, frozenset(used), compiled, operations=1 + len(text) // CHARACTERS_AN_OPERATION)


def _parsed(text: str) -> ast.Expression:
    """Python's tree of an expression, where what Python only warns of is an error as well."""
    if not WARNED.search(text):
        return ast.parse(text, mode="eval")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return ast.parse(text, mode="eval")


def _quoted(text: str) -> str:
    """An expression as messages show it: enough of it to be found."""
    return repr(text if len(text) <= MAX_SHOWN else text[:MAX_SHOWN] + "…")


REFUSED: dict[type[ast.AST], str] = {
    ast.Attribute: "attribute access",
    ast.Lambda: "a function of one's own",
    ast.JoinedStr: "an f-string",
    ast.NamedExpr: "an assignment",
    ast.Subscript: "a slice",
    ast.Starred: "unpacking",
    ast.Call: "a call that is not function(value, …)",
    ast.Dict: "a mapping",
    ast.Set: "a set",
    **dict.fromkeys((ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp), "a comprehension"),
    ast.Is: "'is'",
    ast.IsNot: "'is not'",
    ast.Invert: "'~'",
    ast.MatMult: "'@'",
    ast.BitAnd: "'&'",
    ast.BitOr: "'|'",
    ast.BitXor: "'^'",
    ast.LShift: "'<<'",
    ast.RShift: "'>>'",
}


def _refused(node: ast.expr) -> str:
    """How an error calls a part of Python that is no part of the language, such as an attribute."""
    match node:
        case ast.Constant(value=value):
            return repr(value)[:40]
        case ast.BinOp(op=op) | ast.UnaryOp(op=op):
            return REFUSED.get(type(op), type(op).__name__)
        case ast.Compare(ops=ops):
            return next(REFUSED[type(op)] for op in ops if type(op) in REFUSED)
        case ast.Call(func=ast.Attribute()):
            return REFUSED[ast.Attribute]
    return REFUSED.get(type(node), f"{type(node).__name__.lower()}")


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
    raise ExpressionError(f"{show(word)} has no value here{nearest(word, known)}")


def _compile(node: ast.expr, vocabulary: Vocabulary, used: set[str], depth: int) -> Evaluate:
    """One closure a node. A ladder rather than a dispatch table: it is the whole grammar at a glance."""
    if depth > MAX_NESTING:
        raise ExpressionError(f"is nested more than {MAX_NESTING} deep")

    def inner(child: ast.expr) -> Evaluate:
        return _compile(child, vocabulary, used, depth + 1)

    match node:
        case ast.Constant(value=int() | float() as number):
            bounded(number)
            return lambda names, shape: number
        case ast.Constant(value=str() | None as word):
            return lambda names, shape: word
        case ast.Name(id=word):
            return _word(word, vocabulary, used)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in BINARY:
            return _apply(BINARY[type(op)], inner(left), inner(right))
        case ast.Compare(left=left, ops=ops, comparators=others) if all(type(op) in BINARY for op in ops):
            steps = [(BINARY[type(op)], inner(other)) for op, other in zip(ops, others, strict=True)]
            return _chained(inner(left), steps)
        case ast.UnaryOp(op=op, operand=operand) if type(op) in UNARY:
            unary, of = UNARY[type(op)], inner(operand)
            return lambda names, shape: unary(of(names, shape))
        case ast.BoolOp(op=op, values=values):
            parts = [inner(value) for value in values]
            combine = all if isinstance(op, ast.And) else any
            return lambda names, shape: combine(truth(part(names, shape)) for part in parts)
        case ast.IfExp(test=test, body=body, orelse=orelse):
            condition, then, otherwise = inner(test), inner(body), inner(orelse)
            return lambda names, shape: (then if truth(condition(names, shape)) else otherwise)(names, shape)
        case ast.Subscript(value=value, slice=at) if not isinstance(at, ast.Slice):
            return _apply(element, inner(value), inner(at))
        case ast.List(elts=elements) | ast.Tuple(elts=elements):
            items = [inner(element) for element in elements]
            return lambda names, shape: joined([item(names, shape) for item in items])
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
            return _call(name, [inner(argument) for argument in arguments])
    raise ExpressionError(f"{_refused(node)} is not part of the language")


def _apply(function: Callable[[Value, Value], Value], left: Evaluate, right: Evaluate) -> Evaluate:
    return lambda names, shape: _binary(function, left(names, shape), right(names, shape))


def _chained(first: Evaluate, steps: list[tuple[Callable[[Value, Value], Value], Evaluate]]) -> Evaluate:
    """`a < b < c`: every operand is evaluated once, and none behind the first comparison that fails."""

    def compare(names: Names, shape: Shape) -> bool:
        left = first(names, shape)
        for holds, operand in steps:
            right = operand(names, shape)
            if not holds(left, right):
                return False
            left = right
        return True

    return compare


def _call(name: str, arguments: list[Evaluate]) -> Evaluate:
    if name not in FUNCTIONS:
        hint = nearest(name, FUNCTIONS) or f"; there are {', '.join(FUNCTIONS)}"
        raise ExpressionError(f"{name[:40]}() is not a function here{hint}")
    function, fewest, most = FUNCTIONS[name]
    if not fewest <= len(arguments) <= most:
        wanted = f"{fewest} argument{'s' if fewest > 1 else ''}{'' if fewest == most else ' or more'}"
        raise ExpressionError(f"{name}() takes {wanted}, not {len(arguments)}")
    return lambda names, shape: function(*(argument(names, shape) for argument in arguments))


TEMPLATE = re.compile(r"\{([^{}]*)\}")


def compile_template(text: str, vocabulary: Vocabulary) -> Expression:
    """A name with expressions in braces: `stage{stage}`."""
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"{text[:40]!r}… is longer than {MAX_LENGTH} characters")
    pieces = TEMPLATE.split(text)
    parts: list[str | Expression] = [
        compile_expression(piece, vocabulary) if index % 2 else piece for index, piece in enumerate(pieces)
    ]
    used = frozenset[str]().union(*(part.names for part in parts if isinstance(part, Expression)))

    def fill(names: Names, shape: Shape) -> Value:
        return "".join(part if isinstance(part, str) else show(part.compiled(names, shape)) for part in parts)

    operations = sum(part.operations for part in parts if isinstance(part, Expression))
    return Expression(text, used, fill, operations)
