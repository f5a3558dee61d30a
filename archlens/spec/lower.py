"""Spec + variant → Graph: loops unrolled, blocks expanded, shapes and costs worked out.

Everything is bounded: the number of steps, of nodes and of nested blocks.
"""

from collections.abc import Mapping, Sequence

from archlens.errors import ExpressionError, SpecError, UsageError, nearest
from archlens.graph import Graph, Node
from archlens.ops import Identity, Input, Op, Shape
from archlens.spec.expansion import Expansion
from archlens.spec.expressions import Expression, Names
from archlens.spec.item_parser import UnusableError, signature
from archlens.spec.items import (
    Branches,
    Broken,
    Call,
    Chain,
    Choice,
    From,
    Group,
    Let,
    Loop,
    Require,
    Spec,
    Structure,
    Tap,
    Use,
)
from archlens.spec.memo import Memo
from archlens.spec.naming import RefusalError, Scope
from archlens.spec.read import Value
from archlens.spec.section import Section, nodes_of
from archlens.spec.settings import INPUT, is_input
from archlens.spec.values import show
from archlens.spec.vocabulary import CALLABLE, SIGNATURES, mismatch
from archlens.spec.wiring import MAX_NODES, pieces

__all__ = ["lower", "outline"]


def lower(
    spec: Spec,
    model: str,
    settings: Mapping[str, Value],
    *,
    batch: int = 1,
    memo: Memo | None = None,
    noted: dict[str, int] | None = None,
) -> Graph:
    """The graph of a spec under the given settings, which hold a value for each of the spec's.

    model     what the graph is called
    settings  values by name, `input` among them: channels, height, width, without the batch
    batch     images at once, the first axis of every shape
    memo      what was worked out for other networks, which this one adds to
    noted     hears the line of the item behind each node, by the node's name

    Raises a SpecError with the line, the path and the values of the first thing that does not fit.
    Items that were reported as broken when the spec was parsed raise an empty SpecError. Raises a
    UsageError for a batch or an input that is none.
    """
    given, section, names = _lowered(spec, settings, batch, memo, noted)
    first = Node(names[0], given, (), section.input, given.cost((), section.input))
    nodes, end = nodes_of(section, first, names)
    fed = {feeding for node in nodes for feeding in node.inputs}
    unread = (position for position in range(1, len(nodes)) if position not in fed and position != end)
    return Graph(model, spec.family, tuple(nodes), (end, *unread))


def outline(
    spec: Spec, settings: Mapping[str, Value], *, batch: int = 1, memo: Memo | None = None
) -> Section:
    """The same network without names, as the sections that it is made of. Raises what `lower` does."""
    return _lowered(spec, settings, batch, memo, None)[1]


def _lowered(
    spec: Spec,
    settings: Mapping[str, Value],
    batch: int,
    memo: Memo | None,
    noted: dict[str, int] | None,
) -> tuple[Op, Section, Sequence[str]]:
    """The input, the section behind it, and the names that both draw."""
    if type(batch) is not int or batch < 1:
        raise UsageError(f"batch={show(batch)}: expected a positive integer")
    shape = settings["input"]
    if not is_input(shape):
        raise UsageError(f"input={show(shape)}: expected {INPUT}")
    known = {name: value for name, value in settings.items() if name != "input"}
    lowering = _Lowering(spec, known, (batch, *shape), memo or Memo(thorough=False), noted)
    try:
        return lowering.network()
    except UnusableError:
        raise SpecError([]) from None
    except RecursionError:
        raise SpecError(
            [lowering.problem("", "is nested too deep: lists in lists, or blocks in blocks")]
        ) from None


