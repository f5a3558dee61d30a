"""A tree of YAML → a Spec, and every mistake that its text alone gives away."""

from collections.abc import Callable, Iterable, Mapping as Dictionary
from typing import TypeVar

from archlens.errors import ExpressionError, Problem, SpecError, nearest
from archlens.ops import OPERATORS, Add, Concat, Multiply, Op
from archlens.quantity import Quantity
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
    Claim,
    From,
    Group,
    Item,
    Let,
    Loop,
    Spec,
    Tap,
    Use,
)
from archlens.spec.read import Data, Mapping, Scalar, Sequence, Value, plain

__all__ = ["parse", "parse_shared_blocks"]

TOP = ("family", "title", "paper", "input", "settings", "variants", "aliases", "claims", "blocks", "network")
PAPER = ("arxiv", "doi", "year", "title", "authors", "venue", "url")
METRICS = ("params", "multiply_adds")
CLAIM = ("variant", *METRICS, "counted", "where", "why")
JOINS: dict[str, type[Op]] = {"add": Add, "multiply": Multiply, "concat": Concat}
STRUCTURE = ("name", "do", "each", "let", "if", "then", "else", *JOINS, "split", "use", "with", "tap", "from")
NOT_CALLED = {"input", "add", "multiply", "concat", "split", "matrix_product"}
CALLABLE = {kind: op for kind, op in OPERATORS.items() if kind not in NOT_CALLED}
OPTION_WORDS = frozenset[str]().union(*(op.words for op in OPERATORS.values()))

Result = TypeVar("Result")


def parse(root: Mapping, file: str, shared: Dictionary[str, Block]) -> tuple[Spec, tuple[Problem, ...]]:
    """The spec and its problems. With problems it can still be lowered, up to its broken items."""
    parser = _Parser(file, shared)
    return parser.spec(root), tuple(sorted(parser.problems, key=lambda problem: problem.line))


def parse_shared_blocks(root: Mapping, file: str) -> dict[str, Block]:
    """The blocks that every family sees; they see only their own arguments."""
    parser = _Parser(file, {}, shared_file=True)
    parser.keys(root, ("blocks",), "the shared file")
    blocks = parser.blocks(root.entries.get("blocks"), frozenset())
    if parser.problems:
        raise SpecError(parser.problems)
    return blocks


