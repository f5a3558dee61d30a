"""Items, the sentences of the spec language: a tree of YAML → frozen values that `lower` walks."""

from collections.abc import Callable
from collections.abc import Mapping as Dictionary

from archlens.errors import ExpressionError, nearest
from archlens.ops import OPERATORS
from archlens.spec.entries import Entries
from archlens.spec.expressions import (
    Expression,
    Vocabulary,
    compile_expression,
    compile_template,
    constant,
    listed,
)
from archlens.spec.items import (
    Block,
    Branches,
    Broken,
    Call,
    Chain,
    Choice,
    From,
    Group,
    Item,
    Let,
    Loop,
    Require,
    Tap,
    Use,
)
from archlens.spec.read import Data, Mapping, Scalar, Sequence, Value
from archlens.spec.values import MAX_ELEMENTS, show
from archlens.spec.vocabulary import CALLABLE, JOINS, SIGNATURES, STRUCTURE, mismatch

__all__ = ["ItemParser", "UnusableError", "signature"]


class UnusableError(Exception):
    """An expression was evaluated whose mistake has been reported already."""


class ItemParser(Entries):
    """Parses items against what can be called: operators, shared blocks, the file's own blocks."""

    def __init__(self, file: str, shared: Dictionary[str, Block]) -> None:
        super().__init__(file)
        self.signatures: dict[str, dict[str, bool]] = {
            **SIGNATURES,
            **{name: signature(block) for name, block in shared.items()},
        }
        self.names_read: set[str] = set()

    def chain(self, data: Data, vocabulary: Vocabulary, path: str) -> Chain:
        """A list of items, or one item alone."""
        items = data.items if isinstance(data, Sequence) else (data,)
        chain: list[Item] = []
        for item in items:
            if isinstance(item, Sequence):
                chain.extend(self.chain(item, vocabulary, path))
            else:
                chain.append(self.item(item, vocabulary, path))
        return tuple(chain)

    def item(self, data: Scalar | Mapping, vocabulary: Vocabulary, path: str) -> Item:
        if isinstance(data, Scalar):
            if not isinstance(data.value, str):
                return self.broken(
                    data.line, f"an item is an operator, a block or structure, not {show(data.value)}", path
                )
            return self.call(data.value, None, data.line, vocabulary, path)
        for key, (allowed, form) in FORMS.items():
            if key in data.entries:
                if data.entries.keys() <= allowed:
                    return form(self, data, vocabulary, path)
                extra = next(other for other in data.entries if other not in allowed)
                return self.broken(
                    data.lines[extra], f"{extra} does not go with {key}{nearest(extra, allowed)}", path
                )
        return self.named_call(data, vocabulary, path)

    def named_call(self, data: Mapping, vocabulary: Vocabulary, path: str) -> Item:
        targets = [key for key in data.entries if key != "name"]
        if len(targets) != 1:
            known = [*STRUCTURE, *self.signatures]
            odd = next((key for key in targets if key not in known), "")
            found = " and ".join(targets[:4]) or "only a name" if data.entries else "nothing"
            return self.broken(
                data.line, f"an item holds one operator or block, found {found}{nearest(odd, known)}", path
            )
        name = self.template(data, "name", vocabulary, path) if "name" in data.entries else None
        return self.call(targets[0], data.entries[targets[0]], data.line, vocabulary, path, name)

    def call(
        self,
        target: str,
        arguments: Data | None,
        line: int,
        vocabulary: Vocabulary,
        path: str,
        name: Expression | None = None,
    ) -> Item:
        if target not in self.signatures:
            if target in OPERATORS or target in STRUCTURE:
                return self.broken(line, f"{target} needs its branches or values: {{{target}: …}}", path)
            hint = nearest(target, [*self.signatures, *STRUCTURE])
            return self.broken(line, f"no operator or block is called {show(target)}{hint}", path)
        before = len(self.problems)
        given = self.arguments(arguments, vocabulary, f"{path} ({target})")
        torn = len(self.problems) > before and not all(key.isidentifier() for key, _ in given or ())
        if given is None or torn:  # a comma that tore an expression apart was reported as such
            return Broken(line)
        problem = mismatch(self.signatures[target], [key for key, _ in given])
        if problem:
            return self.broken(line, f"{target} {problem}", path)
        return Call(line, CALLABLE.get(target, target), given, name)

    def use(self, data: Mapping, vocabulary: Vocabulary, path: str) -> Item:
        given = self.arguments(data.entries.get("with"), vocabulary, f"{path} (use)")
        target = self.expression(data.entries["use"], vocabulary, f"{path} (use)")
        name = self.template(data, "name", vocabulary, path) if "name" in data.entries else None
        return Broken(data.line) if given is None else Use(data.line, target, given, name)

    def loop(self, data: Mapping, vocabulary: Vocabulary, path: str) -> Item:
        variables = self.bindings(data, "each", vocabulary, path, chained=False)
        within = vocabulary.with_names(*(name for name, _ in variables))
        name = self.template(data, "name", within, path) if "name" in data.entries else None
        if not variables:
            return self.broken(
                data.line, "each: expected names with their lists, such as {out: widths}", path
            )
        return Loop(data.line, variables, name, self.body(data, within, path, "each"))

    def let(self, data: Mapping, vocabulary: Vocabulary, path: str) -> Item:
        bindings = self.bindings(data, "let", vocabulary, path, chained=True)
        within = vocabulary.with_names(*(name for name, _ in bindings))
        return Let(data.line, bindings, self.body(data, within, path, "let"))

    def choice(self, data: Mapping, vocabulary: Vocabulary, path: str) -> Item:
        condition = self.expression(data.entries["if"], vocabulary, f"{path} (if)")
        if "then" not in data.entries:
            return self.broken(data.line, "if: has no then", path)
        then = self.chain(data.entries["then"], vocabulary, path)
        otherwise = self.chain(data.entries["else"], vocabulary, path) if "else" in data.entries else ()
        return Choice(data.line, condition, then, otherwise)

    def group(self, data: Mapping, vocabulary: Vocabulary, path: str) -> Item:
        if "name" not in data.entries:
            return self.broken(data.line, "do: has no name, each, let or if beside it", path)
        name = self.template(data, "name", vocabulary, path)
        return Group(data.line, name, self.body(data, vocabulary, name.text, "name"))

    def branches(self, data: Mapping, vocabulary: Vocabulary, path: str) -> Item:
        join = next(key for key in JOINS if key in data.entries)
        listed_branches = data.entries[join]
        exactly = JOINS[join].arity
        found = len(listed_branches.items) if isinstance(listed_branches, Sequence) else 0
        if not isinstance(listed_branches, Sequence) or found < 2 or found != (exactly or found):
            wanted = "exactly two" if exactly else "at least two"
            return self.broken(
                data.line, f"{join}: expected a list of {wanted} branches, found {found}", path
            )
        branches = tuple(self.chain(branch, vocabulary, path) for branch in listed_branches.items)
        split = data.entries.get("split")
        parts = self.expression(split, vocabulary, f"{path} (split)") if split else None
        return Branches(data.line, JOINS[join], parts, branches)

    def body(self, data: Mapping, vocabulary: Vocabulary, path: str, beside: str) -> Chain:
        if "do" not in data.entries:
            self.problem(data.line, f"{beside}: has no do", path)
            return (Broken(data.line),)
        return self.chain(data.entries["do"], vocabulary, path)

    def arguments(
        self, data: Data | None, vocabulary: Vocabulary, path: str
    ) -> tuple[tuple[str, Expression], ...] | None:
        if data is None or (isinstance(data, Scalar) and data.value is None):
            return ()
        if not isinstance(data, Mapping):
            self.problem(data.line, "arguments are given by name, such as {out: 64}", path)
            return None
        return tuple(
            (key, self.expression(value, vocabulary, f"{path} {key}")) for key, value in data.entries.items()
        )

    def bindings(
        self, data: Mapping, key: str, vocabulary: Vocabulary, path: str, *, chained: bool
    ) -> tuple[tuple[str, Expression], ...]:
        found = data.entries[key]
        result = []
        for name, value in self.mapping(found, key).items():
            assert isinstance(found, Mapping)
            self.name_free(name, found.lines[name], f"{key}: {name}")
            result.append((name, self.expression(value, vocabulary, f"{path} ({key}) {name}")))
            if chained:
                vocabulary = vocabulary.with_names(name)
        return tuple(result)

    def expression(self, data: Data, vocabulary: Vocabulary, path: str) -> Expression:
        """A value, or an expression for one; one that cannot be compiled stops whatever evaluates it."""
        if isinstance(data, Sequence):
            if len(data.items) > MAX_ELEMENTS:
                self.problem(data.line, f"a list of more than {MAX_ELEMENTS} elements", path)
                return _unusable()
            return listed([self.expression(item, vocabulary, path) for item in data.items])
        if isinstance(data, Mapping):
            self.problem(data.line, "expected a value or an expression, found a mapping", path)
            return _unusable()
        if not isinstance(data.value, str):
            return constant(data.value)
        try:
            return self.noted(compile_expression(data.value, vocabulary))
        except ExpressionError as error:
            self.problem(data.line, str(error), path)
            return _unusable()

    def template(self, data: Mapping, key: str, vocabulary: Vocabulary, path: str) -> Expression:
        found = data.entries[key]
        if not isinstance(found, Scalar) or found.value is None or isinstance(found.value, bool):
            self.problem(data.line, f"{key}: expected a word", path)
            return _unusable()
        try:
            return self.noted(compile_template(str(found.value), vocabulary))
        except ExpressionError as error:
            self.problem(found.line, f"{key}: {error}", path)
            return _unusable()

    def noted(self, expression: Expression) -> Expression:
        """The expression, whose names are kept as read by the file."""
        self.names_read |= expression.names
        return expression