class _Lowering(Expansion):
    """One network on its way from items to sections."""

    def __init__(
        self, spec: Spec, settings: Names, fed: Shape, memo: Memo, noted: dict[str, int] | None
    ) -> None:
        super().__init__(spec, settings, fed, memo, noted)
        self.taps: dict[str, int] = {}
        self.parts = set()

    def network(self) -> tuple[Op, Section, Sequence[str]]:
        scope = self.home
        try:
            given = Input(self.shapes[0])
            scope.named("input")
            if self.noted is not None:
                self.noted["input"] = self.line
            end = self.chain(self.spec.network, 0, self.names, scope, fresh=False)
            if unknown := self.spec.replaced.keys() - self.parts:
                path = sorted(unknown)[0]
                hint = nearest(path, self.parts)
                self.line, self.file = self.spec.replaced[path].line, self.spec.replaced[path].file
                raise RefusalError(f"replace: no part of the network is called {path}{hint}")
            if end == 0:
                raise RefusalError("the network has no operators: its input is its output")
        except RefusalError as refusal:
            raise SpecError([self.problem(refusal.what, refusal.message)]) from refusal
        return given, self.closed(end), scope.names

    # ── items ────────────────────────────────────────────────────────────────────────────────

    def chain(self, chain: Chain, at: int, names: Names, scope: Scope, *, fresh: bool) -> int:
        """Run the items one after another from node `at`; the node that comes out.

        fresh  whether the scope was opened for this chain: a block that is its only item takes
               the scope over instead of opening one of its own
        """
        fresh = fresh and len(chain) == 1
        self.step(len(chain), scope)
        for item in chain:
            if not self.within_shared:  # `stand`, spelled out where most of the time goes
                self.line = item.line
            if isinstance(item, Call):
                at = self.call(item.target, item.arguments, item.name, at, names, scope, fresh)
            else:
                at = self.item(item, at, names, scope, fresh)
        return at

    def item(self, item: Structure, at: int, names: Names, scope: Scope, fresh: bool) -> int:
        match item:
            case Branches():
                return self.branches(item, at, names, scope)
            case Choice(condition=condition, then=then, otherwise=otherwise):
                chosen = self.value(condition, at, names, scope, "if")
                if type(chosen) is not bool:
                    found = f"{condition.text!r} is " if condition.names else ""
                    raise RefusalError(f"{found}{show(chosen)}, not true or false", scope.item("if"))
                return self.chain(then if chosen else otherwise, at, names, scope, fresh=fresh)
            case Let(bindings=bindings, body=body):
                inner = dict(names)
                for key, expression in bindings:
                    inner[key] = self.value(expression, at, inner, scope, "let", key)
                return self.chain(body, at, inner, scope, fresh=fresh)
            case Loop():
                return self.loop(item, at, names, scope)
            case Group(name=name, body=body):
                given = scope.named(self.text(name, at, names, scope))
                return self.part(body, at, names, scope, scope.path(given))
            case Use():
                return self.use(item, at, names, scope, fresh)
            case Tap(name=name):
                self.taps[self.tap(name, at, names, scope, "tap")] = at
                return at
            case From(name=name):
                wanted = self.tap(name, at, names, scope, "from")
                if wanted not in self.taps:
                    found = f"no tensor was tapped as {show(wanted)} before{nearest(wanted, self.taps)}"
                    raise RefusalError(found, scope.item("from"))
                return self.taps[wanted]
            case Require():
                self.require(item, at, names, scope)
                return at
            case Broken():
                raise UnusableError

    def loop(self, item: Loop, at: int, names: Names, scope: Scope) -> int:
        columns: dict[str, range | tuple[Value, ...]] = {}
        for key, expression in item.variables:
            value = self.value(expression, at, names, scope, "each", key)
            if type(value) is int and 0 <= value <= MAX_NODES:
                columns[key] = range(value)
            elif isinstance(value, tuple):
                columns[key] = value
            else:
                raise RefusalError(
                    f"{key}={show(value)} is neither a list nor a number of passes from 0 to {MAX_NODES}",
                    scope.item("each"),
                )
        if len({len(column) for column in columns.values()}) > 1:
            lengths = ", ".join(f"{key} has {len(column)}" for key, column in columns.items())
            raise RefusalError(
                f"lists of different lengths cannot be walked side by side: {lengths}", scope.item("each")
            )
        for values in zip(*columns.values(), strict=True):
            self.step(len(columns), scope)
            self.stand(item)
            inner = {**names, **dict(zip(columns, values, strict=True))}
            name = scope.named(self.text(item.name, at, inner, scope)) if item.name else scope.iteration()
            at = self.part(item.body, at, inner, scope, scope.path(name))
        return at

    def require(self, item: Require, at: int, names: Names, scope: Scope) -> None:
        """Go on where the condition holds. Raises a RefusalError with the item's own words elsewhere."""
        holds = self.value(item.condition, at, names, scope, "require")
        if type(holds) is not bool:
            found = f"{item.condition.text!r} is {show(holds)}, not true or false"
            raise RefusalError(found, scope.item("require"))
        if not holds:
            raise RefusalError(self.text(item.message, at, names, scope), scope.prefix)

    def use(self, item: Use, at: int, names: Names, scope: Scope, fresh: bool) -> int:
        wanted = self.value(item.target, at, names, scope, "use")
        blocks = self.spec.blocks
        if not isinstance(wanted, str) or not (wanted in CALLABLE or wanted in blocks):
            hint = nearest(wanted, {*CALLABLE, *blocks}) if isinstance(wanted, str) else ""
            raise RefusalError(
                f"{item.target.text} is {show(wanted)}, no operator or block{hint}", scope.item("use")
            )
        takes = SIGNATURES[wanted] if wanted in SIGNATURES else signature(self.spec.blocks[wanted])
        if problem := mismatch(takes, [name for name, _ in item.arguments]):
            raise RefusalError(f"{wanted} {problem}", scope.item("use"))
        return self.call(CALLABLE.get(wanted, wanted), item.arguments, item.name, at, names, scope, fresh)

    def branches(self, item: Branches, at: int, names: Names, scope: Scope) -> int:
        starts = (at,) * len(item.branches)
        if item.split is not None:
            starts = self.split(item.split, len(item.branches), at, names, scope)
        ends = tuple(
            self.chain(branch, start, names, scope, fresh=False)
            for branch, start in zip(item.branches, starts, strict=True)
        )
        self.stand(item)
        return self.add(item.join, {}, ends, scope, scope.numbered(item.join.kind))

    def split(self, split: Expression, branches: int, at: int, names: Names, scope: Scope) -> tuple[int, ...]:
        """One node a branch: equal parts of the channels, or parts of the sizes in a list."""
        value = self.value(split, at, names, scope, "split")
        kind, parts = pieces(value, branches, self.shapes[at], scope.item("split"))
        return tuple([self.add(kind, part, (at,), scope, scope.numbered(kind.kind)) for part in parts])

    # ── calls ────────────────────────────────────────────────────────────────────────────────

    def call(
        self,
        target: type[Op] | str,
        arguments: tuple[tuple[str, Expression], ...],
        name: Expression | None,
        at: int,
        names: Names,
        scope: Scope,
        fresh: bool,
    ) -> int:
        values: dict[str, Value] = {}
        shape = self.shapes[at]
        try:
            for key, expression in arguments:
                values[key] = expression.compiled(names, shape)
                self.steps += 1 + expression.operations
        except ExpressionError:
            kind = target if isinstance(target, str) else target.kind
            self.value(expression, at, names, scope, kind, key)  # again, for a message with values
        given = scope.named(self.text(name, at, names, scope)) if name else None
        if isinstance(target, str):
            return self.expand(self.spec.blocks[target], values, given, at, scope, fresh)
        if target is Identity:
            return at
        return self.add(target, values, (at,), scope, given or scope.numbered(target.kind))
