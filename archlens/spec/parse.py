"""A tree of YAML → a Spec, and every mistake that its text alone gives away."""

from collections.abc import Iterable
from collections.abc import Mapping as Dictionary

from archlens.errors import Problem, SpecError, UsageError, nearest
from archlens.ops import OPERATORS
from archlens.quantity import Quantity
from archlens.spec.expressions import Expression, Vocabulary
from archlens.spec.item_parser import ItemParser
from archlens.spec.items import Accuracy, Block, Broken, Chain, Claim, Spec
from archlens.spec.read import Data, Mapping, Scalar, Sequence, Value, plain
from archlens.spec.reference import split_model
from archlens.spec.setting_parser import check_variants, parse_settings
from archlens.spec.settings import INPUT, is_input
from archlens.spec.values import show
from archlens.spec.vocabulary import ACCURACY, CLAIM, METRICS, OPTION_WORDS, PAPER, STRUCTURE, TOP

__all__ = ["parse", "parse_shared_blocks"]


def parse(
    root: Mapping, file: str, shared: Dictionary[str, Block], base: Spec | None = None
) -> tuple[Spec, tuple[Problem, ...]]:
    """The spec and its problems. With problems it can still be lowered, up to its broken items.

    base  the spec that it extends: its settings, blocks and network are there unless the file has others
    """
    parser = _SpecParser(file, shared, base=base)
    return parser.spec(root), tuple(sorted(parser.problems, key=lambda problem: problem.line))


def parse_shared_blocks(root: Mapping, file: str) -> dict[str, Block]:
    """The blocks that every family sees; they see only their own arguments."""
    parser = _SpecParser(file, {}, shared_file=True)
    parser.keys(root, ("blocks",), "the shared file")
    blocks = parser.blocks(root.entries.get("blocks"), frozenset())
    if parser.problems:
        raise SpecError(parser.problems)
    return blocks