def _tap(parser: ItemParser, data: Mapping, vocabulary: Vocabulary, path: str) -> Item:
    return Tap(data.line, parser.template(data, "tap", vocabulary, path))


def _from(parser: ItemParser, data: Mapping, vocabulary: Vocabulary, path: str) -> Item:
    return From(data.line, parser.template(data, "from", vocabulary, path))


def _require(parser: ItemParser, data: Mapping, vocabulary: Vocabulary, path: str) -> Item:
    condition = parser.expression(data.entries["require"], vocabulary, f"{path} (require)")
    if "message" not in data.entries:
        return parser.broken(data.line, "require: has no message that says what is needed", path)
    return Require(data.line, condition, parser.template(data, "message", vocabulary, path))


Form = Callable[[ItemParser, Mapping, Vocabulary, str], Item]

FORMS: dict[str, tuple[frozenset[str], Form]] = {
    "each": (frozenset({"each", "do", "name"}), ItemParser.loop),
    "let": (frozenset({"let", "do"}), ItemParser.let),
    "if": (frozenset({"if", "then", "else"}), ItemParser.choice),
    "use": (frozenset({"use", "with", "name"}), ItemParser.use),
    "tap": (frozenset({"tap"}), _tap),
    "from": (frozenset({"from"}), _from),
    "require": (frozenset({"require", "message"}), _require),
    **{join: (frozenset({join, "split"}), ItemParser.branches) for join in JOINS},
    "do": (frozenset({"do", "name"}), ItemParser.group),
}
"""The key that tells what an item is, the keys that go with it, and what parses it. The first key wins."""


def signature(block: Block) -> dict[str, bool]:
    """The arguments of a block, each with whether it must be given."""
    return {name: default is None for name, default in block.parameters}


def _unusable() -> Expression:
    def stop(*_: object) -> Value:
        raise UnusableError

    return Expression("", frozenset(), stop)
