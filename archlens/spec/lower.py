"""Spec + variant → Graph: loops unrolled, blocks expanded, shapes and costs worked out.

Everything is bounded: the number of steps, of nodes and of nested blocks.
"""

from collections.abc import Mapping

from archlens.errors import ExpressionError, SpecError, UsageError, nearest
from archlens.graph import Graph
from archlens.ops import Identity, Input, Op
from archlens.spec.evaluation import Evaluation
from archlens.spec.expressions import Expression, Names
from archlens.spec.item_parser import UnusableError, signature
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
    Spec,
    Tap,
    Use,
)
from archlens.spec.naming import RefusalError, Scope
from archlens.spec.read import Value
from archlens.spec.settings import INPUT, is_input
from archlens.spec.values import show
from archlens.spec.vocabulary import CALLABLE, SIGNATURES, mismatch
from archlens.spec.wiring import MAX_NODES, Wires, pieces, wired

__all__ = ["lower"]

MAX_BLOCKS = 32


def lower(
    spec: Spec, model: str, settings: Mapping[str, Value], *, batch: int = 1, wires: Wires = wired
) -> Graph:
    """The graph of a spec under the given settings, which hold a value for each of the spec's.

    model     what the graph is called
    settings  values by name, `input` among them: channels, height, width, without the batch
    batch     images at once, the first axis of every shape
    wires     makes what nodes are added to, from what tells the line of the item at hand

    Raises a SpecError with the line, the path and the values of the first thing that does not fit.
    Items that were reported as broken when the spec was parsed raise an empty SpecError. Raises a
    UsageError for a batch or an input that is none.
    """
    if type(batch) is not int or batch < 1:
        raise UsageError(f"batch={show(batch)}: expected a positive integer")
    if not is_input(settings["input"]):
        raise UsageError(f"input={show(settings['input'])}: expected {INPUT}")
    lowering = _Lowering(spec, wires)
    try:
        return lowering.graph(model, settings, batch)
    except UnusableError:
        raise SpecError([]) from None
    except RecursionError:
        raise SpecError(
            [lowering.problem("", "is nested too deep: lists in lists, or blocks in blocks")]
        ) from None


class _Lowering(Evaluation):
    """One network on its way from items to nodes."""

    def __init__(self, spec: Spec, wires: Wires) -> None:
        super().__init__(spec, wires)
        self.taps: dict[str, int] = {}
        self.calls: dict[str, Block] = {}
        self.names: Names = {}
        self.parts: set[str] = set()

    def graph(self, model: str, settings: Mapping[str, Value], batch: int) -> Graph:
        scope = Scope("")
        self.names = {name: value for name, value in settings.items() if name != "input"}
        try:
            shape = settings["input"]
            assert isinstance(shape, tuple)
            given = self.wiring.operator(Input, {"shape": (batch, *shape)}, "input")
            start = self.wiring.add(scope.take("input"), given, ())
            end = self.chain(self.spec.network, start, self.names, scope, fresh=False)
            if unknown := self.spec.replaced.keys() - self.parts:
                path = sorted(unknown)[0]
                hint = nearest(path, self.parts)
                self.line, self.file = self.spec.replaced[path].line, self.spec.replaced[path].file
                raise RefusalError(f"replace: no part of the network is called {path}{hint}")
            if end == start:
                raise RefusalError("the network has no operators: its input is its output")
        except RefusalError as refusal:
            raise SpecError([self.problem(refusal.what, refusal.message)]) from refusal
        return Graph(model, self.spec.family, tuple(self.wiring.nodes), self.wiring.outputs(start, end))

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
            at = self.item(item, at, names, scope, fresh)
        return at

    def item(self, item: Item, at: int, names: Names, scope: Scope, fresh: bool) -> int:
        match item:
            case Call(target=target, arguments=arguments, name=name):
                return self.call(target, arguments, name, at, names, scope, fresh)
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
                inside = Scope(scope.path(scope.named(self.text(name, at, names, scope))))
                return self.part(body, at, names, inside)
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
            at = self.part(item.body, at, inner, Scope(scope.path(name)))
        return at

    def part(self, body: Chain, at: int, names: Names, scope: Scope) -> int:
        """A named part of the network, or what stands in its place."""
        other = self.spec.replaced.get(scope.prefix)
        self.parts.add(scope.prefix)
        if other is None:
            return self.chain(body, at, names, scope, fresh=True)
        line, file = self.line, self.file
        self.file = other.file
        at = self.chain(other.body, at, self.names, scope, fresh=True)
        self.line, self.file = line, file
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
        known = {*CALLABLE, *self.spec.blocks}
        if not isinstance(wanted, str) or wanted not in known:
            hint = nearest(wanted, known) if isinstance(wanted, str) else ""
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
        path = scope.path(scope.numbered(item.join.kind))
        return self.wiring.add(path, self.wiring.operator(item.join, {}, path), ends)

    def split(self, split: Expression, branches: int, at: int, names: Names, scope: Scope) -> tuple[int, ...]:
        """One node a branch: equal parts of the channels, or parts of the sizes in a list."""
        value = self.value(split, at, names, scope, "split")
        kind, parts = pieces(value, branches, self.wiring.shape(at), scope.item("split"))
        ends = []
        for part in parts:
            path = scope.path(scope.numbered(kind.kind))
            ends.append(self.wiring.add(path, self.wiring.operator(kind, part, path), (at,)))
        return tuple(ends)

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
        kind = target if isinstance(target, str) else target.kind
        values: dict[str, Value] = {}
        shape = self.wiring.nodes[at].shape
        try:
            for key, expression in arguments:
                values[key] = expression.compiled(names, shape)
                self.steps += 1 + expression.operations
        except ExpressionError:
            self.value(expression, at, names, scope, kind, key)  # again, for a message with values
        given = scope.named(self.text(name, at, names, scope)) if name else None
        if isinstance(target, str):
            return self.expand(self.spec.blocks[target], values, given, at, scope, fresh)
        if target is Identity:
            return at
        path = scope.path(given or scope.numbered(kind))
        return self.wiring.add(path, self.wiring.operator(target, values, path), (at,))

    def expand(
        self, block: Block, values: dict[str, Value], given: str | None, at: int, scope: Scope, fresh: bool
    ) -> int:
        if block.name in self.calls:
            cycle = " → ".join((*self.calls, block.name))
            raise RefusalError(f"a block cannot contain itself: {cycle}", scope.item(block.name))
        if len(self.calls) >= MAX_BLOCKS:
            last = " → ".join([*self.calls][-3:])
            raise RefusalError(f"blocks in blocks, more than {MAX_BLOCKS} deep: … → {last}", scope.prefix)
        inner: dict[str, Value] = {} if block.shared else dict(self.names)
        for key, default in block.parameters:
            if key in values:
                inner[key] = values[key]
            elif default is not None:
                inner[key] = self.value(default, at, inner, scope, block.name, key)
        if given is not None:
            scope, fresh = Scope(scope.path(given)), True
        elif not fresh and not block.inline:
            scope, fresh = Scope(scope.path(scope.block(block.name))), True
        line, file, within_shared = self.line, self.file, self.within_shared
        self.within_shared = block.shared
        if not block.shared:
            self.file = block.file
        self.calls[block.name] = block
        opened = given is not None and bool(self.spec.replaced)
        if opened:
            at = self.part(block.body, at, inner, scope)
        else:
            at = self.chain(block.body, at, inner, scope, fresh=fresh)
        del self.calls[block.name]
        self.line, self.file, self.within_shared = line, file, within_shared
        return at
