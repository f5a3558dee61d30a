"""A saving as its file describes it: settings, networks and formulas."""

from dataclasses import dataclass
from pathlib import Path

from archlens.errors import ExpressionError, Problem, SpecError, UsageError, nearest
from archlens.spec.catalog import shared_blocks
from archlens.spec.expressions import Expression, Vocabulary, compile_expression, compile_template
from archlens.spec.items import Spec
from archlens.spec.parse import parse
from archlens.spec.read import Data, Mapping, Scalar, Sequence, plain, read_file
from archlens.spec.values import show

__all__ = ["ENTRIES", "Entry", "Formula", "Network", "entry_names", "find_entry"]

ENTRIES = Path(__file__).parent / "entries"
NO_WORDS = frozenset[str]()


@dataclass(frozen=True, slots=True)
class Network:
    """One of the networks that a saving sets side by side.

    name      what formulas call it; `title` what people do, with settings in braces
    spec      its layers, or None for a network of the catalogue
    model     the network of the catalogue, or ""
    settings  what is set in that
    input     shape of one image, empty for the catalogue's own
    rows      the parts of it that are meant, all when empty
    times     how many images make one answer: crops of one
    """

    name: str
    title: Expression
    spec: Spec | None
    model: str
    settings: tuple[tuple[str, Expression], ...]
    input: tuple[Expression, ...]
    rows: tuple[str, ...]
    times: Expression


@dataclass(frozen=True, slots=True)
class Formula:
    """What a count must be: `metric` of the network `of`, or of its `rows`, as a closed form.

    over     a network: the formula is for the count over that network's
    less     a network: the formula is for what is left of `of` without it
    unit     how a quotient is written: × or %
    printed  the figure that the source prints, `where`, and `why` it is another
    """

    of: str
    metric: str
    closed: Expression
    rows: tuple[str, ...] = ()
    less: str = ""
    over: str = ""
    unit: str = ""
    printed: str = ""
    where: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A saving: what is set beside what, for which settings, and by which arithmetic.

    what      the cheaper block and what it stands for, with settings in braces
    year      of the paper; `source` names it, with section, equation or table
    settings  each with the expression of its default, which may use those before it
    derived   names for values that follow from the settings
    requires  conditions that the settings must meet
    networks  the first is the baseline, the second what saves; others stand beside them
    remarks   what a reader should know
    """

    name: str
    what: Expression
    year: int
    source: str
    settings: tuple[tuple[str, Expression], ...]
    derived: tuple[tuple[str, Expression], ...]
    requires: tuple[Expression, ...]
    networks: tuple[Network, ...]
    formulas: tuple[Formula, ...]
    remarks: tuple[str, ...]


def entry_names() -> tuple[str, ...]:
    """The name of every saving, in alphabetical order."""
    return tuple(sorted(path.stem for path in ENTRIES.glob("*.yaml")))


def find_entry(name: str) -> Entry:
    """A saving by its name. Raises a UsageError with the nearest one."""
    known = entry_names()
    if name not in known:
        hint = nearest(name, known) or "; `archlens savings` lists all"
        raise UsageError(f"no saving is called {show(name)}{hint}")
    return _Reader(name, read_file(ENTRIES / f"{name}.yaml")).entry()


class _Reader:
    """Turns the tree of one file into an entry; a mistake in it is a SpecError."""

    def __init__(self, name: str, root: Mapping) -> None:
        self.name = name
        self.root = root
        self.names = NO_WORDS

    def entry(self) -> Entry:
        settings = self.bindings(self.root, "settings")
        derived = self.bindings(self.root, "derived")
        networks = self.mapping(self.root, "networks")
        return Entry(
            name=self.name,
            what=self.template(self.root, "what"),
            year=int(self.text(self.root, "year")),
            source=self.text(self.root, "source"),
            settings=settings,
            derived=derived,
            requires=tuple(self.expression(text) for text in self.items(self.root, "requires")),
            networks=tuple(self.network(name, self.mapping(networks, name)) for name in networks.entries),
            formulas=self.formulas(networks),
            remarks=self.texts(self.root, "remarks"),
        )

    def network(self, name: str, data: Mapping) -> Network:
        shape = data.entries.get("input", self.root.entries.get("input"))
        return Network(
            name=name,
            title=self.template(data, "title"),
            spec=self.spec(name, data) if "do" in data.entries else None,
            model=self.text(data, "model"),
            settings=tuple(
                (key, self.expression(value)) for key, value in self.mapping(data, "with").entries.items()
            ),
            input=tuple(self.expression(item) for item in shape.items) if isinstance(shape, Sequence) else (),
            rows=self.texts(data, "rows"),
            times=self.expression(data.entries.get("times", Scalar(1, data.line))),
        )

    def spec(self, name: str, data: Mapping) -> Spec:
        """The layers under `do`, as a spec whose settings are all names of the entry."""
        one = Scalar(1, data.line)
        known = Mapping(dict.fromkeys(self.names, one), dict.fromkeys(self.names, data.line), data.line)
        entries: dict[str, Data] = {
            "input": Sequence((one,), data.line),
            "settings": known,
            "network": data.entries["do"],
        }
        if "blocks" in self.root.entries:
            entries["blocks"] = self.root.entries["blocks"]
        root = Mapping(entries, dict.fromkeys(entries, data.line), data.line)
        spec, problems = parse(root, f"{self.name}.yaml", shared_blocks())
        if problems:
            raise SpecError(problems)
        return spec

    def formulas(self, networks: Mapping) -> tuple[Formula, ...]:
        self.names = self.names.union(networks.entries)
        items = self.items(self.root, "formulas")
        return tuple(self.formula(item) for item in items if isinstance(item, Mapping))

    def formula(self, data: Mapping) -> Formula:
        return Formula(
            of=self.text(data, "of"),
            metric=self.text(data, "metric"),
            closed=self.expression(data.entries["is"]),
            rows=self.texts(data, "rows"),
            less=self.text(data, "less"),
            over=self.text(data, "over"),
            unit=self.text(data, "unit"),
            printed=self.text(data, "printed"),
            where=self.text(data, "where"),
            why=self.text(data, "why"),
        )

    def bindings(self, data: Mapping, key: str) -> tuple[tuple[str, Expression], ...]:
        """Names and their expressions, each of which may use the names before it."""
        found = []
        for name, value in self.mapping(data, key).entries.items():
            found.append((name, self.expression(value)))
            self.names = self.names.union((name,))
        return tuple(found)

    def expression(self, data: Data) -> Expression:
        text = str(plain(data))
        try:
            return compile_expression(text, Vocabulary(self.names, NO_WORDS))
        except ExpressionError as error:
            raise SpecError([Problem(f"{self.name}.yaml", data.line, "", str(error))]) from error

    def template(self, data: Mapping, key: str) -> Expression:
        return compile_template(self.text(data, key), Vocabulary(self.names, NO_WORDS))

    def mapping(self, data: Mapping, key: str) -> Mapping:
        found = data.entries.get(key)
        return found if isinstance(found, Mapping) else Mapping({}, {}, data.line)

    def text(self, data: Mapping, key: str) -> str:
        return str(plain(data.entries[key])) if key in data.entries else ""

    def texts(self, data: Mapping, key: str) -> tuple[str, ...]:
        return tuple(str(plain(item)) for item in self.items(data, key))

    def items(self, data: Mapping, key: str) -> tuple[Data, ...]:
        found = data.entries.get(key)
        return found.items if isinstance(found, Sequence) else ()