class _SpecParser(ItemParser):
    """Parses the parts of a file."""

    def __init__(
        self,
        file: str,
        shared: Dictionary[str, Block],
        *,
        shared_file: bool = False,
        base: Spec | None = None,
    ) -> None:
        super().__init__(file, {**shared, **(base.blocks if base else {})})
        self.shared = shared
        self.shared_file = shared_file
        self.base = base

    def spec(self, root: Mapping) -> Spec:
        self.keys(root, TOP, "a spec")
        entries = root.entries
        base = self.base
        variants = self.variants(entries.get("variants"))
        declared = parse_settings(self, entries.get("settings"), variants, base.declared if base else {})
        check_variants(self, entries.get("variants"), variants, declared)
        settings = {name: setting.default for name, setting in declared.items()}
        shape = base.settings["input"] if base and "input" not in entries else None
        shape = shape or self.input(entries.get("input"), root.line)
        inherited = {**self.shared, **(base.blocks if base else {})}
        blocks = {**inherited, **self.blocks(entries.get("blocks"), frozenset(settings))}
        vocabulary = Vocabulary(frozenset(settings), self.words())
        listed = entries.get("variants")
        own = "network" in entries or base is None
        spec = Spec(
            file=self.file,
            family=self.text(entries.get("family"), "family") or (base.family if base else ""),
            title=self.text(entries.get("title"), "title") or (base.title if base else ""),
            paper=self.paper(entries.get("paper")) or (base.paper if base else {}),
            settings={**settings, "input": shape},
            declared=declared,
            variants=variants,
            variant_lines=listed.lines if isinstance(listed, Mapping) else {},
            aliases=self.aliases(entries.get("aliases"), variants),
            claims=tuple(self.claims(entries.get("claims"), variants)),
            accuracy=dict(self.accuracy(entries.get("accuracy"), variants)),
            blocks=blocks,
            network=self.network(root, vocabulary) if own or base is None else base.network,
            replaced=self.replaced(entries.get("replace"), vocabulary),
            origin="" if own or base is None else base.origin or base.file,
        )
        self.unread(entries.get("settings"))
        return spec

    def unread(self, data: Data | None) -> None:
        """Note every setting that is new to the spec that is extended, and that nothing here reads."""
        if self.base is None or not isinstance(data, Mapping):
            return
        for name in data.entries.keys() - self.base.declared.keys() - self.names_read - {"input"}:
            hint = nearest(name, self.base.declared)
            what = f"settings: {name}: what is extended has none, and nothing here reads it"
            self.problem(data.lines[name], what + hint)

    def network(self, root: Mapping, vocabulary: Vocabulary) -> Chain:
        entries = root.entries
        if "network" in entries:
            network = self.chain(entries["network"], vocabulary, "network")
            return network or (self.broken(entries["network"].line, "network: has no items", ""),)
        if not nearest("network", entries):
            blocks_only = set(entries) == {"blocks"}
            found = "holds blocks only, and has no network" if blocks_only else "has no network"
            self.problem(root.line, found)
        return (Broken(root.line),)

    def replaced(self, data: Data | None, vocabulary: Vocabulary) -> dict[str, Block]:
        """Parts of the network that the file inherits, by their paths, and what stands there instead."""
        found = dict(self.base.replaced) if self.base else {}
        if data is not None and self.base is None:
            self.problem(data.line, "replace: only a spec that extends another one has parts to replace")
        for path, chain in self.mapping(data, "replace").items():
            body = self.chain(chain, vocabulary, path)
            found[path] = Block(path, chain.line, (), body, inline=True, shared=False, file=self.file)
        return found

    def input(self, data: Data | None, line: int, what: str = "input") -> Value:
        shape = self.value(data, what) if data else None
        if not is_input(shape):
            found = f" is {show(shape)}" if data else ""
            self.problem(data.line if data else line, f"{what}{found}: expected {INPUT}")
            return (1,)
        return shape

    def variants(self, data: Data | None) -> dict[str, Dictionary[str, Value]]:
        variants: dict[str, Dictionary[str, Value]] = {}
        for name, overrides in self.mapping(data, "variants").items():
            values = self.values(overrides, f"variant {name}")
            for key in values:
                if key == "input" and isinstance(overrides, Mapping):
                    line = overrides.lines[key]
                    values[key] = self.input(overrides.entries[key], line, f"variant {name}: input")
            variants[name] = values
        return variants

    def aliases(self, data: Data | None, variants: Dictionary[str, object]) -> dict[str, str]:
        aliases = {}
        for name, target in self.mapping(data, "aliases").items():
            meant = self.text(target, f"alias {name}")
            if meant not in variants:
                self.problem(
                    target.line, f"alias {name}: no variant is called {meant}{nearest(meant, variants)}"
                )
            if name in variants:
                self.problem(target.line, f"alias {name}: a variant has that name")
            aliases[name] = meant
        return aliases

    def paper(self, data: Data | None) -> dict[str, str | int]:
        if isinstance(data, Mapping):
            self.keys(data, PAPER, "a paper")
        values = self.values(data, "paper")
        return {key: value for key, value in values.items() if isinstance(value, str | int)}

    def accuracy(
        self, data: Data | None, variants: Dictionary[str, object]
    ) -> Iterable[tuple[str, Accuracy]]:
        if data is not None and not isinstance(data, Sequence):
            self.problem(data.line, "accuracy: expected a list: [{variant: …, top1: 69.4, where: Table 8}]")
        for each in data.items if isinstance(data, Sequence) else ():
            if isinstance(each, Mapping):
                self.keys(each, ACCURACY, "an accuracy")
            values = self.values(each, "an accuracy")
            name, top1, where = (values.get(key) for key in ACCURACY)
            if name not in variants:
                self.problem(each.line, f"accuracy: no variant is called {show(name or '')}")
            elif not isinstance(top1, int | float) or not 0 < top1 < 100 or not isinstance(where, str):
                self.problem(each.line, "accuracy: expected top1 in percent, such as 69.4, and where")
            else:
                yield str(name), Accuracy(float(top1), where)

    def claims(self, data: Data | None, variants: Dictionary[str, object]) -> Iterable[Claim]:
        if data is None:
            return
        if not isinstance(data, Sequence):
            self.problem(data.line, "claims: expected a list: [{variant: …, params: 2.3M, where: Table 5}]")
            return
        for claim in data.items:
            if not isinstance(claim, Mapping):
                self.problem(claim.line, "a claim is a mapping: {variant: …, params: 2.3M, where: Table 5}")
                continue
            self.keys(claim, CLAIM, "a claim")
            yield self.claim(claim, variants)

    def claim(self, data: Mapping, variants: Dictionary[str, object]) -> Claim:
        written = self.text(data.entries.get("variant"), "claim: variant")
        variant, given = self.reference(written, data.line)
        if "variant" not in data.entries:
            self.problem(data.line, "claim: names no variant")
        elif variant not in variants:
            hint = nearest(variant, variants)
            self.problem(data.line, f"claim: no variant is called {show(variant)}{hint}")
        if not data.entries.keys() & set(METRICS) and data.entries.keys() <= set(CLAIM):
            self.problem(data.line, f"claim: has no figure: {' or '.join(METRICS)}")
        counted = data.entries.get("counted")
        if isinstance(counted, Mapping):
            self.keys(counted, METRICS, "counted")
        return Claim(
            variant=variant,
            line=data.line,
            printed=self.figures(data.entries),
            counted=self.figures(self.mapping(counted, "claim: counted")),
            where=self.text(data.entries.get("where"), "claim: where"),
            why=self.text(data.entries.get("why"), "claim: why"),
            open=self.text(data.entries.get("open"), "claim: open"),
            row=self.text(data.entries.get("row"), "claim: row"),
            settings=given,
        )

    def reference(self, written: str, line: int) -> tuple[str, Dictionary[str, Value]]:
        """The variant of a claim and the settings in its brackets."""
        try:
            return split_model(written)
        except UsageError as error:
            self.problem(line, f"claim: {error}")
            return written, {}

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
            line = data.lines[name] if isinstance(data, Mapping) else 0
            self.name_free(name, line, f"block {name}")
            if name in OPERATORS or name in STRUCTURE:
                self.problem(line, f"block {name}: an operator or a key of the language has that name")
            if name in self.shared:
                self.problem(line, f"block {name}: a block that all specs share has that name")
            before = None if name in self.shared else self.signatures.get(name)
            parameters = body.entries.get("arguments") if isinstance(body, Mapping) else None
            self.signatures[name] = {
                key: isinstance(value, Scalar) and value.value == "required"
                for key, value in self.mapping(parameters, f"block {name}: arguments").items()
            }
            if before is not None and (misfit := _unfit(self.signatures[name], before)):
                self.problem(line, f"block {name}: {misfit}, and the block that it replaces is called so")
        return {name: self.block(name, body, settings) for name, body in entries.items()}

    def block(self, name: str, data: Data, settings: frozenset[str]) -> Block:
        entries: Dictionary[str, Data] = {}
        if isinstance(data, Mapping):
            self.keys(data, ("arguments", "do", "inline"), f"block {name}")
            entries = data.entries
        if "do" not in entries:
            self.problem(data.line, f"block {name}: has no do, such as {{do: [relu]}}")
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
            self.problem(data.line, f"block {name}: inline is true or false, not {show(inline)}")
        broken: Chain = (Broken(data.line),)
        body = self.chain(entries["do"], vocabulary, name) if "do" in entries else broken
        return Block(name, data.line, tuple(parameters), body, bool(inline), self.shared_file, file=self.file)

    def words(self) -> frozenset[str]:
        """The words that stand for themselves in an expression: those of options, and the names of blocks."""
        return OPTION_WORDS.union(self.signatures)


def _unfit(own: Dictionary[str, bool], before: Dictionary[str, bool]) -> str:
    """Why calls of the block that stood here before do not fit this one, or nothing."""
    if missing := [name for name in before if name not in own]:
        return f"takes no {missing[0]}"
    needed = [name for name, required in own.items() if required and not before.get(name, False)]
    return f"needs {needed[0]}" if needed else ""