class _Parser:
    """Reads one file; collects problems instead of stopping at the first."""

    def __init__(self, file: str, shared: Dictionary[str, Block], *, shared_file: bool = False) -> None:
        self.file = file
        self.shared = shared
        self.shared_file = shared_file
        self.problems: list[Problem] = []
        self.signatures: dict[str, dict[str, bool]] = {
            **{kind: op.parameters() for kind, op in CALLABLE.items()},
            **{name: _signature(block) for name, block in shared.items()},
        }

    def problem(self, line: int, message: str, path: str = "") -> None:
        self.problems.append(Problem(self.file, line, path, message))

    # ── the parts of a file ──────────────────────────────────────────────────────────────────

    def spec(self, root: Mapping) -> Spec:
        self.keys(root, TOP, "a spec")
        entries = root.entries
        settings = self.values(entries.get("settings"), "settings")
        shape = self.input(entries.get("input"), root.line)
        variants = self.variants(entries.get("variants"), settings)
        blocks = {**self.shared, **self.blocks(entries.get("blocks"), frozenset(settings))}
        network: Chain = ()
        if "network" not in entries:
            self.problem(root.line, f"has no network{nearest('network', entries)}")
        else:
            vocabulary = Vocabulary(frozenset(settings), self.words())
            network = self.chain(entries["network"], vocabulary, "network")
        lines = entries["variants"].lines if isinstance(entries.get("variants"), Mapping) else {}
        return Spec(
            file=self.file,
            family=self.text(entries.get("family"), "family"),
            title=self.text(entries.get("title"), "title"),
            paper=self.paper(entries.get("paper")),
            settings={**settings, "input": shape},
            variants=variants,
            variant_lines=lines,
            aliases=self.aliases(entries.get("aliases"), variants),
            claims=tuple(self.claims(entries.get("claims"), variants)),
            blocks=blocks,
            network=network,
        )

    def input(self, data: Data | None, line: int) -> Value:
        shape = self.value(data, "input") if data else None
        if (
            not isinstance(shape, tuple)
            or not shape
            or any(type(length) is not int or length < 1 for length in shape)
        ):
            at = data.line if data else line
            self.problem(at, "input: expected channels, height and width, such as [3, 224, 224]")
            return (1,)
        return shape

    def variants(
        self, data: Data | None, settings: Dictionary[str, Value]
    ) -> dict[str, Dictionary[str, Value]]:
        variants: dict[str, Dictionary[str, Value]] = {}
        for name, overrides in self.mapping(data, "variants").items():
            values = self.values(overrides, f"variant {name}")
            for key in values.keys() - settings.keys() - {"input"}:
                self.problem(overrides.line, f"variant {name}: no setting is called {key}{nearest(key, settings)}")
            variants[name] = values
        return variants

    def aliases(self, data: Data | None, variants: Dictionary[str, object]) -> dict[str, str]:
        aliases = {}
        for name, target in self.mapping(data, "aliases").items():
            meant = self.text(target, f"alias {name}")
            if meant not in variants:
                self.problem(target.line, f"alias {name}: no variant is called {meant}{nearest(meant, variants)}")
            if name in variants:
                self.problem(target.line, f"alias {name}: a variant has that name")
            aliases[name] = meant
        return aliases

    def paper(self, data: Data | None) -> dict[str, str | int]:
        if isinstance(data, Mapping):
            self.keys(data, PAPER, "a paper")
        values = self.values(data, "paper")
        return {key: value for key, value in values.items() if isinstance(value, str | int)}

    def claims(self, data: Data | None, variants: Dictionary[str, object]) -> Iterable[Claim]:
        if data is None:
            return
        for claim in data.items if isinstance(data, Sequence) else ():
            if not isinstance(claim, Mapping):
                self.problem(claim.line, "a claim is a mapping: {variant: …, params: 2.3M, where: Table 5}")
                continue
            self.keys(claim, CLAIM, "a claim")
            variant = self.text(claim.entries.get("variant"), "variant")
            if variant not in variants:
                self.problem(claim.line, f"claim: no variant is called {variant}{nearest(variant, variants)}")
            counted = claim.entries.get("counted")
            yield Claim(
                variant=variant,
                line=claim.line,
                printed=self.figures(claim.entries),
                counted=self.figures(counted.entries) if isinstance(counted, Mapping) else {},
                where=self.text(claim.entries.get("where"), "where"),
                why=self.text(claim.entries.get("why"), "why"),
            )

    def figures(self, entries: Dictionary[str, Data]) -> dict[str, Quantity]:
        figures = {}
        for metric in METRICS:
            if (data := entries.get(metric)) is None:
                continue
            try:
                figures[metric] = Quantity.parse(str(plain(data)))
            except ValueError as error:
                self.problem(data.line, f"claim: {metric}: {error}")
        return figures

    def blocks(self, data: Data | None, settings: frozenset[str]) -> dict[str, Block]:
        entries = self.mapping(data, "blocks")
        for name, body in entries.items():
            if name in OPERATORS or name in STRUCTURE:
                self.problem(body.line, f"block {name}: an operator or a key of the language has that name")
            parameters = body.entries.get("arguments") if isinstance(body, Mapping) else None
            self.signatures[name] = {
                key: isinstance(value, Scalar) and value.value == "required"
                for key, value in self.mapping(parameters, f"block {name}: arguments").items()
            }
        return {name: self.block(name, body, settings) for name, body in entries.items()}

    def block(self, name: str, data: Data, settings: frozenset[str]) -> Block:
        entries: Dictionary[str, Data] = {}
        if isinstance(data, Mapping):
            self.keys(data, ("arguments", "do", "inline"), f"block {name}")
            entries = data.entries
        if "do" not in entries:
            self.problem(data.line, f"block {name}: has no do")
        vocabulary = Vocabulary(settings, self.words())
        parameters: list[tuple[str, Expression | None]] = []
        for key, required in self.signatures[name].items():
            arguments = entries["arguments"]
            assert isinstance(arguments, Mapping)
            self.name_free(key, arguments.lines[key], f"block {name}: argument {key}")
            default = (
                None if required else self.expression(arguments.entries[key], vocabulary, f"{name}: {key}")
            )
            parameters.append((key, default))
            vocabulary = vocabulary.with_names(key)
        inline = self.value(entries["inline"], "inline") if "inline" in entries else False
        if type(inline) is not bool:
            self.problem(data.line, f"block {name}: inline is true or false, not {inline}")
        body = self.chain(entries["do"], vocabulary, name) if "do" in entries else ()
        return Block(name, data.line, tuple(parameters), body, bool(inline), self.shared_file)

    # ── items ────────────────────────────────────────────────────────────────────────────────

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
                return self.broken(data.line, f"an item is an operator, a block or structure, not {data.value}", path)
            return self.call(data.value, None, data.line, vocabulary, path)
        keys = set(data.entries)
        forms: tuple[tuple[str, set[str], Callable[[Mapping, Vocabulary, str], Item]], ...] = (
            ("each", {"each", "do", "name"}, self.loop),
            ("let", {"let", "do"}, self.let),
            ("if", {"if", "then", "else"}, self.choice),
            ("use", {"use", "with", "name"}, self.use),
            ("tap", {"tap"}, lambda item, words, at: Tap(item.line, self.template(item, "tap", words, at))),
            ("from", {"from"}, lambda item, words, at: From(item.line, self.template(item, "from", words, at))),
            *((join, {join, "split"}, self.branches) for join in JOINS),
            ("do", {"do", "name"}, self.group),
        )
        for key, allowed, form in forms:
            if key in keys:
                if keys <= allowed:
                    return form(data, vocabulary, path)
                extra = min(keys - allowed)
                return self.broken(data.line, f"{extra} does not go with {key}{nearest(extra, allowed)}", path)
        return self.named_call(data, vocabulary, path)

    def named_call(self, data: Mapping, vocabulary: Vocabulary, path: str) -> Item:
        targets = [key for key in data.entries if key != "name"]
        if len(targets) != 1:
            known = [*STRUCTURE, *self.signatures]
            odd = next((key for key in targets if key not in known), "")
            found = ", ".join(targets) or "only a name"
            return self.broken(data.line, f"an item holds one operator or block, found {found}{nearest(odd, known)}", path)
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
            if target in NOT_CALLED or target in STRUCTURE:
                return self.broken(line, f"{target} needs its branches or values: {{{target}: …}}", path)
            known = [*self.signatures, *STRUCTURE]
            return self.broken(line, f"no operator or block is called {target}{nearest(target, known)}", path)
        given = self.arguments(arguments, vocabulary, f"{path} ({target})")
        if given is None:
            return Broken(line)
        problem = mismatch(self.signatures[target], [key for key, _ in given])
        if problem:
            return self.broken(line, f"{target}: {problem}", path)
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
            return self.broken(data.line, "each: expected names with their lists, such as {out: widths}", path)
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
        if not isinstance(listed_branches, Sequence) or len(listed_branches.items) < 2:
            return self.broken(data.line, f"{join}: expected a list of at least two branches", path)
        branches = tuple(self.chain(branch, vocabulary, path) for branch in listed_branches.items)
        split = data.entries.get("split")
        parts = self.expression(split, vocabulary, f"{path} (split)") if split else None
        return Branches(data.line, JOINS[join], parts, branches)

    def body(self, data: Mapping, vocabulary: Vocabulary, path: str, beside: str) -> Chain:
        if "do" not in data.entries:
            self.problem(data.line, f"{beside}: has no do", path)
            return (Broken(data.line),)
        return self.chain(data.entries["do"], vocabulary, path)

    # ── their pieces ─────────────────────────────────────────────────────────────────────────

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
            return listed([self.expression(item, vocabulary, path) for item in data.items])
        if isinstance(data, Mapping):
            self.problem(data.line, "expected a value or an expression, found a mapping", path)
            return _unusable()
        if not isinstance(data.value, str):
            return constant(data.value)
        try:
            return compile_expression(data.value, vocabulary)
        except ExpressionError as error:
            self.problem(data.line, str(error), path)
            return _unusable()

    def template(self, data: Mapping, key: str, vocabulary: Vocabulary, path: str) -> Expression:
        found = data.entries[key]
        if not isinstance(found, Scalar) or found.value is None or isinstance(found.value, bool):
            self.problem(data.line, f"{key}: expected a word", path)
            return _unusable()
        try:
            return compile_template(str(found.value), vocabulary)
        except ExpressionError as error:
            self.problem(found.line, f"{key}: {error}", path)
            return _unusable()

    def name_free(self, name: str, line: int, what: str) -> None:
        if not name.isidentifier() or not name.isascii():
            self.problem(line, f"{what}: a name is made of letters, digits and _")
        elif name in ("in_channels", "in_height", "in_width"):
            self.problem(line, f"{what}: {name} always means the incoming tensor")

    def words(self) -> frozenset[str]:
        return OPTION_WORDS.union(self.signatures)

    def keys(self, data: Mapping, known: Iterable[str], what: str) -> None:
        for key in data.entries:
            if key not in known:
                self.problem(data.lines[key], f"{what} has no key {key}{nearest(key, known)}")

    def mapping(self, data: Data | None, what: str) -> Dictionary[str, Data]:
        if isinstance(data, Mapping):
            return data.entries
        if data is not None and not (isinstance(data, Scalar) and data.value is None):
            self.problem(data.line, f"{what}: expected a mapping, such as {{name: …}}")
        return {}

    def values(self, data: Data | None, what: str) -> dict[str, Value]:
        entries = self.mapping(data, what)
        return {key: self.value(item, f"{what}: {key}") for key, item in entries.items()}

    def value(self, data: Data, what: str) -> Value:
        try:
            return plain(data)
        except ValueError as error:
            self.problem(data.line, f"{what}: {error}")
            return None

    def text(self, data: Data | None, what: str) -> str:
        if data is None:
            return ""
        if not isinstance(data, Scalar) or data.value is None:
            self.problem(data.line, f"{what}: expected text")
            return ""
        return str(data.value)

    def broken(self, line: int, message: str, path: str) -> Broken:
        self.problem(line, message, path)
        return Broken(line)


class UnusableError(Exception):
    """An expression was evaluated whose mistake has been reported already."""


def _unusable() -> Expression:
    def stop(names: object, shape: object) -> Value:
        raise UnusableError

    return Expression("", frozenset(), stop)


def _signature(block: Block) -> dict[str, bool]:
    return {name: default is None for name, default in block.parameters}


def mismatch(signature: Dictionary[str, bool], given: list[str]) -> str:
    """What is wrong with the names of the given arguments, or nothing."""
    for name in given:
        if name not in signature:
            takes = ", ".join(signature) or "none"
            return f"has no argument {name}{nearest(name, signature) or f' (it takes {takes})'}"
    missing = [name for name, required in signature.items() if required and name not in given]
    return f"needs {' and '.join(missing)}" if missing else ""
